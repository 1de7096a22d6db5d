/// The steps of which durable changes of a directory are made.
///
/// *What this room is:* the seam between whoever keeps state on disk and the disk, so that tests
/// can cut the power after each step; and what deletes a directory. *Owns:* what is synced and when
/// a name changes. *Never:* knows what is in a file. *Hands off to:* the kernel. *Threads:*
/// stateless. *Limits:* none of its own. *Start reading at:* [DiskSteps].
package redoubt.core.disk;
