package redoubt.core.linux;

/// A process that keeps an eBPF program in the kernel by an open descriptor of it or of its link.
///
/// @param programId the program
/// @param pid the process
/// @param comm its short name, empty if it has ended meanwhile
/// @param executable the path of what it runs, empty if it may not be looked at or has ended
public record BpfHolder(int programId, int pid, String comm, String executable) {}
