/// What is inside archives and compressed files.
///
/// *What this room is:* the unpacking of a content in memory, by Apache Commons Compress. *Owns:*
/// the budget of it. *Never:* writes a file, uses a name from an archive for anything but people,
/// judges. *Hands off to:* a visitor, member by member. *Threads:* each unpacking is one thread's.
/// *Limits:* see [UnpackBudget]. *Start reading at:* [Unpacker].
@org.jspecify.annotations.NullMarked
package redoubt.engine.scanner.archive;
