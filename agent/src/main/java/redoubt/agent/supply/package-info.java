/// Bundles from the repositories that this host's owner trusts.
///
/// *What this room is:* the way from a target's name to a file that its vendor and a trial runner
/// vouch for. *Owns:* the confined program that fetches from addresses, one process for each file;
/// what was seen of each repository, below `supply/` of the state directory. *Never:* has a
/// connection itself; parses metadata before its signatures hold; takes what has expired, or is
/// older than what this host has seen; brings anything into force. *Hands off to:* the content
/// desk, which tries the file. *Threads:* whoever asks waits; one at a time. *Limits:* those of
/// [Supply] on metadata, for the agent's small heap; the times of [Courier.Patience]. *Start
/// reading at:* [Supply].
package redoubt.agent.supply;
