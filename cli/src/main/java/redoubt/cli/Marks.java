package redoubt.cli;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import redoubt.agent.policy.PolicyException;
import redoubt.agent.policy.PrivateFile;

/// What the owner says was no threat: findings and denials of an engine by one of its rules, about
/// one file or program or about any. They change no decision; [Scorecard] counts them.
final class Marks {
  private static final int MOST_BYTES = 1 << 20;
  private static final int MOST = 10_000;
  private static final int MOST_CHARS = 4_096;
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private final PrivateFile file;

  private Marks(PrivateFile file) {
    this.file = file;
  }

  /// One of them.
  ///
  /// @param engine whose findings they are
  /// @param rule which of its rules found them, as the journal has it; may be empty
  /// @param subject the path of the file or program; empty for any
  /// @param reason why, in the owner's words
  /// @param at when it was said
  record Mark(String engine, String rule, String subject, String reason, Instant at) {
    /// Whether it is about something that an engine said.
    boolean covers(String byEngine, String byRule, String about) {
      return engine.equals(byEngine)
          && rule.equals(byRule)
          && (subject.isEmpty() || subject.equals(about));
    }

    private boolean isLike(Mark other) {
      return other.covers(engine, rule, subject) && subject.equals(other.subject);
    }
  }

  /// Those of a host.
  ///
  /// @param state the folder of what survives a restart
  static Marks in(Path state) {
    return new Marks(new PrivateFile(state.resolve("marks.json"), MOST_BYTES));
  }

  /// All of them, the oldest first.
  ///
  /// @throws PolicyException if the file cannot be read or is not theirs
  List<Mark> read() throws PolicyException {
    Optional<byte[]> bytes = file.read();
    if (bytes.isEmpty()) {
      return List.of();
    }
    try {
      List<Mark> marks = new ArrayList<>();
      JsonNode root = JSON.readTree(bytes.get());
      if (!root.path("marks").isArray() || root.path("marks").size() > MOST) {
        throw broken("no list of at most " + MOST + " marks", null);
      }
      for (JsonNode node : root.path("marks")) {
        marks.add(
            new Mark(
                text(node, "engine"),
                text(node, "rule"),
                text(node, "subject"),
                text(node, "reason"),
                Instant.parse(text(node, "at"))));
      }
      return marks;
    } catch (IOException | DateTimeException e) {
      throw broken("not JSON of ours", e);
    }
  }

  private String text(JsonNode node, String name) throws PolicyException {
    JsonNode value = node.path(name);
    if (!value.isTextual() || value.asText().length() > MOST_CHARS) {
      throw broken("no text: " + name, null);
    }
    return value.asText();
  }

  private PolicyException broken(String why, @Nullable Exception cause) {
    return new PolicyException(
        "not readable: file=" + file.path() + " error=" + why,
        "mend or remove the file",
        cause == null ? new IOException(why) : cause);
  }

  /// Adds one, in the place of one that says the same.
  ///
  /// @throws PolicyException if the file cannot be read
  /// @throws IOException if it cannot be written
  void add(Mark mark) throws PolicyException, IOException {
    List<Mark> marks = new ArrayList<>(read());
    marks.removeIf(mark::isLike);
    if (marks.size() == MOST) {
      throw new PolicyException(
          "there are " + MOST + " marks already", "take some back: redoubt scorecard unmark");
    }
    marks.add(mark);
    write(marks);
  }

  /// Takes one back.
  ///
  /// @return whether there was one
  boolean remove(String engine, String rule, String subject) throws PolicyException, IOException {
    List<Mark> marks = new ArrayList<>(read());
    boolean found = marks.removeIf(new Mark(engine, rule, subject, "", Instant.EPOCH)::isLike);
    if (found) {
      write(marks);
    }
    return found;
  }

  private void write(List<Mark> marks) throws IOException {
    ObjectNode root = Subcommand.object();
    ArrayNode array = root.putArray("marks");
    marks.forEach(mark -> array.add(json(mark)));
    file.write(JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(root));
    // Whoever may read the journal may see the scorecard.
    Files.setPosixFilePermissions(file.path(), PosixFilePermissions.fromString("rw-r--r--"));
  }

  static ObjectNode json(Mark mark) {
    return Subcommand.object()
        .put("engine", mark.engine())
        .put("rule", mark.rule())
        .put("subject", mark.subject())
        .put("reason", mark.reason())
        .put("at", mark.at().toString());
  }
}
