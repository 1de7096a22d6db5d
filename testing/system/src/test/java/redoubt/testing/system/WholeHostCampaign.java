package redoubt.testing.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redoubt.agent.journal.JournalLine;
import redoubt.testing.system.ExecWitness.Exec;

/// This very host, all its local file systems covered, at real work: a Debian package is built from
/// its source, installed with apt, run, removed, and kept in git. Nothing is harmed, and what was
/// executed is recorded rightly, as compared with the kernel's process events.
///
/// Not a part of `make check`, which covers nothing but scratch file systems: `make campaign` runs
/// it, and installs `hello` for a moment. The deadlines of the agent were proven before by
/// [FaultsTest].
class WholeHostCampaign {
  private static final String USER = "54321";
  private static final Duration WORK_LIMIT = Duration.ofMinutes(10);
  private static final JsonMapper JSON = new JsonMapper();
  private static final String DONE =
      """
      built 1 package
      kept 40 commits
      it runs
      removed
      """;

  /// The build of the package alone executes more.
  private static final int LEAST = 2_000;

  private Path folder;
  private Path script;

  @BeforeEach
  void fetchSources() throws Exception {
    folder = Folders.make("redoubt-host-");
    script = folder.resolve("host-workload.sh");
    try (InputStream text = WholeHostCampaign.class.getResourceAsStream("host-workload.sh")) {
      Files.copy(Objects.requireNonNull(text), script, StandardCopyOption.REPLACE_EXISTING);
    }
    workload("prepare").requireSuccess();
  }

  @AfterEach
  void removeFolder() {
    Outcome.of("rm", "-rf", "--one-file-system", folder).requireSuccess();
  }

  @Test
  void theHostWorksUnharmedAndIsRecorded() throws Exception {
    workload("work").requireSuccess(); // what the work reads is in memory from now on
    long begin = System.nanoTime();
    assertEquals(DONE, workload("work").requireSuccess().output());
    double bareSeconds = secondsSince(begin);

    try (RunningAgent agent = RunningAgent.startOnWholeHost(WORK_LIMIT)) {
      List<Exec> execs;
      Outcome work;
      begin = System.nanoTime();
      try (ExecWitness witness = ExecWitness.start()) {
        work = workload("work");
        execs = witness.execsBelow((int) work.pid());
      }
      double seconds = secondsSince(begin);
      assertEquals(DONE, work.output());
      assertTrue(execs.size() >= LEAST, "execs=" + execs.size());

      Comparison comparison = new Comparison(execs, recordsOf(agent, execs));
      System.out.printf(
          "figures: whole host: %s, %.1f s, without an agent %.1f s%n",
          comparison, seconds, bareSeconds);
      comparison.requireAgreement();
      assertEquals(0, agent.counter("journal_lost_total"));
      assertEquals(0, agent.counter("records_lost_total"));
      assertEquals(0, agent.counter("queue_overflows_total"));
      assertEquals(0, agent.stop());
    }
  }

  private Outcome workload(String what) {
    return Outcome.within(WORK_LIMIT, "sh", script, what, folder, USER);
  }

  private static double secondsSince(long nanos) {
    return (System.nanoTime() - nanos) / 1e9;
  }

  /// The records of the witnessed processes, but of the loader, which the kernel asks about once
  /// for each dynamic program.
  private static List<JournalLine> recordsOf(RunningAgent agent, List<Exec> execs)
      throws Exception {
    Set<Integer> pids = execs.stream().map(Exec::pid).collect(Collectors.toSet());
    String loader = Programs.loader().toRealPath().toString();
    return agent.awaitDecisions(
        execs.size(), line -> pids.contains(line.pid()) && !line.path().equals(loader));
  }

  /// What the kernel's process events say beside what the journal says.
  private static final class Comparison {
    private final Set<String> problems = new TreeSet<>();
    private final int executions;
    private final int records;
    private int digests;
    private int gone;
    private int otherParents;

    Comparison(List<Exec> execs, List<JournalLine> lines) throws Exception {
      executions = execs.size();
      records = lines.size();
      Map<Integer, List<JournalLine>> byPid =
          lines.stream().collect(Collectors.groupingBy(JournalLine::pid));
      Map<Integer, List<Exec>> execsByPid =
          execs.stream().collect(Collectors.groupingBy(Exec::pid));
      Map<String, Kind> kinds = new HashMap<>();
      for (Map.Entry<Integer, List<Exec>> entry : execsByPid.entrySet()) {
        compare(entry.getValue(), byPid.getOrDefault(entry.getKey(), List.of()), kinds);
      }
      compareDigests(lines);
    }

    private enum Kind {
      PROGRAM,
      OTHER,
      GONE
    }

    /// A program is executed once for each event of it; a script is asked about, too, but what is
    /// executed is its interpreter. Of a file that is gone, nobody can tell any more which it was.
    private void compare(List<Exec> execs, List<JournalLine> lines, Map<String, Kind> kinds)
        throws Exception {
      int programs = 0;
      int unknown = 0;
      for (JournalLine line : lines) {
        switch (kinds.computeIfAbsent(line.path(), Comparison::kindOf)) {
          case PROGRAM -> programs++;
          case GONE -> unknown++;
          case OTHER -> {}
        }
        if (!line.answer().equals("ALLOW")) {
          problems.add("denied: " + line.raw());
        }
        if (!isExpected(line.userId(), line.path())) {
          problems.add("user: " + line.raw());
        }
        int parent = JSON.readTree(line.raw()).at("/actor/process/parent_process/pid").asInt();
        if (parent != execs.getFirst().parentPid()) {
          otherParents++;
        }
      }
      if (execs.size() < programs || execs.size() > programs + unknown) {
        problems.add(
            "process "
                + execs.getFirst()
                + ": executed="
                + execs.size()
                + " recorded="
                + lines.stream().map(JournalLine::path).toList());
      }
    }

    /// The work is root's and one user's, but that apt and dpkg have helpers with users of their
    /// own.
    private static boolean isExpected(long user, String path) {
      return user == 0
          || user == Long.parseLong(USER)
          || path.equals("/usr/bin/mandb")
          || path.startsWith("/usr/lib/apt/");
    }

    private static Kind kindOf(String path) {
      try (InputStream file = Files.newInputStream(Path.of(path))) {
        byte[] magic = file.readNBytes(4);
        boolean elf = magic.length == 4 && magic[0] == 0x7f && magic[1] == 'E' && magic[2] == 'L';
        return elf ? Kind.PROGRAM : Kind.OTHER;
      } catch (IOException _) {
        return Kind.GONE;
      }
    }

    private void compareDigests(List<JournalLine> lines) throws IOException {
      Map<String, Set<String>> byPath =
          lines.stream()
              .filter(line -> !line.sha256().isEmpty())
              .collect(
                  Collectors.groupingBy(
                      JournalLine::path,
                      Collectors.mapping(JournalLine::sha256, Collectors.toSet())));
      for (Map.Entry<String, Set<String>> entry : byPath.entrySet()) {
        Path file = Path.of(entry.getKey());
        if (!Files.isRegularFile(file)) {
          gone++;
        } else if (entry.getValue().contains(KnownBad.sha256(Files.readAllBytes(file)))) {
          digests++;
        } else {
          problems.add("digest: " + entry);
        }
      }
    }

    /// A process whose parent has ended before it has another one now.
    void requireAgreement() {
      assertTrue(problems.isEmpty(), () -> String.join("\n", problems));
      assertTrue(otherParents * 100 <= records, () -> "parents differ: count=" + otherParents);
      assertTrue(digests >= 50, () -> "digests compared: count=" + digests);
    }

    @Override
    public String toString() {
      return "executions="
          + executions
          + " records="
          + records
          + " digests="
          + digests
          + " filesGone="
          + gone
          + " otherParents="
          + otherParents
          + " problems="
          + problems.size();
    }
  }
}
