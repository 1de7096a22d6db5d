/// Where files of a repository come from: a directory, an HTTP(S) address.
///
/// *What this room is:* the only place of the house that speaks to the network, and the one way to
/// get a repository's file by its name. *Owns:* how names become paths and addresses, how long a
/// mirror may take, how much it may send. *Never:* trusts a byte, decides what is fetched, follows
/// an address from HTTPS to anything else. *Hands off to:* the client package, which verifies.
/// *Threads:* a [Mirror] serves one thread at a time; an [HttpMirror] has the JDK client's threads
/// below it. *Limits:* the caller's on bytes; three redirects; the times of [HttpPatience]. *Start
/// reading at:* [Mirror].
package redoubt.core.tuf.mirror;
