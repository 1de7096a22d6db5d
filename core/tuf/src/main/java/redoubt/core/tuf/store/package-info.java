/// The metadata that a host trusts, on its disk.
///
/// *What this room is:* one directory for each trusted repository: `root.json`, the other roles'
/// files under their encoded names, and every root that was ever trusted in `root_history/`.
/// *Owns:* that a file appears or changes in one step and is on disk when the call returns, and
/// that it holds exactly the bytes that were received. *Never:* verifies; whoever reads does so,
/// each time. *Hands off to:* the client package. *Threads:* a [MetadataStore] is for one thread of
/// one process at a time. *Limits:* the reader's on bytes. *Start reading at:* [MetadataStore].
package redoubt.core.tuf.store;
