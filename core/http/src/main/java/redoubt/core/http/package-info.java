/// Files of repositories from HTTP and HTTPS addresses, and questions to a fleet's server, for
/// processes without privileges.
///
/// *What this room is:* where the command line speaks to the network. *Owns:* how long a mirror may
/// take, how many redirects it may send, whom a [TokenClient] takes for its server. *Never:* trusts
/// a byte, decides what is fetched, follows an address from HTTPS to anything else, runs in the
/// agent, which has a confined program fetch for it. *Hands off to:* the client of core/tuf, which
/// verifies; the command, which shows. *Threads:* an [HttpMirror] serves one thread at a time, a
/// [TokenClient] any; both have the JDK client's threads below them. *Limits:* the caller's on
/// bytes; three redirects; the times of [HttpPatience]; 32 MiB for an answer. *Start reading at:*
/// [HttpMirror].
package redoubt.core.http;
