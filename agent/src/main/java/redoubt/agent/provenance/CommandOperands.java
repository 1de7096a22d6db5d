package redoubt.agent.provenance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import redoubt.core.linux.Descriptors;
import redoubt.core.linux.MountEntry;
import redoubt.core.linux.Mounts;
import redoubt.core.linux.ProcessArguments;

/// Finds the argument by which a command was told of a file, as an interpreter is told of its
/// script. Looks through the process's own root and working directory, so that links and mounts of
/// its own lead where they lead for it. For threads that may hang.
final class CommandOperands {
  /// The most arguments that are looked at.
  static final int MOST_ARGUMENTS = 32;

  private static final int MOST_BYTES = 16 * 1024;

  /// Of those that could name a file: each costs a look at the disk.
  private static final int MOST_OPERANDS = 4;

  /// What such a link leads to is read without a look at the disk.
  private static final Pattern KERNELS_LINK =
      Pattern.compile("/proc/[0-9]+/(?:cwd|exe|fd/[0-9]+)(?=/|$)");

  private CommandOperands() {}

  /// Which of the arguments that begin with no hyphen names the file.
  ///
  /// @param device the file's device as [Files#readAttributes] numbers it: `unix:dev`
  /// @param inode its inode number
  /// @return 1 for the first after the command's own name; 0 if none of the first few does
  static int find(int pid, long device, long inode) {
    List<String> operands =
        arguments(pid).stream()
            .skip(1)
            .filter(argument -> !argument.isEmpty() && !argument.startsWith("-"))
            .limit(MOST_OPERANDS)
            .toList();
    return operands.isEmpty() ? 0 : find(pid, operands, device, inode);
  }

  private static int find(int pid, List<String> operands, long device, long inode) {
    List<MountEntry> mounts;
    try {
      mounts = Mounts.read("/proc/" + pid + "/mountinfo");
    } catch (UncheckedIOException _) {
      return 0; // the process has ended, and what it named is nobody's business
    }
    for (int i = 0; i < operands.size(); i++) {
      if (leadsTo(pid, mounts, operands.get(i), device, inode)) {
        return i + 1;
      }
    }
    return 0;
  }

  private static List<String> arguments(int pid) {
    try (ProcessArguments reader = new ProcessArguments(MOST_BYTES, MOST_ARGUMENTS)) {
      return reader.load(pid) < 0 ? List.of() : reader.arguments();
    }
  }

  private static boolean leadsTo(
      int pid, List<MountEntry> mounts, String argument, long device, long inode) {
    try {
      if (mayNeverAnswer(pid, mounts, argument)) {
        return false; // no file of such a file system is judged
      }
      Map<String, Object> facts =
          Files.readAttributes(Path.of(asSeenFromHere(pid, argument)), "unix:dev,ino");
      return facts.get("ino") instanceof Long ino
          && ino == inode
          && facts.get("dev") instanceof Long dev
          && dev == device;
    } catch (IOException | InvalidPathException _) {
      return false;
    }
  }

  private static boolean mayNeverAnswer(int pid, List<MountEntry> mounts, String argument) {
    return Mounts.at(mounts, Path.of(placeOf(pid, asSeenFromHere(pid, argument))).normalize())
        .filter(MountEntry::isServed)
        .isPresent();
  }

  /// Where a path leads by the process's own mount table; only what the kernel itself knows is
  /// looked up for that.
  static String placeOf(int pid, String seenFromHere) {
    String root = "/proc/" + pid + "/root";
    if (seenFromHere.startsWith(root)) {
      return "/" + seenFromHere.substring(root.length());
    }
    Matcher link = KERNELS_LINK.matcher(seenFromHere);
    return link.lookingAt()
        ? Descriptors.readLink(link.group()) + seenFromHere.substring(link.end())
        : seenFromHere;
  }

  /// What a process calls its own is not ours.
  static String asSeenFromHere(int pid, String argument) {
    String process = "/proc/" + pid;
    for (Own own : OWN) {
      if (argument.startsWith(own.begin)) {
        return process + own.end + argument.substring(own.begin.length());
      }
    }
    return process + (argument.startsWith("/") ? "/root" : "/cwd/") + argument;
  }

  private record Own(String begin, String end) {}

  private static final List<Own> OWN =
      List.of(
          new Own("/proc/self/", "/"),
          new Own("/proc/thread-self/", "/"),
          new Own("/dev/fd/", "/fd/"),
          new Own("/dev/stdin", "/fd/0"));
}
