/// This host as one of a fleet.
///
/// *What this room is:* the agent's side of its fleet's server: joins, keeps the connection up, and
/// tells what the agent writes down; leases. *Owns:* the membership with the host's key, how far
/// the server has acknowledged the journal, the leases that were asked for and the counter of the
/// newest that was taken. *Never:* speaks to a network or reads a certificate, which its courier
/// does; believes what that says before it has read it; activates anything. *Hands off to:* the
/// courier; the desk that brings content into force. *Threads:* one for the connection, and one
/// that sends while it stands; none on a host of no fleet. *Limits:* 1,024 records on their way; 64
/// requests for leases at a time, of which the oldest goes first; connections are tried again after
/// 5 seconds to 5 minutes. *Start reading at:* [FleetDesk], then [FleetLink].
package redoubt.agent.fleet;
