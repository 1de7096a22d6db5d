package redoubt.testing.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import redoubt.agent.journal.JournalLine;

/// Every hostile engine of these tests, one after the other: added to a running agent as its owner
/// adds one, granted all that it asks for, left to do its worst, and removed.
///
/// Not a part of `make check`: the second test covers this whole host, with an engine among the
/// others that denies everything. `make campaign` runs it; `-Dredoubt.hostile.only=REGEX` names
/// some of them.
@Timeout(1_800)
class HostileEnginesCampaign {
  private static final Duration HARD_DEADLINE = Duration.ofSeconds(2);

  /// They keep both processors of a small host busy.
  private static final int WORKERS = 2;

  private static final Duration LIFE = Duration.ofMinutes(25);
  private static final Duration RECORD_LIMIT = Duration.ofSeconds(30);

  // How much of a difference counts, after the rule for bounds on noisy machines.
  private static final double MOST_RATIO = 1.10;
  private static final long LEAST_MICROS = 100;
  private static final int MOST_MEASUREMENTS = 7;
  private static final int PROGRAMS = 400;

  private TestEngines engines;
  private Path folder;
  private List<Turn> turns;
  private Turn harmless;

  /// One engine's turn.
  ///
  /// @param silent whether it never gets as far as to be asked anything
  private record Turn(String id, Path manifest, boolean silent) {}

  @BeforeEach
  void makeEngines() throws Exception {
    engines = new TestEngines();
    folder = Folders.makeRootOnly("redoubt-hostile-");
    Path program = folder.resolve("hostile");
    Files.copy(Programs.path("hostile"), program, StandardCopyOption.COPY_ATTRIBUTES);
    turns = new ArrayList<>();
    for (HostileProcessTest.Attempt attempt : HostileProcessTest.attempts().toList()) {
      turns.add(new Turn(attempt.behaviour(), attempt.manifest(folder, program), true));
    }
    for (HostileEngine.Way way : HostileEngine.Way.values()) {
      turns.add(new Turn(TestEngines.idOf(way), engines.hostile(way), false));
    }
    turns.add(new Turn("denies-all", engines.denying("denies-all", Duration.ZERO, ""), false));
    turns.add(
        new Turn("never-answers", engines.slow("never-answers", Duration.ofMinutes(1)), false));
    harmless = new Turn("harmless", engines.slow("harmless", Duration.ZERO), false);
    turns.removeIf(turn -> !turn.id().matches(System.getProperty("redoubt.hostile.only", ".*")));
  }

  @AfterEach
  void removeEngines() {
    engines.close();
    Outcome.of("rm", "-rf", "--one-file-system", folder).requireSuccess();
  }

  /// The start of programs that nobody has seen before, which the scanner judges, beside each
  /// engine and alone. A difference that one measurement shows is measured again before it counts:
  /// the p99 of some hundred starts has outliers of its own.
  @Test
  void theOtherEngineAnswersAsFastBesideEach() throws Exception {
    try (ScratchFileSystem scratch = ScratchFileSystem.ext4(64);
        RunningAgent agent = RunningAgent.startFor(LIFE, scratch)) {
      ColdStarts starts = new ColdStarts(scratch);
      starts.p99Micros();
      Comparison all = new Comparison(new ArrayList<>());
      List<String> slower = new ArrayList<>();
      for (Turn turn : turns) {
        Comparison own = new Comparison(new ArrayList<>());
        do {
          Beside found = measure(starts, agent, turn);
          own.found().add(found);
          all.found().add(found);
        } while (own.isSlower(all.spread()) && own.found().size() < MOST_MEASUREMENTS);
        if (own.isSlower(all.spread())) {
          slower.add(turn.id() + " " + own);
        }
      }
      System.out.printf(
          "figures: hostile engines: %d, measured %d times; p99 of unseen programs beside"
              + " them to without: %s%n",
          turns.size(), all.found().size(), all);
      assertEquals(List.of(), slower, all.toString());
      assertTrue(all.ratio() <= MOST_RATIO, all.toString());
      assertEquals(0, agent.stop());
    }
  }

  /// An engine that is told of events takes its share of the processors, whatever it is: one that
  /// gets so far is compared with a harmless one in its place.
  private Beside measure(ColdStarts starts, RunningAgent agent, Turn turn) throws Exception {
    long before = turn.silent() ? starts.p99Micros() : besides(starts, agent, harmless);
    long beside = besides(starts, agent, turn);
    long after = turn.silent() ? starts.p99Micros() : besides(starts, agent, harmless);
    return new Beside(before, beside, after);
  }

  private static long besides(ColdStarts starts, RunningAgent agent, Turn turn) throws Exception {
    add(agent, turn, false);
    long micros = starts.p99Micros();
    remove(agent, turn);
    return micros;
  }

  /// The p99 beside an engine, and alone (or beside a harmless one) before and after it, in
  /// microseconds.
  private record Beside(long before, long beside, long after) {
    long alone() {
      return (before + after) / 2;
    }
  }

  /// Several measurements, compared as all bounds are here: by the median.
  private record Comparison(List<Beside> found) {
    double ratio() {
      return median(found.stream().map(each -> (double) each.beside() / each.alone()).toList());
    }

    long difference() {
      return median(found.stream().map(each -> each.beside() - each.alone()).toList());
    }

    /// How far alone and alone lie apart.
    long spread() {
      return median(found.stream().map(each -> Math.abs(each.before() - each.after())).toList());
    }

    /// @param noiseMicros how far alone and alone lie apart in all measurements; in these they may
    ///   lie further apart, if the machine was busy with something else just then
    boolean isSlower(long noiseMicros) {
      long noise = Math.max(noiseMicros, spread());
      return ratio() > MOST_RATIO && difference() > Math.max(LEAST_MICROS, noise);
    }

    @Override
    public String toString() {
      return "ratio=%.2f difference=%d us, alone to alone %d us"
          .formatted(ratio(), difference(), spread());
    }
  }

  @Test
  void theHostStaysUsableAtEveryMoment() throws Exception {
    try (HostServices services = HostServices.start(folder);
        ScratchFileSystem scratch = ScratchFileSystem.ext4(64);
        RunningAgent agent = RunningAgent.startOnWholeHost(LIFE)) {
      int pid = agent.pid();
      services.use(agent);
      List<Path> programs = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        programs.add(scratch.program("program-" + i, Specimen.SCRIPT.good(i)));
      }
      Duration worst = Duration.ZERO;
      int uses = 0;
      for (Turn turn : turns) {
        try (Load load = Load.executing(WORKERS, programs)) {
          CompletableFuture<JournalLine> recorded =
              CompletableFuture.supplyAsync(() -> addUntilRecorded(agent, turn));
          do {
            services.use(agent);
            uses++;
          } while (!recorded.isDone());
          recorded.join();
          for (Load.Tally tally : load.stop().values()) {
            worst = Collections.max(List.of(worst, tally.worst()));
            assertEquals(0, tally.failed(), turn + " " + tally);
            assertTrue(tally.within(HARD_DEADLINE), turn + " " + tally);
          }
        }
        remove(agent, turn);
        assertEquals(pid, agent.pid(), turn + ": the agent was started again" + agent.log());
      }
      System.out.printf(
          "figures: hostile engines on a busy host: %d, services used %d times, the longest exec"
              + " of %d at once took %d ms%n",
          turns.size(), uses, WORKERS, worst.toMillis());
      assertEquals(0, agent.stop());
    }
  }

  private static JournalLine addUntilRecorded(RunningAgent agent, Turn turn) {
    add(agent, turn, !turn.silent());
    try {
      return agent.awaitLine(turn.id() + " on record", RECORD_LIMIT, line -> concerns(line, turn));
    } catch (Exception e) {
      throw new CompletionException(e);
    }
  }

  private static boolean concerns(JournalLine line, Turn turn) {
    return line.kind() == JournalLine.Kind.NOTICE && line.raw().contains("\"" + turn.id() + "\"");
  }

  private static void add(RunningAgent agent, Turn turn, boolean judges) {
    agent.command("engines", "add", turn.manifest()).requireSuccess();
    if (judges) {
      agent.command("engines", "grant", turn.id(), "all").requireSuccess();
    }
  }

  private static void remove(RunningAgent agent, Turn turn) {
    agent.command("engines", "remove", turn.id()).requireSuccess();
  }

  /// The middle one; of two, the smaller.
  private static <T extends Comparable<T>> T median(List<T> values) {
    return values.stream().sorted().toList().get((values.size() - 1) / 2);
  }

  /// Starts of programs of which no two are alike, nor like any before.
  private static final class ColdStarts {
    private final ScratchFileSystem scratch;
    private int made;

    ColdStarts(ScratchFileSystem scratch) {
      this.scratch = scratch;
    }

    long p99Micros() throws Exception {
      List<Path> programs = new ArrayList<>();
      for (int i = 0; i < PROGRAMS; i++) {
        programs.add(scratch.program("cold-" + i, Specimen.SCRIPT.good(made++)));
      }
      List<Long> micros =
          Load.each(programs).stream()
              .map(tally -> tally.worst().toNanos() / 1_000)
              .sorted()
              .toList();
      return micros.get(PROGRAMS * 99 / 100);
    }
  }

  /// What a host is used by: a login shell, a login over the network, the package manager, and what
  /// frees the host if nothing else does.
  private record HostServices(Path folder, Process daemon, int port) implements AutoCloseable {
    private static final String GREETING = "logged in";

    static HostServices start(Path folder) throws Exception {
      Path key = folder.resolve("key");
      Path hostKey = folder.resolve("host-key");
      for (Path each : List.of(key, hostKey)) {
        Outcome.of("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", each).requireSuccess();
      }
      Files.createDirectories(Path.of("/run/sshd"));
      int port = freePort();
      Path settings =
          Files.writeString(
              folder.resolve("sshd_config"),
              """
              ListenAddress localhost:%d
              HostKey %s
              AuthorizedKeysFile %s.pub
              PidFile none
              StrictModes no
              UsePAM no
              PermitRootLogin yes
              """
                  .formatted(port, hostKey, key));
      Process daemon =
          new ProcessBuilder("/usr/sbin/sshd", "-D", "-e", "-f", settings.toString())
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("sshd.log").toFile())
              .start();
      HostServices services = new HostServices(folder, daemon, port);
      try {
        Await.until("ssh daemon", RECORD_LIMIT, () -> services.login().output().contains(GREETING));
        return services;
      } catch (Exception | AssertionError e) {
        services.close();
        throw e;
      }
    }

    private static int freePort() throws IOException {
      try (ServerSocket socket = new ServerSocket(0)) {
        return socket.getLocalPort();
      }
    }

    private Outcome login() {
      return Outcome.of(
          "ssh",
          "-q",
          "-p",
          port,
          "-i",
          folder.resolve("key"),
          "-o",
          "StrictHostKeyChecking=no",
          "-o",
          "UserKnownHostsFile=/dev/null",
          "-o",
          "BatchMode=yes",
          "root@localhost",
          "echo " + GREETING);
    }

    /// Uses each once.
    void use(RunningAgent agent) throws Exception {
      String shell = Outcome.of("su", "--login", "root", "--command", "echo " + GREETING).output();
      assertTrue(shell.contains(GREETING), () -> "login shell: " + shell + agent.log());
      Outcome remote = login();
      assertTrue(remote.output().contains(GREETING), () -> "ssh: " + remote + agent.log());
      for (List<String> command :
          List.of(List.of("dpkg-query", "--show", "bash"), List.of("apt-get", "-qq", "check"))) {
        Outcome packages = Outcome.of(command.toArray());
        assertEquals(0, packages.status(), () -> "package manager: " + packages + agent.log());
      }
      Outcome rescue = agent.command("rescue", "status");
      assertEquals(0, rescue.status(), () -> "rescue: " + rescue + agent.log());
    }

    @Override
    public void close() {
      daemon.descendants().forEach(ProcessHandle::destroyForcibly);
      daemon.destroyForcibly();
    }
  }
}
