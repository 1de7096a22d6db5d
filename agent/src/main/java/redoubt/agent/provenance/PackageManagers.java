package redoubt.agent.provenance;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import redoubt.core.linux.Descriptors;
import redoubt.core.linux.Pidfd;
import redoubt.core.linux.ProcessArguments;
import redoubt.core.linux.ProcessStatus;

/// Tells whether a process works for a package manager that root has started, as the scripts of
/// packages do: between unpacking and the end of a transaction, files run that no database knows.
///
/// A transaction is over when its package manager ends: whoever it leaves behind has another
/// parent. Thread-safe; looks at `/proc` without waiting for the processes.
final class PackageManagers {
  /// How many parents are looked at.
  static final int MOST_LEVELS = 24;

  private static final int FIRST_PROCESS = 1;

  /// Programs that install packages. Only root's count, so that nobody gains by giving a program of
  /// his own such a name.
  private static final Set<String> PROGRAMS =
      Set.of(
          "/usr/bin/dpkg",
          "/usr/bin/apt",
          "/usr/bin/apt-get",
          "/usr/bin/aptitude",
          "/usr/bin/rpm",
          "/usr/bin/dnf5",
          "/usr/bin/microdnf",
          "/usr/bin/zypper");

  /// Scripts that do, run by Python.
  private static final Set<String> SCRIPTS =
      Set.of("/usr/bin/dnf", "/usr/bin/dnf-3", "/usr/bin/yum", "/usr/bin/unattended-upgrade");

  private static final String PYTHON = "/usr/bin/python3";
  private static final int SCRIPT_BYTES = 4096;

  private final AsideReader aside;
  private final ProcessStatus status = new ProcessStatus();

  PackageManagers(AsideReader aside) {
    this.aside = aside;
  }

  /// The program of the package manager for which a process works, which may be itself; empty if
  /// for none.
  String above(int pid) {
    int at = pid;
    for (int level = 0; level < MOST_LEVELS && at > FIRST_PROCESS; level++) {
      Parent parent = parent(at);
      if (parent == null || parent.uid != 0) {
        return "";
      }
      String program = programOf(at);
      if (!program.isEmpty()) {
        return program;
      }
      at = parent.pid;
    }
    return "";
  }

  /// @param pid of the parent
  /// @param uid the process's own user
  private record Parent(int pid, int uid) {}

  private synchronized @Nullable Parent parent(int pid) {
    try (Pidfd process = Pidfd.open(pid).orElse(null)) {
      return process == null || status.load(process, pid) < 0
          ? null
          : new Parent(status.parentPid(), status.uid());
    }
  }

  private String programOf(int pid) {
    String image = Descriptors.readLink("/proc/" + pid + "/exe");
    if (PROGRAMS.contains(image)) {
      return image;
    }
    return image.startsWith(PYTHON) ? aside.read(() -> scriptOf(pid), "") : "";
  }

  private static String scriptOf(int pid) {
    try (ProcessArguments reader = new ProcessArguments(SCRIPT_BYTES, 2)) {
      List<String> arguments = reader.load(pid) < 0 ? List.of() : reader.arguments();
      String script = arguments.size() < 2 ? "" : arguments.get(1);
      return SCRIPTS.contains(script) ? script : "";
    }
  }
}
