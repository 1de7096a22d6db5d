package redoubt.testing.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redoubt.core.model.Sha256;

/// What rules wish to be done about processes is done if the owner granted it, and only then.
class ResponseTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final JsonMapper JSON = new JsonMapper();
  @TempDir private static Path rules;

  private static ScratchFileSystem scratch;
  private static RunningAgent agent;
  private static Path tool;
  private final List<Process> started = new ArrayList<>();

  @BeforeAll
  static void start() throws Exception {
    List<String> actions = List.of("kill_tree", "freeze", "collect");
    for (int i = 0; i < actions.size(); i++) {
      String action = actions.get(i);
      Files.writeString(
          rules.resolve(action + ".yml"),
          """
          title: A process that says %1$s
          id: 0f7e2f5e-2a6a-4d53-8c2e-%2$012d
          tags: [redoubt.%1$s]
          logsource: {product: linux, category: process_creation}
          detection:
            words: {CommandLine|contains: 'says-%1$s'}
            condition: words
          """
              .formatted(action, i));
    }
    scratch = ScratchFileSystem.ext4(64);
    tool = Files.copy(Path.of("/usr/bin/sleep"), scratch.root().resolve("tool"));
    Outcome.of("chmod", "+x", tool).requireSuccess();
    Files.writeString(
        rules.resolve("digest.yml"),
        """
        title: A program that is known by its digest
        id: 0f7e2f5e-2a6a-4d53-8c2e-000000000009
        tags: [redoubt.kill_tree]
        logsource: {product: linux, category: process_creation}
        detection:
          program: {Hashes|contains: 'SHA256=%s'}
          condition: program
        """
            .formatted(Sha256.hash(Files.readAllBytes(tool))));
    Files.writeString(
        rules.resolve("expand.yml"),
        """
        title: A process that says what its owner listens for
        id: 0f7e2f5e-2a6a-4d53-8c2e-000000000008
        tags: [redoubt.kill_tree]
        logsource: {product: linux, category: process_creation}
        detection:
          words: {CommandLine|contains|expand: 'says-%word%'}
          condition: words
        """);
    Path values = Files.writeString(rules.resolve("values.txt"), "word: [magic, wonder]\n");
    agent = RunningAgent.start(scratch, "--rules", rules, "--values", values);
    agent
        .command("engines", "grant", "sigma", "respond:kill_tree", "respond:freeze")
        .requireSuccess();
    Await.until(
        "sigma ready" + agent.log(),
        PATIENCE,
        () -> sigma().path("state").asText().equals("ready"));
  }

  @AfterAll
  static void stop() throws Exception {
    agent.close();
    scratch.close();
  }

  @AfterEach
  void end() {
    for (Process process : started) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  @Test
  void aProcessAndWhatItStartedAreEnded() throws Exception {
    Process process = say("kill_tree");
    ProcessHandle child = childOf(process);

    awaitNotice("RESPONDED", process);
    Await.until("its end", PATIENCE, () -> !process.isAlive());
    Await.until("its child's end", PATIENCE, () -> !Processes.isRunning(child.pid()));
  }

  /// The same bytes run elsewhere all the time; what lies here was examined before it started.
  @Test
  void aProgramIsEndedForWhatItIs() throws Exception {
    Process process = new ProcessBuilder(tool.toString(), "300").start();
    started.add(process);
    awaitNotice("RESPONDED", process);
    Await.until("its end", PATIENCE, () -> !process.isAlive());
  }

  @Test
  void whatTheOwnerListensForIsFilledIn() throws Exception {
    Process process = say("wonder");
    awaitNotice("RESPONDED", process);
    Await.until("its end", PATIENCE, () -> !process.isAlive());
  }

  @Test
  void whatIsStoppedGoesOnWhenItsOwnerSaysSo() throws Exception {
    Process process = say("freeze");
    ProcessHandle child = childOf(process);

    awaitNotice("RESPONDED", process);
    assertEquals("T", Processes.state(process.pid()));
    assertEquals("T", Processes.state(child.pid()));
    JsonNode frozen = frozen();
    assertEquals("sigma", frozen.at("/0/engine").asText(), frozen::toString);
    agent.command("thaw", frozen.at("/0/freeze").asText()).requireSuccess();
    Await.until("it goes on", PATIENCE, () -> Processes.state(process.pid()).equals("S"));
    Await.until("its child goes on", PATIENCE, () -> Processes.state(child.pid()).equals("S"));
    assertEquals(0, frozen().size());
  }

  /// Of what the rules wish, collecting was not granted.
  @Test
  void whatWasNotGrantedIsNotDone() throws Exception {
    Process process = say("collect");
    agent.awaitLine("the finding", line -> line.raw().contains("A process that says collect"));
    Await.until("the refusal", PATIENCE, () -> agent.counter("responses_refused_total") > 0);
    assertEquals("S", Processes.state(process.pid()));
    assertEquals(0, agent.counter("responses_collected_total"));
  }

  private Process say(String word) throws Exception {
    Process process =
        new ProcessBuilder("/bin/sh", "-c", "sleep 300 & : says-" + word + "; wait").start();
    started.add(process);
    return process;
  }

  private static ProcessHandle childOf(Process process) throws Exception {
    Await.until("a child", PATIENCE, () -> process.children().findAny().isPresent());
    return process.children().findAny().orElseThrow();
  }

  private static void awaitNotice(String kind, Process process) throws Exception {
    String who = "pid=" + process.pid() + " ";
    agent.awaitLine(kind, line -> line.code().equals(kind) && line.message().contains(who));
  }

  private static JsonNode frozen() throws Exception {
    return JSON.readTree(agent.command("frozen", "--json").output());
  }

  private static JsonNode sigma() throws Exception {
    for (JsonNode engine : agent.status().path("engines")) {
      if (engine.path("id").asText().equals("sigma")) {
        return engine;
      }
    }
    throw new AssertionError("no engine sigma" + agent.log());
  }
}
