/// The native room: what the agent, the engine kit and the tools ask of the Linux kernel.
///
/// *What this room is:* one file per kernel interface, each a typed object over raw system calls.
/// *Owns:* system call numbers and struct layouts (x86-64 and AArch64, little endian), descriptors
/// handed out by the kernel until the caller takes them over, the kernel's spelling of constants.
/// *Never:* decides anything, logs, retries what only the caller can judge, or lets a
/// `MemorySegment` out (bulk data into a caller's own segment is the exception). *Hands off to:*
/// nobody; it is the bottom of the house. *Threads:* every type says whether threads may share it.
/// Calls block in the kernel, so threads that wait here are platform threads. *Errors:* hot-path
/// calls return `int`, negative [Errno] values on failure, and allocate nothing; set-up calls throw
/// [LinuxException]. An absent kernel feature is an answer. *Limits:* each reader and buffer takes
/// its size at construction and never grows past it. *Start reading at:* [FanotifyGroup], then
/// `SystemCall`, the one place that leaves Java.
package redoubt.core.linux;
