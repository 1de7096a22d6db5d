/// The ClamAV engine: what clamd, a daemon of the owner's, says of a file.
///
/// *What this room is:* an engine in a process of its own, written with the kit like any vendor's.
/// *Owns:* the conversation with clamd, and what its answers are worth. *Never:* opens a file,
/// reads one, holds a signature, starts or stops clamd. *Hands off to:* `redoubt.engine.kit`, which
/// speaks to the agent and passes the file on. *Threads:* [ClamAv] may be called by several; one
/// more looks every five seconds whether clamd has other signatures. *Limits:* 4 KiB of an answer;
/// 10 s for a file that a process waits for, the event's own time for a scan. *Start reading at:*
/// [ClamAv].
package redoubt.engine.clamav;
