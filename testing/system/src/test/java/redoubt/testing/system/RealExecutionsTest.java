package redoubt.testing.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import redoubt.agent.journal.JournalLine;
import redoubt.testing.system.ExecWitness.Exec;

/// Real work on a protected file system: a build, a version control system, a package manager and
/// small tools run unharmed, and each of their executions is recorded once and rightly, as compared
/// with what the kernel's process events say.
class RealExecutionsTest {
  private static final int USER = 54321;
  private static final JsonMapper JSON = new JsonMapper();
  private static final String DONE = "objects 61\ncommits 60\nqueries 40\nturns 300\n";

  /// At least so many executions: 3 for an object, 2 for a commit or query, 3 for a turn.
  private static final int LEAST = 60 * 3 + 60 * 2 + 40 * 2 + 300 * 3;

  private static final Map<String, String> ENVIRONMENT =
      Map.of(
          "HOME", "/nonexistent",
          "PATH", "/usr/sbin:/usr/bin:/sbin:/bin",
          "GIT_CONFIG_NOSYSTEM", "1",
          "GIT_CONFIG_COUNT", "1",
          "GIT_CONFIG_KEY_0", "maintenance.auto",
          "GIT_CONFIG_VALUE_0", "false",
          "GIT_AUTHOR_NAME", "a",
          "GIT_AUTHOR_EMAIL", "a@example.org",
          "GIT_COMMITTER_NAME", "a",
          "GIT_COMMITTER_EMAIL", "a@example.org");

  private static ScratchFileSystem scratch;
  private static MiniatureRoot root;
  private static RunningAgent agent;

  @BeforeAll
  static void startAgent() throws Exception {
    scratch = ScratchFileSystem.ext4(512);
    root = new MiniatureRoot(scratch.root());
    root.addPrograms(
        "/bin/sh",
        "make",
        "gcc",
        "as",
        "ld",
        "git",
        "dpkg-query",
        "sort",
        "cp",
        "rm",
        "mkdir",
        "cat",
        "ls",
        "wc",
        "/bin/true");
    root.addPrograms(Outcome.of("gcc", "-print-prog-name=cc1").output().strip());
    root.addFile(Path.of("/var/lib/dpkg/status"));
    root.addText("/usr/include/stdc-predef.h", "");
    root.addOpenFolder("/tmp");
    root.addOpenFolder("/work");
    root.addDevice("/dev/null", 1, 3);
    root.addDevice("/dev/urandom", 1, 9);
    try (InputStream script = RealExecutionsTest.class.getResourceAsStream("workload.sh")) {
      byte[] text = Objects.requireNonNull(script).readAllBytes();
      root.addText("/workload.sh", new String(text, StandardCharsets.UTF_8));
    }
    agent = RunningAgent.start(scratch);
  }

  @AfterAll
  static void stopAgent() throws Exception {
    agent.close();
    scratch.close();
  }

  @Test
  void workOfRootIsUnharmedAndRecorded() throws Exception {
    workAs(0);
  }

  @Test
  void workOfAUserIsUnharmedAndRecorded() throws Exception {
    workAs(USER);
  }

  private static void workAs(int user) throws Exception {
    root.addOpenFolder("/work/" + user);
    List<Exec> execs;
    Outcome work;
    try (ExecWitness witness = ExecWitness.start()) {
      work =
          Outcome.of(
              ENVIRONMENT,
              "chroot",
              "--userspec=" + user + ":" + user,
              root.path(),
              "/bin/sh",
              "/workload.sh",
              "/work/" + user);
      execs = witness.execsBelow((int) work.pid());
    }
    assertEquals(DONE, work.output());
    assertTrue(execs.size() >= LEAST, "execs=" + execs.size());

    List<JournalLine> records = recordsOf(user, (int) work.pid(), execs.size());
    assertEquals(0, agent.counter("journal_lost_total"));
    assertEquals(Set.of("ALLOW"), answers(records));
    assertEquals(byProcess(execs), byProcess(recorded(records)));
    assertDigestsAreThoseOfTheFiles(records);
  }

  /// The records of what a user executed, in their order, without those of the loader, which the
  /// kernel asks about once for each dynamic program, and of the shell that began it all.
  private static List<JournalLine> recordsOf(int user, int firstPid, int count) throws Exception {
    String loader = root.inside(Programs.loader()).toString();
    return agent.awaitDecisions(
        count,
        line -> line.userId() == user && line.pid() != firstPid && !line.path().equals(loader));
  }

  private static Set<String> answers(List<JournalLine> records) {
    return records.stream().map(JournalLine::answer).collect(Collectors.toSet());
  }

  private static List<Exec> recorded(List<JournalLine> records) throws Exception {
    List<Exec> execs = new ArrayList<>();
    for (JournalLine line : records) {
      int parent = JSON.readTree(line.raw()).at("/actor/process/parent_process/pid").asInt();
      execs.add(new Exec(line.pid(), parent));
    }
    return execs;
  }

  /// How often each process of each parent executed something.
  private static Map<String, Long> byProcess(List<Exec> execs) {
    return execs.stream()
        .collect(Collectors.groupingBy(Exec::toString, TreeMap::new, Collectors.counting()));
  }

  private static void assertDigestsAreThoseOfTheFiles(List<JournalLine> records) throws Exception {
    Map<String, Set<String>> digests =
        records.stream()
            .collect(
                Collectors.groupingBy(
                    JournalLine::path,
                    Collectors.mapping(JournalLine::sha256, Collectors.toSet())));
    assertTrue(digests.size() >= 12, digests::toString);
    for (Map.Entry<String, Set<String>> entry : digests.entrySet()) {
      Path file = Path.of(entry.getKey());
      assertEquals(
          Set.of(KnownBad.sha256(Files.readAllBytes(file))), entry.getValue(), file.toString());
    }
  }
}
