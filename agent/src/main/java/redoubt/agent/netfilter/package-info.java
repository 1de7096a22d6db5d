/// The kernel's packet filter, which this host's rules are handed to.
///
/// *What this room is:* one way to `nft(8)` and what every table of ours has to know of this host.
/// *Owns:* how rules get into the kernel in one step, how long that may take, how what is said
/// about it is read. *Never:* decides what a rule says, touches a table by itself, sees a packet.
/// *Hands off to:* `nft(8)`. *Threads:* the caller's. *Limits:* see [PacketFilter]. *Start reading
/// at:* [PacketFilter].
package redoubt.agent.netfilter;
