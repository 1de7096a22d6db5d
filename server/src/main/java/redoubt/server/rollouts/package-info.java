/// The rollouts that this server drives.
///
/// *What this room is:* what stands between hosts and the controller of each rollout: tells it what
/// hosts say and that time passes, and does what it commands. *Owns:* the order of the journal, the
/// numbers that hosts drew for requests that are open. *Never:* decides who gets an update; acts on
/// what is not written down. *Hands off to:* `redoubt.fleet.rollout`, which decides; the store; the
/// plane, which delivers. *Threads:* one turns, four times a second; all others hand in or ask.
/// *Limits:* 100,000 messages wait for it, whoever sends more waits; 60 messages of a kind of one
/// host in a minute are heard. *Start reading at:* [RolloutDesk].
package redoubt.server.rollouts;
