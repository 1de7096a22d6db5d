/// Sigma rules: from files to what they find.
///
/// *What this room is:* the detection engine for rules of the Sigma specification 2.1.0, without
/// what runs it: `redoubt replay` does so with recordings. *Owns:* which files are rules, and which
/// rules stand twice. *Never:* uses the network, knows the agent, needs a privilege. *Hands off
/// to:* `rule` (what a rule says), `pipeline` (what owners change of it), `event` (what an event
/// is), `evtx` (Windows event logs), `match` (which rules an event matches), `correlation` (several
/// matches), `replay` (recordings). *Threads:* none of its own; what is loaded is immutable, each
/// thread that matches has a matcher and an event of its own. *Limits:* 4 MiB a rule file; those of
/// the parts. *Start reading at:* [redoubt.engine.sigma.replay.Replay], which puts the parts
/// together.
package redoubt.engine.sigma;
