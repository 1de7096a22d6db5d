package redoubt.agent;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import redoubt.core.linux.KernelFile;

/// The owner's way out, read before the first mark is placed: a kernel argument or a flag file that
/// root owns.
///
/// @param off whether nothing is to be hooked at all; else operations are observed and none waits
/// @param source where the switch was found, for people
record RescueSwitch(boolean off, String source) {
  private static final String KERNEL_ARGUMENT = "redoubt=";

  /// Looks for the switch. A kernel argument that says neither `observe` nor `off`, and a flag that
  /// cannot be read, count as off: somebody wanted out.
  static Optional<RescueSwitch> find(Path kernelCommandLine, Path flag) {
    return fromKernel(kernelCommandLine).or(() -> fromFlag(flag));
  }

  private static Optional<RescueSwitch> fromKernel(Path commandLine) {
    try {
      for (String word : KernelFile.read(commandLine.toString()).strip().split("\\s+")) {
        if (word.startsWith(KERNEL_ARGUMENT)) {
          return Optional.of(
              of(word.substring(KERNEL_ARGUMENT.length()), "kernel argument " + word));
        }
      }
    } catch (IOException _) {
      // No /proc: no kernel argument either.
    }
    return Optional.empty();
  }

  private static Optional<RescueSwitch> fromFlag(Path flag) {
    if (!Files.exists(flag, LinkOption.NOFOLLOW_LINKS) || !ownedByRoot(flag)) {
      return Optional.empty();
    }
    String word = "";
    try {
      word = Files.readString(flag, StandardCharsets.UTF_8).strip();
    } catch (IOException _) {
      // Unreadable counts as off.
    }
    return Optional.of(of(word, "flag file " + flag));
  }

  private static boolean ownedByRoot(Path flag) {
    try {
      return Files.getAttribute(flag, "unix:uid", LinkOption.NOFOLLOW_LINKS).equals(0);
    } catch (IOException _) {
      return true;
    }
  }

  private static RescueSwitch of(String word, String source) {
    return new RescueSwitch(!word.equals("observe"), source);
  }
}
