package redoubt.testing.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redoubt.agent.journal.JournalLine;

/// What processes of this host do, seen by the agent and found by the Sigma engine, which has no
/// rights but to be told.
class BehaviourTest {
  private static final Path RULES = Path.of("../../packaging/content/rules/linux");
  private static final String ENCODED = "echo aWQ= | base64 -d | sh";
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final JsonMapper JSON = new JsonMapper();

  private static ScratchFileSystem scratch;
  private static RunningAgent agent;

  @BeforeAll
  static void start() throws Exception {
    scratch = ScratchFileSystem.ext4(64);
    agent = RunningAgent.start(scratch, "--rules", RULES.toRealPath());
  }

  @AfterAll
  static void stop() throws Exception {
    agent.close();
    scratch.close();
  }

  @Test
  void anAttackIsFoundWithItsRuleItsTechniqueAndItsProcesses() throws Exception {
    Outcome.of("sh", "-c", ENCODED).requireSuccess();
    // What started the shell has the same words among its arguments, and is found too.
    JsonNode finding =
        await("decoded and handed to a shell", "\"cmd_line\":\"sh -c " + ENCODED + "\"");
    assertEquals("sigma", finding.at("/unmapped/engine").asText());
    assertEquals(2004, finding.path("class_uid").asInt());
    assertEquals("High", finding.path("severity").asText());
    assertFalse(finding.at("/finding_info/attacks/0/technique/uid").asText().isEmpty());
    assertEquals("CommandLine", finding.at("/unmapped/reasons/0/field").asText());
    JsonNode process = finding.at("/evidences/0/process");
    assertEquals("sh -c " + ENCODED, process.path("cmd_line").asText());
    assertEquals("root", process.at("/user/name").asText());
    JsonNode parent = process.path("parent_process");
    assertEquals(ProcessHandle.current().pid(), parent.path("pid").asLong());
    assertTrue(parent.path("path").asText().endsWith("/java"), process::toString);
    assertTrue(parent.at("/parent_process/pid").asLong() > 0, process::toString);
  }

  /// The file lies on a file system that the agent covers, under a name that is sought by its end.
  @Test
  void aFileThatIsPutInPlaceIsFoundWithWhoDidIt() throws Exception {
    Path home = Files.createDirectories(scratch.root().resolve("home/.ssh"));
    // It is there for a while before, so that it is known, however busy the host is.
    Outcome.of("sh", "-c", "sleep 0.2; echo key > " + home + "/authorized_keys").requireSuccess();
    JsonNode finding = await("a key", home + "/authorized_keys");
    assertEquals("sigma", finding.at("/unmapped/engine").asText());
    assertEquals("TargetFilename", finding.at("/unmapped/reasons/0/field").asText());
    assertTrue(
        finding
            .at("/evidences/0/process/cmd_line")
            .asText()
            .startsWith("sh -c sleep 0.2; echo key"),
        finding::toString);
    assertTrue(
        finding.at("/evidences/0/process/parent_process/pid").asLong() > 0, finding::toString);
  }

  /// In a network namespace of its own, where nobody answers.
  @Test
  void aShellThatConnectsOutIsFoundWithWhereTo() throws Exception {
    String connect = "exec 3<>/dev/tcp/192.0.2.1/4444";
    Outcome.of(
            "unshare",
            "-n",
            "sh",
            "-c",
            "ip link set lo up; ip address add 192.0.2.1/32 dev lo; bash -c '"
                + connect
                + "'; true")
        .requireSuccess();
    JsonNode finding = await("the connection", "A shell connects to another host by itself");
    JsonNode process = finding.at("/evidences/0/process");
    assertEquals("bash -c " + connect, process.path("cmd_line").asText());
    assertTrue(
        process.at("/parent_process/cmd_line").asText().startsWith("sh -c ip link"),
        finding::toString);
  }

  @Test
  void ordinaryWorkIsNoFinding() throws Exception {
    attack("first");
    await("the first one", "# first");
    List<String> before = findings();
    for (int i = 0; i < 200; i++) {
      Outcome.of("sh", "-c", "id; date; echo " + i + " | tr 0-9 a-j").requireSuccess();
    }
    attack("last");
    await("the last one", "# last");
    List<String> more = findings();
    more.removeAll(before);
    more.removeIf(finding -> finding.contains(ENCODED)); // of this test and of others
    assertEquals(List.of(), more);
  }

  @Test
  void theEngineHearsAndJudgesNothing() throws Exception {
    for (JsonNode engine : agent.status().path("engines")) {
      if (engine.path("id").asText().equals("sigma")) {
        assertEquals("ready", engine.path("state").asText());
        assertEquals(0, engine.path("asked").asLong());
        assertEquals(
            List.of(
                "observe:account_change",
                "observe:account_create",
                "observe:account_delete",
                "observe:audit_record",
                "observe:device_connect",
                "observe:device_disconnect",
                "observe:dns_message",
                "observe:file_create",
                "observe:file_delete",
                "observe:file_modify",
                "observe:file_rename",
                "observe:login",
                "observe:login_failure",
                "observe:logout",
                "observe:module_load",
                "observe:mount",
                "observe:net_connect",
                "observe:process_access",
                "observe:process_exit",
                "observe:process_start",
                "observe:unmount"),
            JSON.convertValue(engine.path("rightsGranted"), List.class));
        assertTrue(engine.path("contentEntries").asLong() >= 20, engine::toString);
        return;
      }
    }
    throw new AssertionError("no engine sigma" + agent.status());
  }

  @Test
  void nothingIsLostAndWhatWasSeenIsCounted() throws Exception {
    long before = agent.counter("host_events_total");
    Outcome.of("sh", "-c", "for i in $(seq 500); do /bin/true; done").requireSuccess();
    Await.until(
        "500 starts and 500 exits",
        PATIENCE,
        () -> agent.counter("host_events_total") >= before + 1_000);
    assertEquals(0, agent.counter("process_events_lost_total"));
    assertEquals(0, agent.counter("notify_lost_total"), () -> "status: " + state());
  }

  /// What a build does is mostly what no rule asks for: it never reaches the engine.
  @Test
  void nineOfTenEventsOfABuildAreHeldBack(@TempDir Path folder) throws Exception {
    StringBuilder makefile = new StringBuilder("all:");
    for (int i = 0; i < 40; i++) {
      Files.writeString(folder.resolve("part" + i + ".c"), "int f" + i + "(void){return 1;}\n");
      makefile.append(" part").append(i).append(".o");
    }
    makefile.append("\n%.o: %.c\n\t@echo cc $<; gcc -O1 -c $< -o $@\n");
    Files.writeString(folder.resolve("Makefile"), makefile);
    long seenBefore = agent.counter("host_events_total");
    long heldBefore = agent.counter("notify_filtered_total");
    Outcome.of("make", "-j2", "-C", folder).requireSuccess();
    Await.until(
        "a start and an end each of make, 40 shells, compilers and assemblers",
        PATIENCE,
        () -> agent.counter("host_events_total") >= seenBefore + 400);
    Await.until(
        "nine of ten held back",
        PATIENCE,
        () -> {
          long seen = agent.counter("host_events_total") - seenBefore;
          long held = agent.counter("notify_filtered_total") - heldBefore;
          System.out.printf("figures: build: %d events, %d held back%n", seen, held);
          return held >= seen * 9 / 10;
        });
  }

  @Test
  void rulesThatCannotBeUsedAreReportedAndTheRestIsUsed(@TempDir Path folder) throws Exception {
    Files.writeString(folder.resolve("broken.yml"), "title: broken\ndetection: [\n");
    Files.writeString(
        folder.resolve("mine.yml"),
        """
        title: A word of mine
        logsource: {product: linux, category: process_creation}
        detection:
          sel: {CommandLine|contains: a-word-of-mine}
          condition: sel
        """);
    try (ScratchFileSystem other = ScratchFileSystem.ext4(64);
        RunningAgent with = RunningAgent.start(other, "--rules", folder)) {
      with.awaitLine(
          "the broken rule",
          line -> line.kind() == JournalLine.Kind.FINDING && line.rule().contains("broken.yml"));
      Outcome.of("sh", "-c", "echo a-word-of-mine").requireSuccess();
      with.awaitLine(
          "my word",
          PATIENCE,
          line ->
              line.kind() == JournalLine.Kind.FINDING && line.message().equals("A word of mine"));
    }
  }

  /// An attack whose shell is there long enough to be looked at, however busy the host is.
  private static void attack(String name) {
    Outcome.of("sh", "-c", "sleep 0.2; " + ENCODED + " # " + name).requireSuccess();
  }

  private static String state() {
    return agent.command("status", "--json").output();
  }

  private static List<String> findings() throws Exception {
    return agent.journal(line -> line.kind() == JournalLine.Kind.FINDING).stream()
        .map(JournalLine::raw)
        .collect(Collectors.toList());
  }

  private static JsonNode await(String what, String words) throws Exception {
    JournalLine line =
        agent.awaitLine(
            what,
            PATIENCE,
            one -> one.kind() == JournalLine.Kind.FINDING && one.raw().contains(words));
    return JSON.readTree(line.raw());
  }
}
