/// The scanner engine: file content against lists of digests and YARA rules.
///
/// *What this room is:* an engine in a process of its own, written with the kit like any vendor's.
/// *Owns:* its content (`spec/scanner-content.md`, `spec/hash-list.abnf`), lists and rules in
/// memory, the scanner's verdicts. *Never:* opens a file, uses the network, knows the agent. *Hands
/// off to:* `redoubt.engine.kit`, which speaks to the agent; `yara`, which binds the library.
/// *Threads:* content is immutable; [Scanner] may be called by several threads. *Limits:* 256 MiB
/// of content, 4,000,000 entries and 8 bytes of memory each in a list, 128 MiB of a file that rules
/// are held against, 192 MiB of all at a time. *Start reading at:* [Scanner], then
/// [ScanContentReader] and [RuleScan].
package redoubt.engine.scanner;
