/// Windows event logs in their binary form, EVTX.
///
/// *What this room is:* reads records straight into events, without XML between. *Owns:* the layout
/// of files, chunks, records, binary XML and its values. *Never:* trusts a length or an offset;
/// keeps more than one chunk in memory. *Hands off to:* `replay`, record by record. *Threads:*
/// none; a reader belongs to one thread. *Limits:* chunks of 64 KiB, XML nested 32 deep, 4,096
/// fields a template. *Start reading at:* [EvtxRecords], then [TemplateCompiler].
///
/// Source: Microsoft, \[MS-EVEN6\] 2.2.12 (binary XML); J. Metz, "Windows XML Event Log (EVTX)
/// format", for files and chunks.
package redoubt.engine.sigma.evtx;
