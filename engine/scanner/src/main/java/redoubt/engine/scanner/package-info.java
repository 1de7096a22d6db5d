/// The scanner engine: file content against lists of digests.
///
/// *What this room is:* an engine in a process of its own, written with the kit like any vendor's.
/// *Owns:* the hash-list format (`spec/hash-list.abnf`), the lists in memory, the scanner's
/// verdicts. *Never:* opens a file, uses the network, knows the agent. *Hands off to:*
/// `redoubt.engine.kit`, which speaks to the agent. *Threads:* a list is immutable; [Scanner] may
/// be called by several threads. *Limits:* 256 MiB and 4,000,000 entries a list, 4,096 bytes a
/// line; 8 bytes of memory an entry. *Start reading at:* [Scanner], then [HashList].
package redoubt.engine.scanner;
