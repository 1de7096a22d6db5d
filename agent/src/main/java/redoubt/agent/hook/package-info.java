/// The kernel's permission hook: reading what waits and telling the kernel the answer.
///
/// *What this room is:* the seam to the kernel and the threads that read from it. *Owns:* the
/// fanotify group, which file systems are marked, the descriptors of every waiting operation, the
/// one write that answers it, the deadman timers. *Never:* decides, hashes, parses content, opens a
/// file or writes a log on an answering thread. *Hands off to:* `decision`, through
/// [OperationHandler]. *Threads:* one platform thread per [HookLoop]; an operation is answered by
/// whichever thread first claims it, once. *Limits:* operations under way never exceed the spare
/// descriptors ([DescriptorBudget]). *Start reading at:* [HookLoop], then [Operation].
package redoubt.agent.hook;
