/// This host as one of a fleet.
///
/// *What this room is:* what a host believes of its fleet's server: leases, and no more. *Owns:*
/// the leases that were asked for, the counter of the newest that was taken. *Never:* speaks to a
/// network, activates anything. *Hands off to:* the desk that brings content into force. *Threads:*
/// everything is safe for use by any thread. *Limits:* 64 requests at a time; the oldest goes
/// first. *Start reading at:* [LeaseBook].
package redoubt.agent.fleet;
