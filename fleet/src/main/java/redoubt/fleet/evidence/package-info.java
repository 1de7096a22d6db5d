/// Whether hosts with an update fail more often than those without.
///
/// *What this room is:* arithmetic over counts. *Owns:* the anytime-valid log-rank test, the ages
/// at which treated hosts are compared, and exact bounds for shares seen in trials. *Never:* knows
/// a host, a clock or an update; decides. *Hands off to:* `rollout`, which halts on it;
/// `simulation`, which reports with it. *Threads:* none; one test belongs to one thread. *Limits:*
/// fixed arrays; evidence is kept as a logarithm, so no count overflows it. *Start reading at:*
/// [redoubt.fleet.evidence.SafeLogRank].
package redoubt.fleet.evidence;
