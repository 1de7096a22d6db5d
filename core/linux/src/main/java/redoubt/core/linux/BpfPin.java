package redoubt.core.linux;

/// A name in a BPF file system that keeps an eBPF program, or its link, in the kernel without any
/// process.
///
/// @param programId the program
/// @param path the name, as this process's mount namespace has it
public record BpfPin(int programId, String path) {}
