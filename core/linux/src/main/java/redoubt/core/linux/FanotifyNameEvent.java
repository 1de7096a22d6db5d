package redoubt.core.linux;

import java.util.Optional;

/// An event of a group from [FanotifyGroup#openNames(boolean)].
///
/// @param mask its `FAN_` bits; several operations of one process on one object may be one event
/// @param pid the process that caused it, in our pid namespace; 0 if it has no number there
/// @param pidfd a descriptor of that process, which the caller closes; -1 if it is gone or the
///   group reports none
/// @param directory where it happened; of a rename, where the name was before; empty for
///   [FanotifyGroup#FAN_Q_OVERFLOW]
/// @param name the name in that directory, `.` for the directory itself, empty if unknown
/// @param target the object itself, where the kernel names it
/// @param newDirectory of a rename, where the name is now
/// @param newName of a rename, the name now; otherwise empty
public record FanotifyNameEvent(
    long mask,
    int pid,
    int pidfd,
    Optional<FileHandle> directory,
    String name,
    Optional<FileHandle> target,
    Optional<FileHandle> newDirectory,
    String newName) {}
