/// The owner's JSON files, read without guessing.
///
/// *What this room is:* what the readers of such files have in common. *Owns:* limits and errors of
/// their parsers. *Never:* knows what a file is about. *Hands off to:* `policy` and `registry`,
/// which do. *Threads:* any. *Limits:* five levels, and the bytes and characters that each reader
/// names. *Start reading at:* [StrictJson].
package redoubt.agent.json;
