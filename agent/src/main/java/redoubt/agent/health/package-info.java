/// What the agent knows of its own state: counters, time, notices.
///
/// *What this room is:* the leaf that every other room of the agent reports to. *Owns:* the
/// counters behind `status` and metrics, the time seam, the notice outlet. *Never:* decides
/// anything, blocks, or calls back into another room. *Hands off to:* `control`, which shows the
/// counters, and `journal`, which writes the notices. *Threads:* everything here may be used by any
/// thread; nothing blocks or allocates on the answer path. *Limits:* the set of counters is fixed
/// at compile time. *Start reading at:* [Counter].
package redoubt.agent.health;
