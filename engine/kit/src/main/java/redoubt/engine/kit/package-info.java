/// The engine kit: a detection engine in three methods.
///
/// *What this room is:* what a vendor writes against in Java; `spec/engine-protocol.md` is what it
/// speaks, and what a vendor in any other language reads. *Owns:* the connection to the agent, the
/// serve loop, credits, deadlines, sequence numbers, the life of every descriptor. *Never:*
/// detection logic, verdicts of its own, logging frameworks, files opened by name, network. *Hands
/// off to:* the vendor's [Engine]. *Threads:* one receives; a few platform threads call
/// [Engine#judge] concurrently; one calls [Engine#load] while the others go on judging. *Limits:*
/// 128 events at a time, one content at a time. *Start reading at:* [Engine], then [EngineHost].
package redoubt.engine.kit;
