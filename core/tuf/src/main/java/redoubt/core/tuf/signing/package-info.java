/// The repository's side of The Update Framework: what is to be signed, by whom, and how it reaches
/// the mirrors.
///
/// *What this room is:* drafts of metadata; a ceremony of files for keys that are never on a
/// machine with a network; a directory that is published to step by step, so that no client ever
/// sees half of a change; a linter for what TUF allows and we do not. *Owns:* key files, the form
/// of a ceremony, the order of publication. *Never:* keeps a passphrase, publishes what its own
/// client would not take, or a version twice. *Hands off to:* mirrors, which are copies of the
/// directory. *Threads:* one at a time; a lock file keeps other processes out of a directory that
/// is being published to. *Limits:* those of clients. *Start reading at:* [Ceremony] and
/// [PublishedRepository].
package redoubt.core.tuf.signing;
