/// The owner's word: what no engine may deny.
///
/// *What this room is:* two snapshots that decisions consult, and the code that builds them.
/// [ProtectedSet] holds the files without which a host cannot be repaired; [Exceptions] holds what
/// the owner excepted from an engine's DENY. *Owns:* the list of critical packages, the form and
/// the safety rules of `exceptions.json`, its last good copy. *Never:* answers an event, asks an
/// engine, keeps a clock of its own, starts a child process after the hooks are open. *Hands off
/// to:* the decision room, which asks both snapshots; the command line, which edits the exceptions
/// with the same code, whether an agent runs or not. *Threads:* snapshots are immutable and safe
/// for every thread; their builders are for one thread off the answer path. *Limits:* 200,000
/// protected files, 4,096 exceptions, a file of 4 MiB. *Start reading at:*
/// [ProtectedSet#contains(long, long, long)] and [Exceptions#find].
package redoubt.agent.policy;
