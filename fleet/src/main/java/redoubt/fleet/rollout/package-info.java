/// Which host may take an update, and when nobody may.
///
/// *What this room is:* the rollout controller, one bundle at a time: `step(event, now)` changes
/// the state in place and returns commands. *Owns:* leases, rings, the windows that bound how many
/// hosts can be hit, the health gate, freeze, halt and rollback. *Never:* reads a clock, starts a
/// thread, draws a random number, does I/O: the same events at the same times give the same state
/// and the same commands, so a journal of events is the whole truth. Never believes a silent host,
/// and never grants what it cannot watch. *Hands off to:* the fleet server, which delivers
/// commands; the simulator drives the same class; `evidence` does the arithmetic. *Threads:* none;
/// one rollout belongs to one thread at a time. *Limits:* 21 bytes for each host, in arrays; hosts
/// are numbered from 0 without gaps, kinds and sites below 65,536. *Start reading at:*
/// [redoubt.fleet.rollout.Rollout].
package redoubt.fleet.rollout;
