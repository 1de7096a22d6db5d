/// Files of repositories from HTTP and HTTPS addresses, for processes without privileges.
///
/// *What this room is:* the only place of the house that speaks to the network. *Owns:* how long a
/// mirror may take, how many redirects it may send. *Never:* trusts a byte, decides what is
/// fetched, follows an address from HTTPS to anything else, runs in the agent, which has a confined
/// program fetch for it. *Hands off to:* the client of core/tuf, which verifies. *Threads:* an
/// [HttpMirror] serves one thread at a time and has the JDK client's threads below it. *Limits:*
/// the caller's on bytes; three redirects; the times of [HttpPatience]. *Start reading at:*
/// [HttpMirror].
package redoubt.core.http;
