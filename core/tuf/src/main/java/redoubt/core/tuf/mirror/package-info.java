/// Where files of a repository come from.
///
/// *What this room is:* the one way to get a repository's file by its name, and the way to a
/// directory that has them. *Owns:* how names become paths and addresses. *Never:* trusts a byte,
/// decides what is fetched, speaks to the network: `redoubt.core.http` and the agent's courier do.
/// *Hands off to:* the client package, which verifies. *Threads:* a [Mirror] serves one thread at a
/// time. *Limits:* the caller's on bytes. *Start reading at:* [Mirror].
package redoubt.core.tuf.mirror;
