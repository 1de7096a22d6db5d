/// The program: reads its options, builds the object graph by hand, starts and stops it.
///
/// *What this room is:* the one place where the agent's parts are put together. *Owns:* options,
/// directories, the order of starting and stopping, the rescue switch. *Never:* holds state that a
/// part could hold; forks after a hook is open. *Hands off to:* every other package of the agent.
/// *Threads:* the main thread starts everything, then waits; a shutdown hook stops. *Limits:* being
/// stopped takes at most five seconds, then the kernel ends the process. *Start reading at:*
/// [Main], then [Agent].
package redoubt.agent;
