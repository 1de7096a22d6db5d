package redoubt.testing.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import redoubt.agent.journal.JournalLine;

/// The owner adds engines in other languages to a running agent, grants and revokes: each is
/// confined as ours is, judges only what it may, and the agent goes on all the while.
class GrantsTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Path EXAMPLES =
      Path.of("../../engine/examples").toAbsolutePath().normalize();

  private static ScratchFileSystem scratch;
  private static RunningAgent agent;
  private static Path folder;
  private static int trials;

  /// The example engines.
  enum Example {
    C("c", "%s/c/hash-engine", "runtime=c"),
    PYTHON(
        "python", "/usr/bin/python3 %s/python/hash_engine.py", "runtime=python\nfiles=%s/python");

    private final String id;
    private final String command;
    private final String more;

    Example(String id, String command, String more) {
      this.id = id;
      this.command = command;
      this.more = more;
    }

    Path manifest() throws IOException {
      return Files.writeString(
          folder.resolve(id + ".engine"),
          "id=%s\ncommand=%s\nauth=exec\ncontent=hash-list\n%s\n"
              .formatted(id, command.formatted(folder), more.formatted(folder)));
    }
  }

  @BeforeAll
  static void start() throws Exception {
    folder = Folders.make("redoubt-examples-");
    Outcome.of("cp", "-r", EXAMPLES.resolve("python"), folder.resolve("python")).requireSuccess();
    make("c", folder.resolve("c"));
    make("python", folder.resolve("python/build"));
    Outcome.of("chmod", "-R", "go+rX", folder).requireSuccess();
    scratch = ScratchFileSystem.ext4(32);
    agent = RunningAgent.start(scratch);
  }

  private static void make(String room, Path out) {
    Outcome.of("make", "-s", "-C", EXAMPLES.resolve(room), "OUT=" + out).requireSuccess();
  }

  @AfterAll
  static void stop() throws Exception {
    agent.close();
    scratch.close();
    Outcome.of("rm", "-rf", folder).requireSuccess();
  }

  @ParameterizedTest
  @EnumSource
  void anEngineInAnyLanguageJudgesWhatItIsGranted(Example example) throws Exception {
    int pid = agent.pid();
    agent.command("engines", "add", example.manifest()).requireSuccess();
    awaitReady(example.id);
    assertEquals("[\"observe:exec\"]", engine(example.id).path("rightsGranted").toString());
    JournalLine before = denied();
    assertTrue(!before.raw().contains("\"" + example.id + "\""), "it may not judge yet");

    agent.command("engines", "grant", example.id, "judge:exec").requireSuccess();
    awaitReady(example.id);
    JournalLine after = denied();
    assertTrue(after.raw().contains("\"" + example.id + "\""), after::raw);
    assertTrue(engine(example.id).path("denied").asLong() > 0);

    agent.command("engines", "revoke", example.id, "judge:exec").requireSuccess();
    awaitReady(example.id);
    assertTrue(!denied().raw().contains("\"" + example.id + "\""), "it may not judge any more");

    agent.command("engines", "remove", example.id).requireSuccess();
    assertEquals(1, agent.status().path("engines").size());
    assertTrue(denied().raw().contains("scanner"), "the others go on");
    assertEquals(pid, agent.pid(), "the agent was started again" + agent.log());
    for (String change : List.of("started", "ended")) {
      agent.awaitLine(
          "notice of the change",
          line ->
              line.code().equals("POLICY_CHANGED")
                  && line.message().equals(example.id + " " + change));
    }
  }

  @Test
  void ourOwnEngineCanBeRevokedLikeAnyOther() throws Exception {
    agent.command("engines", "revoke", "scanner", "judge:exec").requireSuccess();
    awaitReady("scanner");
    assertTrue(Outcome.of(bad()).ran(), "nobody judges");
    agent.command("engines", "grant", "scanner", "all").requireSuccess();
    awaitReady("scanner");
    denied();
  }

  /// A denial of a bad program that nobody has judged before.
  private static JournalLine denied() throws Exception {
    Path bad = bad();
    Outcome outcome = Outcome.of(bad);
    assertTrue(outcome.denied(), () -> outcome + agent.log());
    return agent.awaitDecision(bad);
  }

  private static Path bad() throws IOException {
    trials++;
    return scratch.program("trial-" + trials + "/bad", Specimen.SCRIPT.bad());
  }

  private static void awaitReady(String id) throws Exception {
    Await.until(
        id + " ready" + agent.log(),
        LIMIT,
        () -> engine(id).path("state").asText().equals("ready"));
  }

  private static JsonNode engine(String id) throws IOException {
    for (JsonNode engine : agent.status().path("engines")) {
      if (engine.path("id").asText().equals(id)) {
        return engine;
      }
    }
    throw new AssertionError("no such engine: id=" + id);
  }
}
