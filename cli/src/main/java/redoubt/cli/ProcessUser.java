package redoubt.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import redoubt.core.linux.KernelFile;

/// As whom this program runs, and who sits at the keyboard.
final class ProcessUser {
  private static final long UNSET = 0xffff_ffffL;

  private ProcessUser() {}

  /// Whether this process is root's, and so sees and may change everything.
  static boolean isRoot() {
    return processUser() == 0;
  }

  /// Returns the user id of the login session as the kernel's audit keeps it, also behind `sudo`;
  /// this process's user where there is none.
  static int loginId() {
    try {
      long login = Long.parseLong(KernelFile.read("/proc/self/loginuid").strip());
      if (login != UNSET && login <= Integer.MAX_VALUE) {
        return (int) login;
      }
    } catch (IOException | NumberFormatException _) {
      // a kernel without audit
      return processUser();
    }
    return processUser();
  }

  private static int processUser() {
    try {
      Object uid = Files.getAttribute(Path.of("/proc/self").toRealPath(), "unix:uid");
      return uid instanceof Integer user ? user : 0;
    } catch (IOException e) {
      throw new IllegalStateException("there is no /proc", e);
    }
  }
}
