/// Many texts sought in one value at once, capitals aside.
///
/// *What this room is:* the search that rules and filters of events stand on. *Owns:* how texts are
/// folded, and the index of them by their rarest group of bytes. *Never:* knows what an event, a
/// field or a rule is. *Hands off to:* whoever asks, by the numbers of what was found. *Threads:*
/// an index is immutable. *Limits:* its callers bound texts and values. *Start reading at:*
/// [LiteralIndex].
package redoubt.core.search;
