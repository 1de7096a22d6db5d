/// Makes releases of the platform ready to run, and tries them.
///
/// *What this room is:* has the installation's `redoubt-slot` unpack a release, write its start-up
/// caches and let it protect a file system of its own: for the agent, and for whoever tries one
/// before it is signed. *Owns:* what is told of that program and what its answers mean. *Never:*
/// reads what is in a release, or says which one runs. *Hands off to:* the spawner. *Threads:* the
/// caller's, for minutes. *Limits:* twenty minutes to make one ready, five to try it. *Start
/// reading at:* [SlotMaker].
package redoubt.agent.slot;
