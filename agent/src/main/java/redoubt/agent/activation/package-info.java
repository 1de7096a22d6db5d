/// What becomes of a bundle on this host, from its offer to its being the good one.
///
/// *What this room is:* does what `core.content.life` says: has a bundle admitted and tried, has an
/// engine judge with it, watches it on probation, takes it back. *Owns:* the lives of this host's
/// engines while the agent runs, the figures that end a trial or a probation. *Never:* looks into
/// content, verifies a signature, delays an operation: what judges now goes on until something else
/// does. *Hands off to:* the engine room, which hands over from one process to the next. *Threads:*
/// one for each bundle that is on its way; an engine's thread may ask what comes after a fault;
/// whatever is said is on disk first. *Limits:* 16 bundles on their way. *Start reading at:*
/// [ContentDesk].
package redoubt.agent.activation;
