/// The ransomware engine: who makes many files unreadable, or touches a canary.
///
/// *What this room is:* an engine in a process of its own, written with the kit like any vendor's.
/// *Owns:* what counts as a file that was lost, and how many of them are too many. *Never:* opens a
/// file, stops a process: it says whom it means, and its owner has granted what is done, or not.
/// *Hands off to:* `redoubt.engine.kit`, which speaks to the agent. *Threads:* content is loaded on
/// one thread, events come on another; [Watch] belongs to that one. *Limits:* 1 MiB and 4,096 lines
/// of content; 4,096 processes and 1,024 files that are waited for. *Start reading at:*
/// [Ransomware].
package redoubt.engine.ransomware;
