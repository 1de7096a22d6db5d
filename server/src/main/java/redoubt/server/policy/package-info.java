/// What the owner of the fleet wants to count on its hosts.
///
/// *What this room is:* tells hosts what may run there whatever engines say, and hears what of it
/// counts. *Owns:* when a host is told. *Never:* decides what counts on a host, which that does.
/// *Hands off to:* the store, the plane. *Threads:* those of hosts and requests. *Limits:* 128
/// exceptions. *Start reading at:* [PolicyDesk].
package redoubt.server.policy;
