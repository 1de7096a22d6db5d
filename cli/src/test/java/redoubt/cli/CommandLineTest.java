package redoubt.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/// The command line itself: help, usage errors, completion, and the pure parts of output.
final class CommandLineTest {
  @TempDir Path temporary;
  private CommandHost host;

  @BeforeEach
  void createHost() throws Exception {
    host = new CommandHost(temporary);
  }

  @Test
  void everySubcommandHasHelpJsonAndExitCodes() {
    StringWriter sink = new StringWriter();
    CommandLine root =
        Main.commandLine(host.session(new PrintWriter(sink), new PrintWriter(sink), false));
    for (Map.Entry<String, CommandLine> command : root.getSubcommands().entrySet()) {
      assertEquals(command.getKey(), command.getValue().getCommandName());
      CommandHost.Result help = host.run(command.getKey(), "--help");
      assertEquals(ExitCode.OK, help.status(), command.getKey());
      if (!command.getKey().equals("generate-completion")) {
        assertTrue(help.out().contains("--json"), command.getKey());
        assertTrue(help.out().contains("no agent runs"), command.getKey());
      }
    }
  }

  @Test
  void helpOfRunExplainsEveryOption() {
    String help = host.run("run", "--help").out();

    for (String option :
        List.of(
            "--filesystem",
            "--opens",
            "--content",
            "--engine",
            "--mode",
            "--on-miss",
            "--soft-deadline-ms",
            "--hard-deadline-ms",
            "--hello-limit-ms",
            "--kill-late",
            "--observe-only")) {
      assertTrue(help.contains(option), option);
    }
  }

  @Test
  void optionsOfRunAreChecked() throws IOException {
    assertTrue(host.run("run").err().contains("launcher"));
    assertTrue(host.run("run", "--content", "/no/such").err().contains("content=/no/such"));
    assertTrue(host.run("run", "--soft-deadline-ms", "3000").err().contains("soft=3000"));
    assertTrue(host.run("run", "--hello-limit-ms", "10").err().contains("hello-limit-ms=10"));
    assertTrue(host.run("run", "--observe-only", "--kill-late").err().contains("--kill-late"));
    assertEquals(ExitCode.USAGE, host.run("run", "--mode", "maybe").status());
    Path broken = Files.writeString(temporary.resolve("broken.yml"), "admins: [");
    String rules = temporary.toString();
    assertTrue(host.run("run", "--values", broken.toString()).err().contains("--rules"));
    String refusal = host.run("run", "--rules", rules, "--values", broken.toString()).err();
    assertTrue(refusal.contains("broken.yml:1"), refusal);
    refusal = host.run("run", "--rules", rules, "--pipeline", "/no/such").err();
    assertTrue(refusal.contains("path=/no/such"), refusal);
  }

  @Test
  void misuseNamesTheProblemAndWhereToLook() {
    CommandHost.Result result = host.run("status", "--nonsense");

    assertEquals(ExitCode.USAGE, result.status());
    assertTrue(result.err().startsWith("problem: "), result.err());
    assertTrue(result.err().contains("fix: see redoubt status --help"), result.err());
    assertEquals(ExitCode.USAGE, host.run().status());
  }

  @Test
  void anUnknownCommandIsCalledThat() {
    CommandHost.Result result = host.run("statsu");

    assertEquals(ExitCode.USAGE, result.status());
    assertTrue(result.err().startsWith("problem: no such command: command=statsu"), result.err());
    assertTrue(result.err().contains("perhaps status"), result.err());
  }

  @Test
  void everyCommandHasAManualPageWithItsOptions() throws Exception {
    Path pages = temporary.resolve("man1");

    assertEquals(ExitCode.OK, host.run("generate-man-pages", pages.toString()).status());
    assertPages(
        Main.commandLine(
            host.session(
                new PrintWriter(new StringWriter()), new PrintWriter(new StringWriter()), false)),
        pages);
  }

  private static void assertPages(CommandLine command, Path pages) throws IOException {
    CommandLine.Model.CommandSpec spec = command.getCommandSpec();
    if (spec.usageMessage().hidden()) {
      return;
    }
    String page = Files.readString(pages.resolve(spec.qualifiedName("-") + ".1"));
    for (CommandLine.Model.OptionSpec option : spec.options()) {
      for (String name : option.names()) {
        assertTrue(page.contains(name.replace("-", "\\-")), spec.qualifiedName() + " " + name);
      }
    }
    for (CommandLine child : command.getSubcommands().values()) {
      assertPages(child, pages);
    }
  }

  @Test
  void completionKnowsTheSubcommands() {
    String script = host.run("generate-completion").out();

    assertTrue(script.contains("allow") && script.contains("doctor"));
  }

  @Test
  void versionSaysWhatItSpeaks() throws Exception {
    assertEquals(1, host.run("version", "--json").json().path("protocolVersion").asInt());
  }

  @Test
  void directoriesComeFromTheEnvironmentOrTheUsualPlaces() {
    assertEquals(Path.of("/var/lib/redoubt/journal"), Directories.of(Map.of()).journal());
    assertEquals(
        Path.of("/x/control.sock"),
        Directories.of(Map.of("REDOUBT_RUN_DIR", "/x")).controlSocket());
  }

  @ParameterizedTest
  @CsvSource({
    "90m, 2026-11-23T13:30:00Z",
    "7d, 2026-11-30T12:00:00Z",
    "2026-12-31, 2026-12-31T23:00:00Z",
    "2026-12-31T18:00, 2026-12-31T17:00:00Z",
    "2026-12-31 18:00, 2026-12-31T17:00:00Z",
    "2026-12-31T18:00:00Z, 2026-12-31T18:00:00Z",
    "2026-12-31T18:00:00+09:00, 2026-12-31T09:00:00Z",
  })
  void endsAreReadAsPeopleWriteThem(String text, String expected) {
    assertEquals(
        Optional.of(Instant.parse(expected)),
        Times.parseEnd(text, CommandHost.NOW, ZoneId.of("Europe/Berlin")));
  }

  @ParameterizedTest
  @CsvSource({"soon", "''", "7", "-1h", "2026-13-01", "2026-02-30", "1234567d"})
  void whatIsNoEndIsNone(String text) {
    assertEquals(
        Optional.empty(), Times.parseEnd(text, CommandHost.NOW, ZoneId.of("Europe/Berlin")));
  }

  @Test
  void tablesLineUpWhateverTheText() {
    StringWriter out = new StringWriter();
    Terminal terminal =
        new Terminal(new PrintWriter(out, true), new PrintWriter(new StringWriter()), false);
    Table table = new Table("NAME", "N");
    table.add(Table.Cell.of("𝒳y"), Table.Cell.of(7));
    table.add(Table.Cell.of("a\nb"), Table.Cell.of(1234));
    table.print(terminal);

    List<String> lines = out.toString().lines().toList();
    assertEquals(3, lines.size(), "a line feed in a cell makes no row");
    assertTrue(lines.get(1).endsWith("   7") && lines.get(2).endsWith("1234"));
    assertEquals(
        1,
        lines.stream()
            .map(line -> line.codePointCount(0, line.length()))
            .skip(1)
            .distinct()
            .count());
  }

  @Test
  void proposedCommandsSurviveTheShell() {
    assertEquals("/usr/bin/x", Printable.shellWord("/usr/bin/x"));
    assertEquals("'/tmp/a b'", Printable.shellWord("/tmp/a b"));
    assertEquals("'/tmp/a'\\''$(reboot)'", Printable.shellWord("/tmp/a'$(reboot)"));
    assertFalse(Printable.of("a\u0000b\u2028c").contains("\u2028"));
  }
}
