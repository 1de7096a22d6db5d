/// Network isolation: this host talks to nobody but those whom its owner names, for a while.
///
/// *What this room is:* the rules for the kernel's packet filter, in a table of their own. *Owns:*
/// what they say, how they come into force in one step, when they end. *Never:* decides that a host
/// is isolated, touches another table, sees a packet, leaves a host cut off when nobody is there
/// any more: the kernel itself ends it. *Hands off to:* `nft(8)`. *Threads:* the caller's.
/// *Limits:* see [NetworkIsolation] and [Peer]. *Start reading at:* [NetworkIsolation].
package redoubt.agent.isolation;
