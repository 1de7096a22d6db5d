/// The seal: what the files of this installation were when its owner last vouched for them.
///
/// *What this room is:* the digests of the agent's and its engines' files, signed with the owner's
/// key, the immutable flags that go with them, and the passphrase that the owner wants to be asked
/// for. *Owns:* `seal/` of the state directory and the file `sealed` of the installation. *Never:*
/// keeps the agent from protecting the host, touches a file that a package manager looks after,
/// keeps a passphrase. *Hands off to:* the agent, which starts no engine whose files are not what
/// was sealed, and says so; the command line. *Threads:* see each class; a check reads every sealed
/// file and is for no thread that somebody waits for. *Limits:* files, sizes and text lengths, see
/// [DigestList] and [SealJson]. *Start reading at:* [SealedInstallation].
package redoubt.agent.seal;
