package redoubt.agent.response;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import redoubt.agent.process.SelfProcesses;
import redoubt.core.linux.Pidfd;
import redoubt.core.linux.ProcessStatus;

/// Whom no engine's wish may touch: init, the kernel's threads, Redoubt itself, and the services
/// that the host lives on. Those are root's processes under init that run a program of the
/// protected set which is no shell: a shell there is as likely an intruder's as anybody's.
///
/// For one thread.
final class SparedProcesses {
  private static final int INIT = 1;

  private final SelfProcesses self;
  private final Predicate<Path> isProtected;
  private final Path shells;

  /// @param isProtected whether a file is in the protected set
  /// @param shells the list of login shells, `/etc/shells`
  SparedProcesses(SelfProcesses self, Predicate<Path> isProtected, Path shells) {
    this.self = self;
    this.isProtected = isProtected;
    this.shells = shells;
  }

  /// Why a process is spared, for people; nothing if it is not.
  Optional<String> reason(int pid, Pidfd process) {
    if (pid <= INIT) {
      return Optional.of("it is init");
    }
    try (ProcessStatus status = new ProcessStatus()) {
      boolean known = status.load(process, pid) == 0;
      if (self.contains(pid, process.descriptor())
          || (known && self.containsGroup(status.cgroupId()))) {
        return Optional.of("it is Redoubt's own");
      }
      Path image = Path.of("/proc/" + pid + "/exe");
      Path program;
      try {
        program = Files.readSymbolicLink(image);
      } catch (IOException _) {
        return process.signal(0) == 0
            ? Optional.of("it is the kernel's own, or what it runs cannot be read")
            : Optional.empty();
      }
      boolean service = known && status.parentPid() == INIT && status.uid() == 0;
      return service && isProtected.test(image) && !isShell(program)
          ? Optional.of("the host lives on it: program=" + program)
          : Optional.empty();
    }
  }

  private boolean isShell(Path program) {
    try (Stream<String> lines = Files.lines(shells)) {
      Set<Path> known =
          lines
              .map(String::strip)
              .filter(line -> line.startsWith("/"))
              .map(SparedProcesses::real)
              .flatMap(Optional::stream)
              .collect(Collectors.toSet());
      return known.contains(program);
    } catch (IOException _) {
      return false;
    }
  }

  private static Optional<Path> real(String shell) {
    try {
      return Optional.of(Path.of(shell).toRealPath());
    } catch (IOException _) {
      return Optional.empty();
    }
  }
}
