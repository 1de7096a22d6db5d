/// Recordings, run through rules.
///
/// *What this room is:* reads recordings record by record and reports what rules find in them.
/// *Owns:* the kinds of recording, what happens to a record that cannot be read. *Never:* keeps a
/// recording in memory; needs a privilege or a running agent. *Hands off to:* its listener.
/// *Threads:* none; a [Replay] belongs to one thread. *Limits:* 16 MiB a record. *Start reading
/// at:* [Replay].
package redoubt.engine.sigma.replay;
