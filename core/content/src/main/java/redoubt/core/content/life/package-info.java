/// The life of a bundle on one host: from the moment that it is there to last known good.
///
/// *What this room is:* a state and what may become of it ([Life], without effects), and the folder
/// in which it outlives power cuts ([LifeStore]). *Owns:* which release of an engine's content is
/// in force, which one it falls back to, what is never taken again. *Never:* tries a bundle,
/// watches an engine, verifies a signature, reads a clock: whoever does tells what came of it.
/// *Hands off to:* the agent, which does what [Life#active] says. *Threads:* a [Life] is immutable;
/// a [LifeStore] is for one thread of one process at a time. *Limits:* 64 refusals, 64 names of
/// content, 64 KiB of state. *Start reading at:* [Life].
package redoubt.core.content.life;
