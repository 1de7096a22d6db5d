/// Scans: files are looked at because somebody asked, not because somebody executes or opens them.
///
/// *What this room is:* the desk at which open files are handed in, and the memory of contents in
/// which nothing was found. *Owns:* the class SCAN of events. *Never:* opens a file by a name of
/// somebody else's, walks a directory, answers the kernel or holds a process up; a writer who wants
/// a file that is looked at gets it at once. *Hands off to:* the engines, through the same
/// questions as for other events; findings go to the journal. *Threads:* each scan is one
/// conversation's; engines' threads bring the answers. *Limits:* see [ScanDesk]. *Start reading
/// at:* [ScanDesk].
package redoubt.agent.scan;
