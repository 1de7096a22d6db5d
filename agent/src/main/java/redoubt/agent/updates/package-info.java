/// The owner's word on which updates of content this host takes by itself.
///
/// *What this room is:* for each engine what to follow, how far behind, when, pinned or frozen.
/// *Owns:* `updates.json` in the state directory, which commands write and the agent reads at every
/// look. *Never:* looks for anything, or takes an older word for a broken one. *Hands off to:* the
/// supply, which chooses by it. *Threads:* records are immutable; any thread and process may read,
/// those that write take turns. *Limits:* 64 engines, 16 windows and channels each. *Start reading
/// at:* [UpdatePolicy].
package redoubt.agent.updates;
