/// Addresses that this host does not talk to, by lists of its owner's.
///
/// *What this room is:* how such a list is read, and its table in the kernel's packet filter.
/// *Owns:* what may be on a list, the owner's exceptions, for how long the kernel holds an address
/// without hearing from us. *Never:* blocks what the host lives on, touches another table, sees a
/// packet, leaves addresses blocked for good when nobody is there any more. *Hands off to:*
/// `netfilter`. *Threads:* the caller's. *Limits:* see [AddressList] and [AddressBlocking]. *Start
/// reading at:* [AddressBlocking].
package redoubt.agent.blocklist;
