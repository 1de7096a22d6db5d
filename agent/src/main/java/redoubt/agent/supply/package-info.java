/// Bundles from the repositories that this host's owner trusts.
///
/// *What this room is:* the way from a target's name to a file that its vendor and a trial runner
/// vouch for, and the look for updates that the owner follows. *Owns:* the confined program that
/// fetches from addresses, one process for each file; what was seen of each repository, below
/// `supply/` of the state directory; what is chosen of what is published. *Never:* has a connection
/// itself; parses metadata before its signatures hold; takes what has expired, or is older than
/// what this host has seen; tries anything itself. *Hands off to:* the content desk, which tries
/// the file. *Threads:* whoever asks waits, one at a time; looks have a thread of their own.
/// *Limits:* those of [Supply] on metadata, for the agent's small heap; the times of
/// [Courier.Patience]; a look every hour. *Start reading at:* [Supply] and [UpdateChoice].
package redoubt.agent.supply;
