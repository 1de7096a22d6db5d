/// Provenance: where the file of an operation comes from, and for whom it is used.
///
/// *What this room is:* what engines that judge by origin are told and could never find out in
/// their sandbox: whether only root can have put a file there, which package brought it and whether
/// it is still what the package brought, whether the owner trusts it, whether a package manager is
/// at work, and which argument of a command names it. *Owns:* the bounds of what is looked for
/// while an operation waits. *Never:* judges; waits for the asking process or for a file system of
/// somebody else's, which may never answer: what could hang is done aside and given up on. *Hands
/// off to:* decisions, which ask before they ask such an engine. *Threads:* examiners ask; at most
/// [AsideReader#MOST] threads look aside. *Limits:* a digest ends with the operation's deadline;
/// [PackageManagers#MOST_LEVELS] parents; [CommandOperands#MOST_ARGUMENTS] arguments. *Start
/// reading at:* [Provenances].
package redoubt.agent.provenance;
