/// Scans: files are looked at because somebody asked or has written them, not because somebody
/// executes or opens them.
///
/// *What this room is:* the desk at which open files are handed in, the memory of contents in which
/// nothing was found, and who hears of files that were written. *Owns:* the class SCAN of events.
/// *Never:* opens a file by a name of somebody else's, walks a directory, answers the kernel or
/// holds a process up; a writer who wants a file that is looked at gets it at once. *Hands off to:*
/// the engines, through the same questions as for other events; findings go to the journal.
/// *Threads:* one for written files, if they are to be scanned; each other scan is one
/// conversation's; engines' threads bring the answers. *Limits:* see [ScanDesk] and [WrittenFiles].
/// *Start reading at:* [ScanDesk].
package redoubt.agent.scan;
