package redoubt.core.model;

import java.util.List;

/// A process as it was when something happened to it.
///
/// @param pid the process id (thread group id) in the agent's pid namespace; 0 if the process is
///   not known
/// @param uniqueId the pidfd inode, never reused within a boot; 0 if unknown
/// @param parentPid the id of the process that made it, -1 if unknown
/// @param credentials whose rights it has
/// @param cgroupId the cgroup's id in the unified hierarchy, 0 if unknown
/// @param user the real user's name, empty if unknown
/// @param image the path of the program that it runs, as the agent sees it; empty if unknown; ends
///   in ` (deleted)` for a deleted file, begins with `/memfd:` for one that lives only in memory
/// @param arguments its arguments, the program's own name first; empty if unknown. A process can
///   overwrite them
/// @param argumentsCut whether there are more or longer arguments than these
/// @param workingDirectory empty if unknown
/// @param container the container that it runs in, by the id that its runtime gave; empty if it
///   runs in none that is known
public record ProcessInfo(
    int pid,
    long uniqueId,
    int parentPid,
    Credentials credentials,
    long cgroupId,
    String user,
    String image,
    List<String> arguments,
    boolean argumentsCut,
    String workingDirectory,
    String container) {
  /// A process of which nothing is known.
  public static final ProcessInfo UNKNOWN =
      new ProcessInfo(0, 0, -1, Credentials.UNKNOWN, 0, "", "", List.of(), false, "", "");

  public ProcessInfo {
    arguments = List.copyOf(arguments);
  }

  /// Another process that is like this one in all but its numbers, as after a fork.
  public ProcessInfo forkedAs(int child, int parent) {
    return new ProcessInfo(
        child,
        0,
        parent,
        credentials,
        cgroupId,
        user,
        image,
        arguments,
        argumentsCut,
        workingDirectory,
        container);
  }

  /// The same process with only some of its arguments.
  public ProcessInfo withFirst(List<String> some) {
    return new ProcessInfo(
        pid,
        uniqueId,
        parentPid,
        credentials,
        cgroupId,
        user,
        image,
        some,
        argumentsCut || some.size() < arguments.size(),
        workingDirectory,
        container);
  }

  /// The same process with another program.
  public ProcessInfo running(String program) {
    return new ProcessInfo(
        pid,
        uniqueId,
        parentPid,
        credentials,
        cgroupId,
        user,
        program,
        arguments,
        argumentsCut,
        workingDirectory,
        container);
  }

  /// The same process with the rights of somebody else.
  ///
  /// @param name the real user's
  public ProcessInfo with(Credentials now, String name) {
    return new ProcessInfo(
        pid,
        uniqueId,
        parentPid,
        now,
        cgroupId,
        name,
        image,
        arguments,
        argumentsCut,
        workingDirectory,
        container);
  }

  /// The arguments with blanks between them, as people write commands.
  public String commandLine() {
    return String.join(" ", arguments);
  }

  /// The real user's name, or number where it has none; empty if neither is known.
  public String userOrNumber() {
    int uid = credentials.uid();
    return !user.isEmpty() || uid == -1 ? user : Integer.toUnsignedString(uid);
  }
}
