package redoubt.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redoubt.agent.journal.Entry;
import redoubt.core.content.ContentException;
import redoubt.core.content.OwnerKey;
import redoubt.core.content.SignedDocument;
import redoubt.core.model.DecisionBasis;
import redoubt.core.model.EngineId;
import redoubt.core.model.EngineMode;
import redoubt.core.model.EngineOpinion;
import redoubt.core.model.Finding;
import redoubt.core.model.FindingLevel;
import redoubt.core.model.Verdict;

class ScorecardCommandTest {
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir Path temporary;
  private CommandHost host;

  @BeforeEach
  void makeHost() throws IOException {
    host = new CommandHost(temporary);
  }

  /// Two engines objected to the same file, one of them without being asked to deny it.
  private void recordWhatTheySaid() throws IOException {
    host.record(
        found("acme", "/opt/tool", 40),
        host.denied("/opt/tool", null, 7),
        host.decision(
            "/opt/other",
            null,
            8,
            Verdict.DENY,
            DecisionBasis.ENGINES,
            List.of(
                says("scanner", EngineMode.ENFORCE, Verdict.DENY),
                says("acme", EngineMode.MONITOR, Verdict.DENY),
                says("third", EngineMode.ENFORCE, Verdict.ALLOW))),
        host.allowed("/opt/fine", null, 9),
        found("acme", "/opt/tool", 1));
  }

  private static EngineOpinion says(String engine, EngineMode mode, Verdict verdict) {
    return new EngineOpinion.Answered(
        new EngineId(engine), mode, verdict, "as it says", "rule-1", "7", 1_000, false, false);
  }

  private static Entry found(String engine, String path, int daysAgo) {
    return new Entry.Finding(
        new Finding(
            CommandHost.NOW.toEpochMilli() - daysAgo * 86_400_000L,
            new EngineId(engine),
            "7",
            "rule-2",
            "looks odd",
            FindingLevel.HIGH,
            List.of(),
            List.of(),
            path,
            null,
            List.of(),
            0));
  }

  private JsonNode card(String... options) throws Exception {
    try (ControlServer server =
        ControlServer.replying(
            host.directories,
            _ ->
                ControlServer.status(
                    4711,
                    List.of(ControlServer.engine("scanner"), ControlServer.engine("acme"))))) {
      CommandHost.Result result = host.run(words(options));
      assertEquals(ExitCode.OK, result.status(), result.err());
      assertFalse(server.requests.isEmpty());
      return JSON.readTree(result.out());
    }
  }

  private static String[] words(String... options) {
    String[] words = new String[options.length + 2];
    words[0] = "scorecard";
    words[1] = "--json";
    System.arraycopy(options, 0, words, 2, options.length);
    return words;
  }

  @Test
  void everyEngineIsMeasuredAlike() throws Exception {
    recordWhatTheySaid();
    JsonNode engines = card().path("engines");
    assertEquals("acme", engines.at("/0/id").asText());
    assertEquals(1, engines.at("/0/denied").asInt());
    assertEquals(1, engines.at("/0/found").asInt());
    assertEquals("scanner", engines.at("/1/id").asText());
    assertEquals(2, engines.at("/1/denied").asInt());
    // 75 s of processor time in 7,500 s.
    assertEquals(1.0, engines.at("/1/cpuPercent").asDouble());
    assertEquals(2, card("--days", "50").at("/engines/0/found").asInt());
  }

  @Test
  void whatTheOwnerMarksIsCountedAgainstWhoSaidIt() throws Exception {
    recordWhatTheySaid();
    assertEquals(ExitCode.NO, host.run("scorecard", "marks").status());
    host.run("scorecard", "mark", "scanner", "bad-tool", "/opt/elsewhere");
    assertEquals(0, card().at("/engines/1/falsePositives").asInt());
    assertEquals(
        "no threat: acme rule-2 about /opt/tool\n",
        host.run("scorecard", "mark", "acme", "rule-2", "/opt/tool", "--reason", "ours").out());
    host.run("scorecard", "mark", "scanner", "bad-tool");
    host.run("scorecard", "mark", "scanner", "bad-tool");
    JsonNode engines = card().path("engines");
    assertEquals(1, engines.at("/0/falsePositives").asInt());
    assertEquals(1, engines.at("/1/falsePositives").asInt());
    assertEquals(3, host.run("scorecard", "marks", "--json").json().path("marks").size());
    assertTrue(host.run("scorecard", "marks").out().contains("ours"));

    assertEquals(ExitCode.OK, host.run("scorecard", "unmark", "scanner", "bad-tool").status());
    assertEquals(ExitCode.NO, host.run("scorecard", "unmark", "scanner", "bad-tool").status());
    assertEquals(0, card().at("/engines/1/falsePositives").asInt());
  }

  @Test
  void anExportedOneIsSignedAndCannotBeChanged() throws Exception {
    recordWhatTheySaid();
    Path exported = temporary.resolve("card.json");
    JsonNode shown = card("--export", exported.toString());
    String key = host.directories.state().resolve("owner.pub").toString();
    CommandHost.Result good = host.run("scorecard", "verify", exported.toString(), "--key", key);
    assertEquals(ExitCode.OK, good.status(), good.err());
    assertEquals(shown, good.json());

    ObjectNode envelope = (ObjectNode) JSON.readTree(Files.readString(exported));
    byte[] other = envelope.path("payload").binaryValue();
    other[other.length - 3] ^= 1;
    envelope.put("payload", other);
    Path forged = Files.writeString(temporary.resolve("forged.json"), envelope.toString());
    assertEquals(
        ExitCode.NO, host.run("scorecard", "verify", forged.toString(), "--key", key).status());

    Path damaged = Files.writeString(temporary.resolve("damaged.json"), "{\"payload\":\"\u00e4");
    CommandHost.Result none = host.run("scorecard", "verify", damaged.toString(), "--key", key);
    assertEquals(ExitCode.NO, none.status());
    assertTrue(none.err().contains("not a signed document"), none.err());
    assertEquals(
        ExitCode.USAGE, host.run("scorecard", "verify", "/nowhere", "--key", key).status());

    Path foreign = Files.createDirectories(temporary.resolve("foreign"));
    var _ = OwnerKey.loadOrCreate(foreign);
    assertEquals(
        ExitCode.NO,
        host.run(
                "scorecard",
                "verify",
                exported.toString(),
                "--key",
                foreign.resolve("owner.pub").toString())
            .status());
    assertEquals(
        ExitCode.USAGE,
        host.run("scorecard", "verify", exported.toString(), "--key", exported.toString())
            .status());
  }

  @Test
  void oneOfAFleetIsVerifiedTooAndNothingElseIs() throws Exception {
    OwnerKey key = OwnerKey.loadOrCreate(host.directories.state());
    String open = host.directories.state().resolve("owner.pub").toString();
    byte[] payload = "{\"engines\":[]}".getBytes(StandardCharsets.UTF_8);
    Path fleet = temporary.resolve("fleet.json");
    Files.write(
        fleet,
        SignedDocument.sign(key.id(), key::sign, ScorecardCommand.FLEET_TYPE, payload).json());
    CommandHost.Result good = host.run("scorecard", "verify", fleet.toString(), "--key", open);
    assertEquals(ExitCode.OK, good.status(), good.err());
    assertEquals(JSON.readTree(payload), good.json());

    Path other = temporary.resolve("other.json");
    Files.write(other, SignedDocument.sign(key.id(), key::sign, "text/plain", payload).json());
    assertEquals(
        ExitCode.NO, host.run("scorecard", "verify", other.toString(), "--key", open).status());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void whateverIsHandedInIsRefusedInWords(long seed) throws Exception {
    recordWhatTheySaid();
    Path exported = temporary.resolve("card.json");
    var _ = card("--export", exported.toString());
    byte[] whole = Files.readAllBytes(exported);
    byte[] key = Files.readAllBytes(host.directories.state().resolve("owner.pub"));
    Random random = new Random(seed);
    for (int round = 0; round < 300; round++) {
      byte[] bytes = whole.clone();
      for (int i = random.nextInt(4); i >= 0; i--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      try {
        SignedDocument read = SignedDocument.parse(bytes);
        if (read.isSignedBy(key)) {
          // What is not signed may differ: spaces, and the name of the key.
          assertEquals(
              JSON.readTree(SignedDocument.parse(whole).payload().toArray()),
              JSON.readTree(read.payload().toArray()));
        }
      } catch (IOException | ContentException e) {
        assertFalse(String.valueOf(e.getMessage()).isEmpty());
      }
      byte[] marks = new byte[random.nextInt(200)];
      random.nextBytes(marks);
      Path file = host.directories.state().resolve("marks.json");
      Files.write(file, marks);
      assertEquals(ExitCode.NO, host.run("scorecard", "marks").status());
    }
  }
}
