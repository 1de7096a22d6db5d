/// The owner's word: what no engine may deny, and what is trusted; and what packages brought.
///
/// *What this room is:* snapshots that decisions consult, and the code that builds them.
/// [ProtectedSet] holds the files without which a host cannot be repaired; [Exceptions] holds what
/// the owner excepted from an engine's DENY, or trusts; [ShippedFiles] holds what packages say of
/// their files, and [FileOrigins] holds a file against all that. *Owns:* the list of critical
/// packages, the form and the safety rules of `exceptions.json` and `trust.json`, their last good
/// copies. *Never:* answers an event, asks an engine, keeps a clock of its own, starts a child
/// process after the hooks are open. *Hands off to:* the decision room and provenance, which ask;
/// the command line, which edits the lists with the same code, whether an agent runs or not.
/// *Threads:* snapshots are immutable and safe for every thread; their builders are for one thread
/// off the answer path. *Limits:* 200,000 protected files, 4,096 entries of each list in a file of
/// 4 MiB, 400,000 files of packages. *Start reading at:* [ProtectedSet#contains(long, long, long)],
/// [Exceptions#find] and [FileOrigins].
package redoubt.agent.policy;
