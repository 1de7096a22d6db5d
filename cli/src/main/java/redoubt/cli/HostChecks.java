package redoubt.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import redoubt.agent.journal.JournalLine;
import redoubt.agent.policy.ExceptionEntry;
import redoubt.agent.policy.Exceptions;
import redoubt.agent.policy.PolicyException;
import redoubt.agent.policy.ProtectedSet;
import redoubt.agent.policy.ProtectedSetSource;
import redoubt.core.linux.KernelFile;
import redoubt.core.linux.MountEntry;
import redoubt.core.linux.Mounts;
import redoubt.core.model.PlatformNotice;
import redoubt.core.wire.ControlReply;

/// What the doctor says of this host: rescue switches, policy, coverage, recent gaps.
final class HostChecks {
  private static final Duration RECENT = Duration.ofDays(1);
  private static final int MOST_LINES = 20_000;
  private static final Set<String> REMOTE =
      Set.of(
          "nfs",
          "nfs4",
          "cifs",
          "smb3",
          "ceph",
          "afs",
          "9p",
          "virtiofs",
          "lustre",
          "gfs2",
          "ocfs2",
          "glusterfs",
          "beegfs",
          "orangefs",
          "coda");

  private HostChecks() {}

  static List<Check> run(Session session, Optional<ControlReply.Status> status) {
    List<Check> checks = new ArrayList<>();
    checks.add(rescueFlag(session.directories().rescueFlag()));
    checks.add(kernelArgument(Path.of("/proc/cmdline")));
    checks.add(configuration(session));
    checks.addAll(protectedSet());
    checks.addAll(exceptions(session));
    checks.addAll(
        status
            .map(known -> coverage(known.coverage()))
            .orElseGet(() -> mounts("/proc/self/mountinfo")));
    status.ifPresent(known -> checks.addAll(engines(known)));
    checks.add(gaps(session));
    checks.addAll(SupplyChecks.run(session));
    return checks;
  }

  static Check configuration(Session session) {
    try {
      ConfigFile file = ConfigFile.read(ConfigCommands.usualPlace(session));
      ConfigCommands.State state = ConfigCommands.State.of(session, file);
      return switch (state) {
        case NONE, IN_FORCE -> Check.ok("configuration", state.words());
        case TAKEN, CHANGED, WRONG ->
            Check.warn("configuration", "file=" + file.path(), state.words());
      };
    } catch (Problem e) {
      return Check.warn("configuration", e.getMessage(), e.fix());
    }
  }

  static Check rescueFlag(Path flag) {
    if (!Files.exists(flag)) {
      return Check.ok("rescue", "no rescue flag");
    }
    try {
      return isOfRoot(flag)
          ? rescued(Files.readString(flag).strip(), "file=" + flag)
          : Check.warn(
              "rescue", "file=" + flag + " is not root's", "the agent takes no notice of it");
    } catch (IOException _) {
      // unreadable counts as off, as it does for the agent
      return rescued("off", "file=" + flag);
    }
  }

  static Check kernelArgument(Path commandLine) {
    try {
      for (String word : KernelFile.read(commandLine.toString()).strip().split("\\s+", -1)) {
        if (word.startsWith("redoubt=")) {
          return rescued(word.substring("redoubt=".length()), "kernel argument " + word);
        }
      }
      return Check.ok("boot", "no rescue argument on the kernel's command line");
    } catch (IOException _) {
      return Check.warn(
          "boot", "the kernel's command line cannot be read", "a rescue argument would be missed");
    }
  }

  private static boolean isOfRoot(Path flag) throws IOException {
    return Files.getAttribute(flag, "unix:uid", LinkOption.NOFOLLOW_LINKS).equals(0);
  }

  private static Check rescued(String word, String where) {
    String effect =
        word.equals("observe") ? "agents deny nothing" : "agents hook nothing: no protection";
    return Check.fail(
        "rescue", "in force: " + where + " says " + word, effect + "; redoubt rescue on ends it");
  }

  private static List<Check> protectedSet() {
    ProtectedSet set = ProtectedSetSource.ofHost(List.of()).scan();
    List<Check> checks = new ArrayList<>();
    checks.add(
        Check.expect(
            !set.source().equals("well-known paths"),
            "protected set",
            set.size() + " files from " + set.source(),
            set.size() + " files by well-known paths only",
            "this host has no dpkg or rpm database that we can read"));
    for (String refused : set.refused()) {
      checks.add(
          Check.warn(
              "protected set", "left out: " + refused, "users could put their own files there"));
    }
    return checks;
  }

  private static List<Check> exceptions(Session session) {
    try {
      Exceptions exceptions = session.exceptions().read();
      List<Check> checks = new ArrayList<>();
      checks.add(Check.ok("exceptions", exceptions.entries().size() + " in the owner's file"));
      for (ExceptionEntry entry : exceptions.entries()) {
        exceptions
            .findProblem(entry)
            .ifPresent(problem ->
                checks.add(
                    Check.warn(
                        "exceptions",
                        entry.id() + " has no effect: " + problem,
                        "redoubt allow remove " + entry.id())));
      }
      return checks;
    } catch (PolicyException e) {
      return List.of(
          e.getCause() instanceof AccessDeniedException
              ? Check.warn("exceptions", "cannot be read by this user", "run the doctor as root")
              : Check.fail("exceptions", e.getMessage(), e.fix()));
    }
  }

  private static List<Check> coverage(List<ControlReply.Coverage> coverage) {
    List<Check> checks = new ArrayList<>();
    long covered = coverage.stream().filter(ControlReply.Coverage::covered).count();
    checks.add(
        Check.expect(
            covered > 0,
            "coverage",
            "file systems that are judged: " + covered,
            "no file system is judged",
            "see redoubt status"));
    for (ControlReply.Coverage entry : coverage) {
      if (!entry.covered()) {
        checks.add(
            Check.warn(
                "coverage",
                entry.mountPoint() + " (" + entry.type() + ") is not judged",
                entry.detail()));
      }
    }
    return checks;
  }

  /// Without an agent to ask, names what none would cover.
  static List<Check> mounts(String mountinfo) {
    List<Check> checks = new ArrayList<>();
    try {
      for (MountEntry mount : Mounts.read(mountinfo)) {
        if (isUncovered(mount.type())) {
          checks.add(
              Check.warn(
                  "coverage",
                  mount.mountPoint() + " (" + mount.type() + ") would not be judged",
                  "remote and FUSE file systems can hang whoever reads them, so none waits for us"));
        }
      }
    } catch (UncheckedIOException _) {
      checks.add(Check.warn("coverage", "the mount table cannot be read", "is /proc mounted?"));
    }
    if (checks.isEmpty()) {
      checks.add(Check.ok("coverage", "every mounted file system can be judged"));
    }
    return checks;
  }

  private static boolean isUncovered(String type) {
    String family = type.toLowerCase(Locale.ROOT);
    return REMOTE.contains(family) || family.equals("fuse") || family.startsWith("fuse.");
  }

  private static List<Check> engines(ControlReply.Status status) {
    List<Check> checks = new ArrayList<>();
    for (ControlReply.Engine engine : status.engines()) {
      checks.add(
          Check.expect(
              engine.state().equals("ready"),
              "engine",
              engine.id() + " is ready",
              engine.id() + " is " + engine.state(),
              "it judges nothing now; see redoubt events"));
    }
    if (checks.isEmpty()) {
      checks.add(Check.warn("engine", "none is registered", "nothing is judged"));
    }
    return checks;
  }

  private static Check gaps(Session session) {
    Instant since = session.clock().instant().minus(RECENT);
    int[] seen = {0};
    List<JournalLine> gaps = new ArrayList<>();
    try {
      JournalAccess.require(session);
      session
          .journal()
          .newestFirst(line -> {
            if (isGap(line)) {
              gaps.add(line);
            }
            return ++seen[0] < MOST_LINES && line.timeMillis() >= since.toEpochMilli();
          });
    } catch (Problem e) {
      return e.exitCode() == ExitCode.PERMISSION
          ? Check.warn("gaps", e.getMessage(), e.fix())
          : Check.ok("gaps", "no journal yet");
    } catch (IOException e) {
      return Check.warn("gaps", "the journal cannot be read: error=" + e, "is the disk sound?");
    }
    return Check.expect(
        gaps.isEmpty(),
        "gaps",
        "none in the last day",
        gaps.size() + " in the last day",
        "protection was interrupted: redoubt events");
  }

  private static boolean isGap(JournalLine line) {
    return line.kind() == JournalLine.Kind.NOTICE
        && (line.code().equals(PlatformNotice.Kind.GAP.name())
            || line.code().equals(PlatformNotice.Kind.KERNEL_DENIAL.name()));
  }
}
