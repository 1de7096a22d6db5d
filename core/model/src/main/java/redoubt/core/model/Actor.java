package redoubt.core.model;

/// The process that asked for an operation, as the kernel described it while the operation waited.
///
/// At the moment of an exec the process still runs its old image, so [#imagePath] names the program
/// that called exec, not the one being started.
///
/// @param pid the process id (thread group id) in the agent's pid namespace; 0 for a process
///   outside it or a kernel thread
/// @param uniqueId the pidfd inode, never reused within a boot; 0 where the kernel has none
/// @param parentPid the parent's process id, -1 if unknown
/// @param uid the real user id, -1 if unknown
/// @param gid the real group id, -1 if unknown
/// @param effectiveUid the effective user id, -1 if unknown
/// @param cgroupId the cgroup's id in the unified hierarchy, 0 if unknown
/// @param imagePath the program that the process ran when it asked, empty if unknown
/// @param parentImagePath the program that the parent ran, empty if unknown
public record Actor(
    int pid,
    long uniqueId,
    int parentPid,
    int uid,
    int gid,
    int effectiveUid,
    long cgroupId,
    String imagePath,
    String parentImagePath) {}
