package redoubt.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redoubt.core.model.DecisionBasis;
import redoubt.core.model.EngineId;
import redoubt.core.model.EngineMode;
import redoubt.core.model.EngineOpinion;
import redoubt.core.model.PlatformNotice;
import redoubt.core.model.Sha256;
import redoubt.core.model.Verdict;

/// `events` and `why`, over a journal that the real journal wrote.
final class JournalCommandsTest {
  @TempDir Path temporary;
  private CommandHost host;

  @BeforeEach
  void createHost() throws Exception {
    host = new CommandHost(temporary);
  }

  @Test
  void eventsShowTheLastOnesOldestFirst() throws Exception {
    host.record(
        host.allowed("/usr/bin/one", null, 11),
        host.denied("/tmp/two", null, 12),
        CommandHost.notice(PlatformNotice.Kind.GAP, "the agent was gone for 1 s"));

    List<String> lines = host.run("events", "-n", "2").out().lines().toList();

    assertEquals(2, lines.size());
    assertTrue(lines.get(0).contains("DENY") && lines.get(0).contains("/tmp/two"));
    assertTrue(lines.get(0).contains("scanner says bad-tool (on the owner's list)"));
    assertTrue(lines.get(1).contains("gap") && lines.get(1).contains("gone for 1 s"));
    assertEquals(1, host.run("events", "--denied").out().lines().count());
  }

  @Test
  void eventsAsJsonAreTheJournalsOwnLines() throws Exception {
    host.record(host.denied("/tmp/two", null, 12));

    JsonNode event = host.run("events", "--json").json();

    assertEquals(1007, event.path("class_uid").asInt());
    assertEquals("Denied", event.path("action").asText());
  }

  @Test
  void whatAUserNamesAFileCannotDriveTheTerminal() throws Exception {
    host.record(host.denied("/tmp/\u001b]0;owned\u0007\u202etxt.exe", null, 12));

    String shown = host.run("events").out();

    assertFalse(shown.contains("\u001b") || shown.contains("\u202e"), shown);
    assertTrue(shown.contains("\\u{1b}]0;owned\\u{7}\\u{202e}txt.exe"));
  }

  @Test
  void aSoundJournalIsVerifiedAndHasAnAnchor() throws Exception {
    host.record(host.allowed("/usr/bin/one", null, 11), host.denied("/tmp/two", null, 12));
    String anchor = host.run("journal", "anchor").out().strip();
    host.record(host.allowed("/usr/bin/three", null, 13));

    assertTrue(anchor.matches("[0-9a-f]{64}"), anchor);
    CommandHost.Result plain = host.run("journal", "verify", "--anchor", anchor);
    assertEquals(ExitCode.OK, plain.status());
    assertEquals(
        """
        3 lines in 1 file, from the first: each follows from the one before
        anchor    found, 1 lines after it
        """,
        plain.out());
    JsonNode report = host.run("journal", "verify", "--json", "--anchor", anchor).json();
    assertTrue(report.path("sound").asBoolean());
    assertEquals(3, report.path("lines").asInt());
    assertEquals(1, report.path("linesAfterAnchor").asInt());
  }

  @Test
  void aRewrittenJournalIsNotSound() throws Exception {
    host.record(host.denied("/tmp/bad", null, 12), host.allowed("/usr/bin/one", null, 11));
    Path file = host.directories.journal().resolve("journal.jsonl");
    Files.writeString(file, Files.readString(file).replace("/tmp/bad", "/tmp/god"));

    CommandHost.Result plain = host.run("journal", "verify");

    assertEquals(ExitCode.NO, plain.status());
    assertTrue(plain.out().startsWith("broken  " + file + ", line 2: "), plain.out());
    JsonNode report = host.run("journal", "verify", "--json").json();
    assertFalse(report.path("sound").asBoolean());
    assertEquals(2, report.path("breaks").path(0).path("line").asInt());
    String other = "0".repeat(64);
    assertEquals(ExitCode.NO, host.run("journal", "verify", "--anchor", other).status());
    assertEquals(ExitCode.USAGE, host.run("journal", "verify", "--anchor", "x").status());
    assertEquals(ExitCode.USAGE, host.run("journal").status());
  }

  @Test
  void withoutAJournalThereIsNoAgent() {
    assertEquals(ExitCode.NO_AGENT, host.run("journal", "verify").status());
    assertEquals(ExitCode.NO_AGENT, host.run("journal", "anchor").status());
    assertEquals(ExitCode.NO_AGENT, host.run("events").status());
    assertEquals(ExitCode.NO_AGENT, host.run("why", "/bin/ls").status());
  }

  @Test
  void followingShowsWhatComesAndEndsWithItsReader() throws Exception {
    host.record(host.allowed("/usr/bin/before", null, 11));
    LineReader reader = new LineReader();
    Session session =
        host.session(new PrintWriter(reader), new PrintWriter(new StringWriter()), false);
    Thread follower = Thread.ofPlatform().start(() -> Main.run(session, "events", "--follow"));
    try {
      assertTrue(reader.next().contains("/usr/bin/before"));
      host.record(host.denied("/tmp/after", null, 12));
      assertTrue(reader.next().contains("/tmp/after"));
    } finally {
      reader.gone = true;
      host.record(host.denied("/tmp/last", null, 13));
      follower.join(10_000);
    }
    assertFalse(follower.isAlive());
  }

  @Test
  void whyTellsWhoDeniedAPathAndWhatToDo() throws Exception {
    Path tool = Files.writeString(temporary.toRealPath().resolve("tool"), "bad content");
    Sha256 digest = CommandHost.digestOf("bad content");
    host.record(host.denied(tool.toString(), digest, 12), host.allowed("/usr/bin/other", null, 13));

    CommandHost.Result result = host.run("why", tool.toString());

    assertEquals(ExitCode.OK, result.status(), result.err());
    for (String fact :
        List.of(
            "denied",
            "pid 12 /usr/bin/bash uid 1000",
            "engine scanner objected",
            "rule bad-tool",
            "reason: on the owner's list",
            "content local-0123456789ab, took 1.2 ms",
            "took       1.5 ms",
            "redoubt allow add " + digest + " --engine scanner")) {
      assertTrue(result.out().contains(fact), fact + " is missing in\n" + result.out());
    }
  }

  @Test
  void whyFindsTheSameContentUnderAnotherName() throws Exception {
    Path copy = Files.writeString(temporary.toRealPath().resolve("copy"), "bad content");
    host.record(host.denied("/tmp/original", CommandHost.digestOf("bad content"), 12));

    assertTrue(host.run("why", copy.toString()).out().contains("same content at another path"));
  }

  @Test
  void whySaysThatAFileHasChangedSince() throws Exception {
    Path tool = Files.writeString(temporary.toRealPath().resolve("tool"), "good content");
    host.record(host.denied(tool.toString(), CommandHost.digestOf("bad content"), 12));

    CommandHost.Result result = host.run("why", tool.toString());

    assertTrue(result.out().contains("changed since"), result.out());
    assertTrue(host.run("why", "--json", tool.toString()).json().path("changedSince").asBoolean());
  }

  @Test
  void whyShowsAnExceptionThatNowCounts() throws Exception {
    Path tool = Files.writeString(temporary.toRealPath().resolve("tool"), "bad content");
    Sha256 digest = CommandHost.digestOf("bad content");
    host.record(host.denied(tool.toString(), digest, 12));
    host.run("allow", "add", digest.toString(), "--engine", "scanner", "--comment", "ours");

    CommandHost.Result result = host.run("why", tool.toString());

    assertTrue(result.out().contains("ours"), result.out());
    assertTrue(result.out().contains("try again"));
    assertFalse(result.out().contains("to allow"));
    JsonNode json = host.run("why", "--json", tool.toString()).json();
    assertEquals(digest.toString(), json.at("/exceptionsNow/0/value").asText());
    assertFalse(json.has("toAllow"));
  }

  @Test
  void whyOfAProcessIsTheDecisionThatStartedIt() throws Exception {
    host.record(
        host.allowed("/usr/bin/first", null, 42),
        host.allowed("/usr/bin/second", null, 42),
        host.allowed("/usr/bin/other", null, 43));

    assertTrue(host.run("why", "42").out().contains("/usr/bin/second"));
    assertEquals(ExitCode.NO, host.run("why", "44").status());
  }

  @Test
  void whySaysThatItWasNeverAsked() throws Exception {
    host.record(host.allowed("/usr/bin/one", null, 11));

    CommandHost.Result result = host.run("why", "/no/such/file");

    assertEquals(ExitCode.NO, result.status());
    assertTrue(result.out().contains("never asked"));
    assertFalse(host.run("why", "--json", "/no/such/file").json().path("found").asBoolean());
  }

  @Test
  void whyExplainsEveryBasisAndAMissingOpinion() throws Exception {
    for (DecisionBasis basis : DecisionBasis.values()) {
      String path = "/usr/bin/" + basis.name();
      host.record(
          host.decision(
              path,
              null,
              12,
              Verdict.ALLOW,
              basis,
              List.of(
                  new EngineOpinion.Missing(
                      new EngineId("scanner"), EngineMode.ENFORCE, EngineOpinion.Cause.DEADLINE))));

      String shown = host.run("why", path).out();

      assertTrue(shown.contains("because"), shown);
      assertFalse(shown.lines().anyMatch(line -> line.contains("because") && line.contains("_")));
      assertTrue(shown.contains("has no opinion: deadline"), shown);
    }
  }

  /// Reads a writer's lines, until it goes away as `head` does.
  private static final class LineReader extends Writer {
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final StringBuilder line = new StringBuilder();
    volatile boolean gone;

    String next() throws InterruptedException {
      String next = lines.poll(10, TimeUnit.SECONDS);
      return next == null ? "nothing came" : next;
    }

    @Override
    public void write(char[] buffer, int offset, int length) throws IOException {
      if (gone) {
        throw new IOException("broken pipe");
      }
      for (char letter : new String(buffer, offset, length).toCharArray()) {
        if (letter == '\n') {
          lines.add(line.toString());
          line.setLength(0);
        } else {
          line.append(letter);
        }
      }
    }

    @Override
    public void flush() throws IOException {
      if (gone) {
        throw new IOException("broken pipe");
      }
    }

    @Override
    public void close() {
      gone = true;
    }
  }
}
