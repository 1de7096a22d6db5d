package redoubt.testing.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import redoubt.agent.journal.JournalLine;

/// What the process of an engine may try against the host, each under a name of its own: what comes
/// of it, that it is on record, and that the host and the other engine go on.
///
/// The attempts are those of `src/test/c/hostile.c`. An agent is given a dozen such engines at a
/// time beside the scanner, since each is an engine that never becomes ready.
class HostileProcessTest {
  private static final int AT_ONCE = 14;
  private static final Duration LIMIT = Duration.ofSeconds(15);

  private static final String ENDED_BY_FILTER = "made a system call that engines may not make";

  /// @param behaviour a name that `hostile` knows
  /// @param limits lines of its manifest
  /// @param outcome what it says of itself, a regular expression; empty if it gets to say nothing
  /// @param ending what the agent says of its end, a regular expression; empty for any
  record Attempt(String behaviour, String limits, String outcome, String ending) {
    static Attempt refused(String behaviour, String error) {
      return new Attempt(behaviour, "", error, "");
    }

    static Attempt fatal(String behaviour) {
      return new Attempt(behaviour, "", "", ENDED_BY_FILTER);
    }

    /// Writes the manifest of an engine that does this.
    ///
    /// @param program a copy of `hostile` that every user reaches
    Path manifest(Path folder, Path program) throws IOException {
      return Files.writeString(
          folder.resolve(behaviour + ".engine"),
          "id=%s\ncommand=%s %s\nauth=exec\n%s\n".formatted(behaviour, program, behaviour, limits));
    }

    @Override
    public String toString() {
      return behaviour;
    }
  }

  private static final List<Attempt> ATTEMPTS =
      List.of(
          // what it is
          Attempt.refused("identity", "uid (649\\d\\d) \\1 gid \\1 \\1 groups 0 nnp 1 .*"),
          Attempt.refused("capabilities", "(0000000000000000 ){5}2 .*"),
          // resources
          new Attempt("fork-bomb", "processes=20", "EAGAIN after few", ""),
          new Attempt("thread-bomb", "processes=20", "EAGAIN after few", ""),
          new Attempt("memory-hog", "memoryMiB=32", "", "used more memory than it may"),
          new Attempt("descriptor-leak", "openFiles=64", "EMFILE", ""),
          new Attempt("disk-filler", "scratchMiB=2", "ENOSPC after [12] MiB", ""),
          new Attempt("output-flood", "", "", "printed too much"),
          new Attempt("spin", "cpuPercent=20", "slowed", ""),
          // files
          Attempt.refused("read-shadow", "ENOENT"),
          Attempt.refused("read-passwd", "ENOENT"),
          Attempt.refused("list-root", "(?!.*(home|root|var|boot|sys|srv|opt|mnt)).*"),
          Attempt.refused("list-processes", "1 "),
          Attempt.refused("list-home", "ENOENT"),
          Attempt.refused("write-root", "EROFS"),
          Attempt.refused("write-proc-sys", "EACCES|EROFS"),
          Attempt.refused("write-sysrq", "EACCES|EROFS|ENOENT"),
          Attempt.refused("write-cgroup", "ENOENT"),
          Attempt.refused("write-dev", "EROFS"),
          Attempt.refused("write-itself", "EROFS|ETXTBSY|EACCES"),
          Attempt.refused("read-kernel-log", "ENOENT"),
          Attempt.refused("read-disk", "ENOENT"),
          Attempt.refused("symbolic-link", "ENOSYS"),
          Attempt.refused("hard-link", "ENOSYS"),
          Attempt.refused("make-device", "ENOSYS"),
          Attempt.refused("make-setuid", "ENOSYS"),
          // other processes
          Attempt.refused("read-agent-memory", "EACCES"),
          Attempt.fatal("trace-parent"),
          Attempt.fatal("read-process"),
          Attempt.refused("signal-flood", "ESRCH"),
          Attempt.refused("kill-others", "ESRCH"),
          new Attempt("stop-itself", "", "", "did not connect"),
          Attempt.refused("terminal-injection", "ENOTTY|ENXIO"),
          new Attempt("dump-core", "", "", "signal=(6|11)|killed"),
          // the network
          Attempt.refused("internet-socket", "EAFNOSUPPORT"),
          Attempt.refused("internet6-socket", "EAFNOSUPPORT"),
          Attempt.fatal("raw-socket"),
          Attempt.fatal("netlink-socket"),
          Attempt.fatal("vsock-socket"),
          Attempt.fatal("crypto-socket"),
          Attempt.refused("abstract-socket", "ECONNREFUSED"),
          // the kernel
          Attempt.fatal("io-uring"),
          Attempt.fatal("userfaultfd"),
          Attempt.fatal("bpf"),
          Attempt.fatal("keyctl"),
          Attempt.fatal("load-module"),
          Attempt.fatal("kexec"),
          Attempt.fatal("perf-events"),
          Attempt.fatal("own-hook"),
          Attempt.fatal("mount"),
          Attempt.fatal("new-mount"),
          Attempt.fatal("chroot"),
          Attempt.fatal("setns"),
          Attempt.fatal("unshare"),
          Attempt.refused("clone-namespace", "EPERM"),
          Attempt.fatal("set-clock"),
          Attempt.fatal("rename-host"),
          Attempt.fatal("reboot"),
          // rights
          Attempt.refused("setuid-root", "EPERM"),
          Attempt.refused("setuid-other", "EPERM"),
          Attempt.refused("setgid-root", "EPERM"),
          Attempt.refused("raise-priority", "EACCES|EPERM"),
          Attempt.refused("real-time", "ENOSYS"),
          Attempt.refused("lock-memory", "ENOSYS"),
          Attempt.refused("raise-limit", "EPERM"),
          Attempt.refused("run-setuid", "ENOENT"),
          // starting
          new Attempt("second-connection", "", "done|EAGAIN|ECONNREFUSED", ""),
          new Attempt("hang-at-start", "", "", "did not connect"),
          new Attempt("exit-at-once", "", "", "did not connect.*status=3"));

  private static Stage stage = Stage.EMPTY;

  /// The agent under test with a part of the attempts, started when the first of them comes.
  private record Stage(int part, ScratchFileSystem scratch, Path folder, RunningAgent agent) {
    @SuppressWarnings("NullAway") // never used
    private static final Stage EMPTY = new Stage(-1, null, null, null);

    static Stage begin(int part) throws Exception {
      ScratchFileSystem scratch = ScratchFileSystem.ext4(16);
      Path folder = Folders.make("redoubt-hostile-");
      Path program = folder.resolve("hostile");
      Files.copy(Programs.path("hostile"), program, StandardCopyOption.COPY_ATTRIBUTES);
      List<Object> options = new ArrayList<>();
      for (Attempt attempt : attemptsOf(part)) {
        options.add("--engine");
        options.add(attempt.manifest(folder, program));
      }
      scratch.program("good", Specimen.SCRIPT.good());
      scratch.program("bad", Specimen.SCRIPT.bad());
      return new Stage(
          part, scratch, folder, RunningAgent.startDegraded(scratch, options.toArray()));
    }

    void end() throws Exception {
      if (part >= 0) {
        agent.close();
        scratch.close();
        Outcome.of("rm", "-rf", folder).requireSuccess();
      }
    }
  }

  private static List<Attempt> attemptsOf(int part) {
    return ATTEMPTS.subList(part * AT_ONCE, Math.min(ATTEMPTS.size(), part * AT_ONCE + AT_ONCE));
  }

  static Stream<Attempt> attempts() {
    return ATTEMPTS.stream();
  }

  @AfterAll
  static void end() throws Exception {
    stage.end();
    stage = Stage.EMPTY;
  }

  private static RunningAgent agentFor(Attempt attempt) throws Exception {
    int part = ATTEMPTS.indexOf(attempt) / AT_ONCE;
    if (stage.part != part) {
      end();
      stage = Stage.begin(part);
    }
    return stage.agent;
  }

  @ParameterizedTest
  @MethodSource("attempts")
  void whatAnEnginesProcessTries(Attempt attempt) throws Exception {
    RunningAgent agent = agentFor(attempt);
    int pid = agent.pid();
    if (!attempt.outcome.isEmpty()) {
      Pattern outcome =
          Pattern.compile(".*hostile " + attempt.behaviour + ": (?:" + attempt.outcome + ")");
      Await.until(
          attempt.behaviour + " says " + attempt.outcome + agent.log(),
          LIMIT,
          () -> agent.printedLine(outcome));
    }
    Pattern ending = Pattern.compile(".*(?:" + attempt.ending + ").*");
    agent.awaitLine(
        attempt.behaviour + " on record as " + attempt.ending + agent.log(),
        line ->
            line.kind() == JournalLine.Kind.NOTICE
                && line.code().equals("ENGINE_GONE")
                && line.raw().contains("\"" + attempt.behaviour + "\"")
                && ending.matcher(line.message()).matches());
    UsableHost.require(stage.scratch.path("good"), stage.scratch.path("bad"), agent);
    assertEquals(pid, agent.pid(), "the agent was started again" + agent.log());
  }
}
