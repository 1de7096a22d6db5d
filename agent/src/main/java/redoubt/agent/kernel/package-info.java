/// What runs in the kernel and did not come with it.
///
/// *What this room is:* a look at this host's kernel: its modules with the file and package of
/// each, its eBPF programs with who loaded and who holds them, its taint, and who may still bring
/// more. *Owns:* the readers of `/proc/modules`, of depmod's lists and of a module's signature, and
/// the rules by which something counts as third-party. *Never:* loads, unloads or changes anything;
/// takes what a module's file contains for more than it is, a claim; says that a kernel is clean: a
/// kernel that lies cannot be looked through from user mode. *Hands off to:* the command line,
/// which prints a [KernelReport]. *Threads:* one, for as long as a look takes: it reads whole trees
/// of `/proc` and the package database, so it is for no thread that somebody waits for. *Limits:*
/// 4,096 modules, 65,536 files of modules, 16 MiB of each list, 10,000 programs and links, a
/// million descriptors. *Start reading at:* [KernelInventory#look].
package redoubt.agent.kernel;
