/// The journal: what happened on this host, one OCSF JSON line each, kept within a bound.
///
/// *What this room is:* the way of a record from the thread that made it to a file, and back to a
/// reader. *Owns:* the queue of records, the writer thread, the files under `journal/`, their
/// rotation and retention, their text form (`spec/ocsf/`), the chain of lines, the count of what
/// was lost. *Never:* makes a producer wait, throws at a producer, loses a record without counting
/// it, parses what an engine sent. *Hands off to:* the command line, which reads the files.
/// *Threads:* any thread offers; one thread named `journal` formats and writes; readers are used by
/// one thread each, also in other processes. *Limits:* queue, line, file and total size, see
/// [JournalLimits]. *Start reading at:* [Journal], then [OcsfFormat].
package redoubt.agent.journal;
