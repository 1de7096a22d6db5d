/// Who slowed this host: programs and files by how long others waited for their verdicts.
///
/// *What this room is:* the accounts behind `redoubt top`. *Owns:* the ranking of the latest two
/// minutes. *Never:* keeps a name for longer, grows with the number of names, sits on the way of an
/// answer. *Hands off to:* `redoubt.agent`, which feeds it decision records after the answer and
/// shows it over the control socket. *Threads:* any. *Limits:* [HotSpots#NAMES] names of each kind.
/// *Start reading at:* [HotSpots].
package redoubt.agent.account;
