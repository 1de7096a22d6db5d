/// Who asks: identities of processes, the agent's own and everybody else's.
///
/// *What this room is:* what the agent knows about processes. *Owns:* the set of its own processes,
/// and the fixed memory of which program each process runs. *Never:* reads `/proc` on an answering
/// thread, or trusts a process id alone. *Hands off to:* `hook`, which answers our own processes
/// first; `decision`, which records actors. *Threads:* each type says. *Limits:*
/// [ProcessImages#CAPACITY] processes are remembered. *Start reading at:* [SelfProcesses].
package redoubt.agent.process;
