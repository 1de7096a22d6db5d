package redoubt.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Option;
import redoubt.core.model.EventClass;
import redoubt.core.model.FileIdentity;
import redoubt.core.model.Octets;
import redoubt.core.model.Sha256;
import redoubt.core.model.Verdict;
import redoubt.core.wire.AgentMessage;
import redoubt.core.wire.TestVector;

/// Test vectors that nobody can derive: files, and what an engine must say of each.
final class FileVectors {
  /// What engines are told where the owner of a host says nothing else.
  private static final long BUDGET_MICROS = TimeUnit.MILLISECONDS.toMicros(250);

  @Option(
      names = "--denies",
      paramLabel = "RULE=FILE",
      description =
          "For --engine: a file that the engine must deny, and the rule that its verdict names. May"
              + " be given more than once; at least once.")
  private Map<String, Path> denied = new LinkedHashMap<>();

  @Option(
      names = "--allows",
      paramLabel = "FILE",
      description =
          "For --engine: a file that the engine must allow. May be given more than once; at least"
              + " once.")
  private List<Path> allowed = new ArrayList<>();

  @Option(
      names = "--asked",
      paramLabel = "CLASS",
      defaultValue = "EXEC",
      description =
          "For --engine: what it is asked about those files, EXEC, OPEN or SCAN. Default:"
              + " ${DEFAULT-VALUE}.")
  private EventClass asked = EventClass.EXEC;

  @Option(
      names = "--digest-only",
      description = "For --engine: it is told the digests of those files and does not see them.")
  private boolean digestOnly;

  boolean isEmpty() {
    return denied.isEmpty() && allowed.isEmpty();
  }

  /// The vectors, those to be denied first.
  ///
  /// @throws Problem if there is no file of each kind, or one cannot be read or is too long
  List<TestVector> make() {
    if (denied.isEmpty() || allowed.isEmpty()) {
      throw new Problem(
          ExitCode.USAGE,
          "nothing shows what the content does",
          "name files: --denies RULE=FILE and --allows FILE, each at least once");
    }
    List<TestVector> vectors = new ArrayList<>();
    denied.forEach((rule, file) ->
        vectors.add(
            TestVector.ofFile(
                "denied " + (vectors.size() + 1) + " " + file.getFileName(),
                question(file),
                Verdict.DENY,
                Set.of(rule),
                Set.of(rule))));
    for (Path file : allowed) {
      vectors.add(
          TestVector.ofFile(
              "allowed " + (vectors.size() + 1) + " " + file.getFileName(),
              question(file),
              Verdict.ALLOW,
              Set.of(),
              Set.of()));
    }
    return vectors;
  }

  private TestVector.Question question(Path file) {
    byte[] content = read(file);
    AgentMessage.Event event =
        new AgentMessage.Event(
            1,
            asked,
            true,
            BUDGET_MICROS,
            null,
            1,
            1,
            1,
            0,
            0,
            0,
            1,
            "/" + file.getFileName(),
            new FileIdentity(1, 1, 1, content.length, 1, 1),
            Sha256.hash(content),
            true,
            !digestOnly);
    return new TestVector.Question(event, Octets.of(content));
  }

  private static byte[] read(Path file) {
    try (InputStream bytes = Files.newInputStream(file)) {
      byte[] content = bytes.readNBytes(TestVector.MOST_CONTENT_BYTES + 1);
      if (content.length > TestVector.MOST_CONTENT_BYTES) {
        throw new Problem(
            ExitCode.USAGE,
            "too long for a vector: file=" + file + " mostBytes=" + TestVector.MOST_CONTENT_BYTES,
            "name a smaller one");
      }
      return content;
    } catch (IOException e) {
      throw new Problem(
          ExitCode.USAGE,
          "a file of a vector cannot be read: file=" + file + " error=" + e.getMessage(),
          "name one that is there");
    }
  }
}
