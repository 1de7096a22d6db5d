/// Metadata of The Update Framework: what it says, read strictly, and who signed it.
///
/// *What this room is:* the model of specification 1.0 (its section 4) as records, the reader that
/// makes them from bytes, the canonical form over which signatures are made, and the count of
/// signatures. *Owns:* the forms, the limits, the kinds of keys. *Never:* reads a file, asks a
/// mirror or a clock; takes a key id for more than a name; writes metadata again that it received.
/// *Hands off to:* the client package, which walks section 5 of the specification; the signing
/// package, which makes such metadata; the policy package, which asks for more than TUF does.
/// *Threads:* values are immutable. *Limits:* those of [Limits]; JSON 32 levels deep, texts of 128
/// KiB, 1,024 keys and signatures a role. *Start reading at:* [Metadata#parse] and
/// [RoleKeys#require].
package redoubt.core.tuf;
