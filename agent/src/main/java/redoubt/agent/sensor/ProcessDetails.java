package redoubt.agent.sensor;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import redoubt.agent.process.ContainerNames;
import redoubt.agent.process.UserNames;
import redoubt.core.linux.Descriptors;
import redoubt.core.linux.FileStatus;
import redoubt.core.linux.LinuxException;
import redoubt.core.linux.Pidfd;
import redoubt.core.linux.ProcessArguments;
import redoubt.core.linux.ProcessStatus;
import redoubt.core.model.Credentials;
import redoubt.core.model.FileIdentity;
import redoubt.core.model.ProcessInfo;
import redoubt.core.model.Sha256;
import redoubt.core.wire.WireLimits;
import redoubt.core.wire.WireText;

/// Reads processes from `/proc` and their pidfds; may hang: see [ProcessArguments].
final class ProcessDetails implements ProcessReader {
  private final ProcessArguments arguments =
      new ProcessArguments(WireLimits.ARGUMENT_BYTES, WireLimits.ARGUMENTS);
  private final ProcessStatus status = new ProcessStatus();
  private final ContainerNames containers = new ContainerNames();
  private final FileStatus program = new FileStatus();
  private final UserNames users;
  private final Function<FileIdentity, @Nullable Sha256> digests;
  private @Nullable Sha256 digest;

  /// @param digests gives the digest of a content, if it is known
  ProcessDetails(UserNames users, Function<FileIdentity, @Nullable Sha256> digests) {
    this.users = users;
    this.digests = digests;
  }

  @Override
  public ProcessInfo read(int pid, ProcessInfo known) {
    // What is gone first comes first: a process that ended has no arguments from then on.
    arguments.load(pid);
    String image = WireText.cutPath(Descriptors.readLink("/proc/" + pid + "/exe"));
    digest = program.load("/proc/" + pid + "/exe") < 0 ? null : digests.apply(program.identity());
    String directory = WireText.cutPath(Descriptors.readLink("/proc/" + pid + "/cwd"));
    try (Pidfd process = open(pid).orElse(null)) {
      if (process == null || status.load(process.descriptor()) < 0) {
        return of(pid, known, image, arguments.arguments(), arguments.isCut(), directory);
      }
      return new ProcessInfo(
          pid,
          process.uniqueId(),
          status.parentPid(),
          new Credentials(status.uid(), status.effectiveUid(), status.gid(), status.effectiveGid()),
          status.cgroupId(),
          users.of(status.uid()),
          image,
          arguments.arguments(),
          arguments.isCut(),
          directory,
          containers.of(pid, status.cgroupId()));
    }
  }

  /// A process that runs a new program of which nothing was read.
  static ProcessInfo unread(int pid, ProcessInfo known) {
    return of(pid, known, "", List.of(), false, "");
  }

  /// A process of which the kernel no longer says whose it is; that is as before.
  private static ProcessInfo of(
      int pid,
      ProcessInfo known,
      String image,
      List<String> arguments,
      boolean cut,
      String directory) {
    return new ProcessInfo(
        pid,
        known.uniqueId(),
        known.parentPid(),
        known.credentials(),
        known.cgroupId(),
        known.user(),
        image,
        arguments,
        cut,
        directory,
        known.container());
  }

  /// Without descriptors to spare nothing is lost but details.
  private static Optional<Pidfd> open(int pid) {
    try {
      return Pidfd.open(pid);
    } catch (LinuxException _) {
      return Optional.empty();
    }
  }

  @Override
  public @Nullable Sha256 digest() {
    return digest;
  }

  @Override
  public void close() {
    arguments.close();
    status.close();
    program.close();
  }
}
