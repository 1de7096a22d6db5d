package redoubt.core.linux;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// What a process that waits in an open wants of the file, which no event says: read out of the
/// system call that its thread is in (`/proc/PID/task/TID/syscall`).
///
/// Stateless. May wait while the process executes a program: for threads that may hang.
public final class PendingOpen {
  private static final int ACCESS_MODE = 3;
  private static final int WRITE_ONLY = 1;

  /// `open`, `creat` and `openat` on x86-64 (`asm/unistd_64.h`).
  private static final int X86_64_OPEN = 2;

  private static final int X86_64_CREAT = 85;
  private static final int X86_64_OPENAT = 257;

  /// `openat` on AArch64 (`asm-generic/unistd.h`).
  private static final int AARCH64_OPENAT = 56;

  private PendingOpen() {}

  /// Whether threads of the process are about to open files, and all of them only to write.
  ///
  /// @return false too if that cannot be told, as of opens through `openat2` or `io_uring`
  public static boolean writesOnly(int pid) {
    boolean writes = false;
    try (DirectoryStream<Path> threads =
        Files.newDirectoryStream(Path.of("/proc/" + pid + "/task"))) {
      for (Path thread : threads) {
        Optional<Boolean> writesOnly = writesOnly(read(thread.resolve("syscall")));
        if (writesOnly.equals(Optional.of(false))) {
          return false;
        }
        writes |= writesOnly.isPresent();
      }
    } catch (IOException | DirectoryIteratorException _) {
      return false;
    }
    return writes;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.US_ASCII);
    } catch (IOException _) {
      // That thread has ended.
      return "";
    }
  }

  /// Of a thread in an open, whether that is only to write; nothing of any other.
  ///
  /// @param line the call's number and its six arguments, or a word
  static Optional<Boolean> writesOnly(String line) {
    String[] words = line.strip().split(" ");
    if (words.length < 4) {
      return Optional.empty();
    }
    try {
      int flags = flagsArgument(Integer.parseInt(words[0]));
      if (flags < 0) {
        return Optional.empty();
      }
      return Optional.of(
          flags == 0
              || (Long.parseUnsignedLong(words[flags].substring(2), 16) & ACCESS_MODE)
                  == WRITE_ONLY);
    } catch (NumberFormatException _) {
      return Optional.empty();
    }
  }

  /// Which word of the line has the flags of the open: 0 for a call that is always to write, -1 for
  /// one that is no open.
  private static int flagsArgument(int call) {
    return switch (Architecture.CURRENT) {
      case X86_64 ->
          switch (call) {
            case X86_64_OPEN -> 2;
            case X86_64_OPENAT -> 3;
            case X86_64_CREAT -> 0;
            default -> -1;
          };
      case AARCH64 -> call == AARCH64_OPENAT ? 3 : -1;
    };
  }
}
