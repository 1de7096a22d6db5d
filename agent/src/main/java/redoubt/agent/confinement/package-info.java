/// How a process of an engine is started, confined and ended.
///
/// *What this room is:* the walls. Whoever runs an engine, to serve this host or to be tried, runs
/// it through here. *Owns:* the spawner's pipe, the view and the rights of an engine's process, its
/// control groups, its socket, what it prints. *Never:* speaks the engine protocol, decides when an
/// engine runs or what it may, forks. *Hands off to:* `engine` and `admission`, as a connected
/// [ConfinedEngine]. *Threads:* whoever runs the engine; one of its own for each engine's output.
/// *Limits:* memory, processors, processes and descriptors of an engine are those of its manifest;
/// of what it prints, 64 KiB in ten seconds are passed on. *Start reading at:* [ConfinedEngine],
/// then [EngineSandbox].
package redoubt.agent.confinement;
