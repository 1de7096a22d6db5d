/// Our TUF client as the public conformance suite drives clients, and a mirror on this machine.
///
/// *What this room is:* the command-line protocol of that suite over the client of `core/tuf`.
/// *Owns:* its options and exit statuses, and the names of downloaded files. *Never:* runs on a
/// host. *Hands off to:* `redoubt.core.tuf`. *Threads:* one. *Limits:* the client's own. *Start
/// reading at:* [redoubt.testing.testkit.tuf.TufClient].
package redoubt.testing.testkit.tuf;
