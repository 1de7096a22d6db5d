package redoubt.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redoubt.agent.policy.SettingsFile;
import redoubt.core.wire.ControlRequest;

class ConfigCommandsTest {
  private static final Path SCHEMA = Path.of("../spec/config/redoubt.schema.json");
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir Path temporary;
  private CommandHost host;
  private Path file;

  @BeforeEach
  void makeHost() throws IOException {
    host = new CommandHost(temporary);
    file = host.directories.config().resolve("redoubt.yaml");
  }

  private void write(String text) throws IOException {
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
  }

  private List<String> options(Path settings) throws Exception {
    return SettingsFile.read(settings).orElseThrow().options();
  }

  @Test
  void aGoodOneIsCalledThat() throws Exception {
    write(
        """
        # What people may see.
        mode: monitor
        filesystem: [/, /proc]
        quarantine: true
        clamav: false
        soft-deadline-ms: 100
        """);
    assertEquals("good: " + file + ", 5 settings\n", host.run("config", "check").out());
    assertEquals(5, host.run("config", "check", "--json").json().path("settings").asInt());
    assertEquals(ExitCode.OK, host.run("config", "compile").status());
    assertEquals(
        List.of(
            "--mode=monitor",
            "--filesystem=/",
            "--filesystem=/proc",
            "--quarantine",
            "--soft-deadline-ms=100"),
        options(SettingsFile.in(host.directories.state())));
  }

  @Test
  void withoutOneEverySettingHasItsDefault() {
    assertTrue(host.run("config", "check").out().contains("no configuration"));
    assertEquals(ExitCode.USAGE, host.run("config", "check", "/nowhere").status());
    assertEquals("none", path(host.run("config", "show", "--json"), "state"));
    assertTrue(host.run("config", "show", "--all").out().contains("soft-deadline-ms"));
  }

  private static String path(CommandHost.Result result, String name) {
    try {
      return result.json().path(name).asText();
    } catch (IOException e) {
      throw new AssertionError(result.out(), e);
    }
  }

  @Test
  void aWrongOneIsToldByItsLine() throws Exception {
    record Wrong(String text, int line, String what) {}
    for (Wrong wrong :
        List.of(
            new Wrong("mode: enforce\nmoed: monitor\n", 2, "no such setting: moed; perhaps mode"),
            new Wrong("mode: maybe\n", 1, "mode"),
            new Wrong("clamav: true\nmode: [monitor]\n", 2, "one value, no list: mode"),
            new Wrong("mode: monitor\nmode: enforce\n", 2, "twice: mode"),
            new Wrong("clamav: sometimes\n", 1, "not true or false: clamav=sometimes"),
            new Wrong("filesystem: data\n", 1, "no absolute path: filesystem=data"),
            new Wrong("\n\nprotect:\n  - /nowhere/x\n", 3, "protect=/nowhere/x"),
            new Wrong("ransomware: report\ncanary: /nowhere/x\n", 2, "canary=/nowhere/x"),
            new Wrong("soft-deadline-ms: soon\n", 1, "soft-deadline-ms"),
            new Wrong("soft-deadline-ms: 5\n", 1, "out of range, 10 to 10000"),
            new Wrong("hard-deadline-ms: 1000\n", 1, "at least 1250 ms behind"),
            new Wrong("never-block: [foo]\nblock-addresses: /etc/hosts\n", 1, "never-block=foo"),
            new Wrong("hello-limit-ms: 10\n", 1, "out of range, 1000 to 600000"),
            new Wrong("kill-late: true\nobserve-only: true\n", 2, "nothing is denied"),
            new Wrong("mode:\n", 1, "no value: mode"),
            new Wrong("mode: {a: b}\n", 1, "neither a value nor a list of values: mode"),
            new Wrong("- mode\n", 1, "not settings with values"),
            new Wrong("mode: monitor\n---\nmode: enforce\n", 3, "a second document"),
            new Wrong("mode: [\n", 2, "not YAML"),
            new Wrong("content: \"/a\\nb\"\n", 1, "control character"))) {
      write(wrong.text());
      CommandHost.Result result = host.run("config", "check");
      assertEquals(ExitCode.NO, result.status(), wrong.text());
      String at = "problem: " + file + ":" + wrong.line() + ": ";
      assertTrue(result.err().startsWith(at), wrong.text() + result.err());
      assertTrue(result.err().contains(wrong.what()), wrong.text() + result.err());
      // What is not there is left out by a start, so that the rest counts.
      boolean leftOut = wrong.text().contains("/nowhere");
      assertEquals(leftOut ? 0 : 1, host.run("config", "compile").status(), wrong.text());
      Path settings = SettingsFile.in(host.directories.state());
      assertEquals(leftOut, Files.deleteIfExists(settings), wrong.text());
    }
  }

  @Test
  void oneThatOthersMayWriteIsNotBelieved() throws Exception {
    write("mode: monitor\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
    CommandHost.Result result = host.run("config", "check");
    assertEquals(ExitCode.NO, result.status());
    assertTrue(result.err().contains("chmod go-w " + file), result.err());
  }

  @Test
  void showSaysWhetherItIsInForce() throws Exception {
    write("mode: monitor\n");
    assertEquals("changed", path(host.run("config", "show", "--json"), "state"));
    host.run("config", "compile");
    // An agent that could not start with it says so.
    Path running = SettingsFile.runningIn(host.directories.run());
    Files.writeString(running, SettingsFile.NONE + "\n");
    assertEquals("taken", path(host.run("config", "show", "--json"), "state"));
    Path settings = SettingsFile.in(host.directories.state());
    Files.writeString(running, SettingsFile.read(settings).orElseThrow().source() + "\n");
    CommandHost.Result shown = host.run("config", "show");
    assertTrue(shown.out().contains("in force"), shown.out());
    assertTrue(shown.out().matches("(?s).*mode\\s+monitor\\s+line 1.*"), shown.out());
    write("mode: maybe\nmoed: 1\n");
    assertEquals("wrong", path(host.run("config", "show", "--json"), "state"));
    assertTrue(host.run("config", "show").out().contains("unknown"));
  }

  @Test
  void aSettingIsExplained() throws Exception {
    write("canary: [/a, /b]\n");
    String explained = host.run("config", "explain", "canary").out();
    assertTrue(explained.contains("/a, /b (line 1)"), explained);
    assertTrue(explained.contains("an absolute path; or a list"), explained);
    assertTrue(explained.contains("at once"), explained);
    String fixed = host.run("config", "explain", "soft-deadline-ms").out();
    assertTrue(fixed.contains("its default, 250"), fixed);
    assertTrue(fixed.contains("--restart"), fixed);
    assertEquals(ExitCode.USAGE, host.run("config", "explain", "nothing").status());
    JsonNode all = host.run("config", "explain", "--json").json();
    assertTrue(all.path("settings").size() > 25, all::toString);
    assertTrue(host.run("config", "explain").out().contains("content-probation-seconds"));
  }

  @Test
  void aRunningAgentIsAskedToTakeIt() throws Exception {
    write("mode: monitor\n");
    try (ControlServer server = ControlServer.healthy(host.directories)) {
      assertEquals("done as asked\n", host.run("config", "reload", "--restart").out());
      assertEquals(List.of(new ControlRequest.ReloadSettings(true)), server.requests);
    }
    assertEquals(
        List.of("--mode=monitor"), options(SettingsFile.proposedIn(host.directories.state())));
    assertFalse(Files.exists(SettingsFile.in(host.directories.state())));
  }

  @Test
  void withoutAnAgentTheNextOneTakesIt() throws Exception {
    write("mode: monitor\n");
    CommandHost.Result result = host.run("config", "reload");
    assertEquals("in force with the next start of the agent\n", result.out(), result.err());
    assertEquals(List.of("--mode=monitor"), options(SettingsFile.in(host.directories.state())));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void whateverIsWrittenIsTakenOrRefusedInWords(long seed) throws Exception {
    Random random = new Random(seed);
    String pieces =
        "mode: monitor\n[]{}&a*a!\"'#-|>% \tcanary/:,\u00e4\ud83d\ude00\u0000clamav: true";
    for (int round = 0; round < 200; round++) {
      StringBuilder text = new StringBuilder();
      for (int i = random.nextInt(60); i > 0; i--) {
        int from = random.nextInt(pieces.length());
        text.append(pieces, from, Math.min(pieces.length(), from + 1 + random.nextInt(8)));
      }
      try {
        ConfigFile read = ConfigFile.parse(file, text.toString().getBytes(StandardCharsets.UTF_8));
        var _ = new SettingsFile(read.source().toString(), List.of());
      } catch (Problem e) {
        assertTrue(e.getMessage().startsWith(file + ":"), e.getMessage());
      }
    }
  }

  @Test
  void nestingWithoutEndIsRefused() {
    String deep = "canary: " + "[".repeat(ConfigFile.MOST_BYTES / 2);
    Problem refused =
        assertThrows(
            Problem.class, () -> ConfigFile.parse(file, deep.getBytes(StandardCharsets.UTF_8)));
    assertTrue(refused.getMessage().startsWith(file + ":"), refused.getMessage());
  }

  /// Published for editors; `-Dredoubt.schema.write=true` writes it.
  @Test
  void theSchemaIsThatOfTheSettings() throws Exception {
    JsonNode made = host.run("config", "schema").json();
    if (Boolean.getBoolean("redoubt.schema.write")) {
      Files.createDirectories(SCHEMA.getParent());
      Files.writeString(
          SCHEMA, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(made) + "\n");
    }
    assertEquals(JSON.readTree(Files.readString(SCHEMA)), made);
    assertEquals("integer", made.at("/properties/soft-deadline-ms/type").asText());
    assertEquals(10_000, made.at("/properties/soft-deadline-ms/maximum").asInt());
    assertEquals("lockdown", made.at("/properties/app-control/enum/1").asText());
    assertEquals("array", made.at("/properties/filesystem/anyOf/1/type").asText());
  }
}
