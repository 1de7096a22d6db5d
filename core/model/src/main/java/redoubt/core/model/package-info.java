/// The vocabulary: sealed types and records without behaviour of their own.
///
/// *What this room is:* the words of the design as Java types, one word per idea. *Owns:*
/// identities, event classes, verdicts, modes, decision records; their text forms. *Never:* I/O,
/// threads, clocks, protobuf, JSON, native calls; no dependency but annotations. *Hands off to:*
/// every other room. *Threads:* all types are immutable unless their own text says otherwise.
/// *Limits:* each text field names its longest length and refuses more. *Start reading at:*
/// [DecisionRecord], which uses most of the others.
package redoubt.core.model;
