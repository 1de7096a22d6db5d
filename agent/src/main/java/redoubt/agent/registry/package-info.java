/// The owner's register of engines: which there are, what each asks for, what each may.
///
/// *What this room is:* the files by which an owner adds an engine and grants it rights, and their
/// meaning. *Owns:* manifests, the form of `grants.json` and its last good copy. *Never:* starts an
/// engine, talks to one, gives a right that its manifest does not ask for. *Hands off to:* the
/// engine room, which keeps engines to their rights; the command line, which edits the register
/// with the same code, whether an agent runs or not. *Threads:* values are immutable; files are for
/// one thread at a time in each process, several processes at once. *Limits:* 64 KiB a manifest,
/// 256 KiB of grants. *Start reading at:* [Register], then [EngineRights].
package redoubt.agent.registry;
