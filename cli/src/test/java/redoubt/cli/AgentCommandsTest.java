package redoubt.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import redoubt.agent.response.FrozenList;
import redoubt.core.model.EngineMode;
import redoubt.core.wire.ControlReply;
import redoubt.core.wire.ControlRequest;

/// `status`, `engines`, `mode`, `frozen`, `thaw` and `stop`: what is asked of the agent and how its
/// answer looks.
final class AgentCommandsTest {
  @TempDir Path temporary;
  private CommandHost host;

  @BeforeEach
  void createHost() throws Exception {
    host = new CommandHost(temporary);
  }

  @Test
  void statusTellsWhatIsProtectedByWhomAndWhere() throws Exception {
    try (ControlServer _ = ControlServer.healthy(host.directories)) {
      CommandHost.Result result = host.run("status");

      assertEquals(ExitCode.OK, result.status(), result.err());
      for (String fact :
          List.of(
              "enforcing",
              "pid " + ProcessHandle.current().pid(),
              "up 2 h 5 min",
              "generation 3",
              "2588 protected files",
              "scanner",
              "local-0123456789ab",
              "180 µs",
              "1.1 ms",
              "/mnt/share")) {
        assertTrue(result.out().contains(fact), fact + " is missing in\n" + result.out());
      }
      assertFalse(result.out().contains("redoubt_events_total"));
      assertTrue(host.run("status", "--counters").out().contains("redoubt_events_total"));
    }
  }

  @Test
  void statusAsJsonHasEveryFieldOfTheReply() throws Exception {
    try (ControlServer _ = ControlServer.healthy(host.directories)) {
      JsonNode json = host.run("status", "--json").json();

      for (var field : ControlReply.Status.class.getRecordComponents()) {
        assertTrue(json.has(field.getName()), field.getName());
      }
      for (var field : ControlReply.Engine.class.getRecordComponents()) {
        assertTrue(json.at("/engines/0").has(field.getName()), field.getName());
      }
      assertEquals(ProcessHandle.current().pid(), json.path("pid").asLong());
      assertEquals("nfs4", json.at("/coverage/1/type").asText());
      assertEquals(1234, json.at("/counters/redoubt_events_total").asLong());
    }
  }

  @Test
  void withoutAnAgentTheStatusIsThreeAndTheFixIsNamed() throws Exception {
    CommandHost.Result result = host.run("status");
    assertEquals(ExitCode.NO_AGENT, result.status());
    assertTrue(result.err().startsWith("problem: the agent is not running"));
    assertTrue(result.err().contains("fix: to protect this host: redoubt run"));

    CommandHost.Result asJson = host.run("status", "--json");
    assertEquals(ExitCode.NO_AGENT, asJson.status());
    assertEquals(3, asJson.json().path("exitCode").asInt());
  }

  @Test
  void whatAnEngineCallsItselfCannotDriveTheTerminal() throws Exception {
    try (ControlServer _ = ControlServer.healthy(host.directories)) {
      CommandHost.Result result = host.run("engines");

      assertFalse(result.out().contains("\u001b"), result.out());
      assertTrue(result.out().contains("Scanner \\u{1b}[31m"));
      assertTrue(result.out().contains("local (owner key 01234567)"));
      assertEquals(ExitCode.NO, host.run("engines", "other").status());
    }
  }

  @Test
  void coloursAppearOnlyWhereTheyAreWanted() throws Exception {
    try (ControlServer _ = ControlServer.healthy(host.directories)) {
      StringWriter out = new StringWriter();
      Session colourful =
          host.session(new PrintWriter(out), new PrintWriter(new StringWriter()), true);

      Main.run(colourful, "status");

      assertTrue(out.toString().contains("\u001b[32menforcing\u001b[0m"));
      assertFalse(host.run("status").out().contains("\u001b"));
    }
  }

  @Test
  void whatIsFrozenIsShownWithoutAnAgent() throws Exception {
    assertEquals("no process is frozen\n", host.run("frozen").out());
    Files.createDirectories(host.directories.run());
    Files.writeString(
        host.directories.run().resolve(FrozenList.FILE),
        """
        3\t4711\t18\tsigma\trule-1\t/usr/bin/nc
        no such line
        """);

    String table = host.run("frozen").out();
    assertTrue(table.contains("3  4711  sigma   rule-1  /usr/bin/nc"), table);
    JsonNode json = host.run("frozen", "--json").json();
    assertEquals(1, json.size());
    assertEquals(3, json.at("/0/freeze").asInt());
    assertEquals("/usr/bin/nc", json.at("/0/image").asText());
  }

  @Test
  void whatIsFrozenIsThawedByNumberOrAll() throws Exception {
    try (ControlServer server = ControlServer.healthy(host.directories)) {
      assertEquals("done as asked\n", host.run("thaw", "3").out());
      assertEquals("done as asked\n", host.run("thaw", "all").out());
      assertEquals(
          List.of(new ControlRequest.Thaw(3), new ControlRequest.Thaw(0)), server.requests);
    }
    for (String wrong : List.of("0", "-1", "x", "")) {
      assertEquals(ExitCode.USAGE, host.run("thaw", wrong).status(), wrong);
    }
    assertEquals(ExitCode.NO_AGENT, host.run("thaw", "3").status());
  }

  @Test
  void modeIsSetForOneEngineOrForAll() throws Exception {
    try (ControlServer server = ControlServer.healthy(host.directories)) {
      assertEquals("done as asked\n", host.run("mode", "scanner", "monitor").out());
      assertEquals(ExitCode.OK, host.run("mode", "Enforce").status());
      assertEquals("enforce", host.run("mode", "--json").json().path("scanner").asText());

      assertEquals(
          List.of(
              new ControlRequest.SetMode("scanner", EngineMode.MONITOR),
              new ControlRequest.SetMode("", EngineMode.ENFORCE),
              new ControlRequest.Status()),
          server.requests);
    }
    assertEquals(ExitCode.USAGE, host.run("mode", "off").status());
    assertEquals(ExitCode.USAGE, host.run("mode", "a", "b", "monitor").status());
  }

  @ParameterizedTest
  @CsvSource({"permission, 4", "unknown-engine, 2", "invalid, 2", "internal, 5", "new-word, 5"})
  void aRefusalKeepsItsWordsAndGetsItsExitStatus(String code, int status) throws Exception {
    try (ControlServer _ =
        ControlServer.replying(
            host.directories, _ -> new ControlReply.Failed(code, "not so: x=1", "do this"))) {
      CommandHost.Result result = host.run("mode", "monitor");

      assertEquals(status, result.status());
      assertEquals("problem: not so: x=1\nfix: do this\n", result.err());
    }
  }

  @Test
  void stopReturnsWhenTheAgentHasEnded() throws Exception {
    Process agent = new ProcessBuilder("sleep", "600").start();
    try (ControlServer server =
        ControlServer.replying(
            host.directories,
            request -> {
              if (request instanceof ControlRequest.Stop) {
                agent.destroy();
                return new ControlReply.Done("stopping");
              }
              return ControlServer.status((int) agent.pid());
            })) {
      CommandHost.Result result = host.run("stop", "--reason", "maintenance");

      assertEquals(ExitCode.OK, result.status(), result.err());
      // Two threads of this JVM wait for the child; this one may learn of its end a moment later.
      assertTrue(agent.waitFor(1, TimeUnit.SECONDS));
      assertEquals(new ControlRequest.Stop("maintenance", ""), server.requests.getLast());
    } finally {
      agent.destroyForcibly();
    }
  }

  @Test
  void anAgentThatIsSilentIsGivenUpInTime() throws Exception {
    try (ControlServer _ = ControlServer.sending(host.directories, _ -> new byte[0])) {
      AgentClient client =
          new AgentClient(host.directories.controlSocket(), Duration.ofMillis(150));

      Problem problem = assertThrows(Problem.class, client::status);

      assertEquals(ExitCode.NO_AGENT, problem.exitCode());
      assertTrue(problem.getMessage().contains("patience=150ms"));
    }
  }

  @Test
  void anAnswerThatIsNoneIsAnInternalError() throws Exception {
    try (ControlServer _ = ControlServer.sending(host.directories, _ -> new byte[] {1, 2, 3})) {
      assertEquals(ExitCode.INTERNAL, host.run("status").status());
    }
    try (ControlServer _ =
        ControlServer.replying(host.directories, _ -> new ControlReply.Done("what?"))) {
      assertEquals(ExitCode.INTERNAL, host.run("status").status());
    }
  }
}
