package redoubt.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.Console;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/// Where the command prints: answers to standard output, problems to standard error, colours only
/// where a person sees them.
///
/// @param out answers
/// @param err problems
/// @param colours whether to colour
record Terminal(PrintWriter out, PrintWriter err, boolean colours) {
  /// Made when it is needed: that takes as long as all else of a start.
  private static final class Json {
    private static final JsonMapper MAPPER = new JsonMapper();

    private Json() {}
  }

  /// How much a word should stand out.
  enum Tone {
    GOOD("32"),
    WARNING("33"),
    BAD("31;1"),
    QUIET("2"),
    TITLE("1");

    private final String code;

    Tone(String code) {
      this.code = code;
    }
  }

  /// Uses the process's own streams; colours on a terminal unless `NO_COLOR` is set (no-color.org)
  /// or the terminal is dumb.
  static Terminal ofProcess(Map<String, String> environment) {
    boolean colours =
        environment.getOrDefault("NO_COLOR", "").isEmpty()
            && !environment.getOrDefault("TERM", "dumb").equals("dumb")
            // Last, since to look for a console takes long.
            && Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
    return new Terminal(
        new PrintWriter(System.out, true, StandardCharsets.UTF_8),
        new PrintWriter(System.err, true, StandardCharsets.UTF_8),
        colours);
  }

  String paint(Tone tone, String text) {
    return colours ? "\u001b[" + tone.code + "m" + text + "\u001b[0m" : text;
  }

  void line(String text) {
    out.println(text);
  }

  /// Empties the screen, where there is one.
  void clear() {
    if (colours) {
      out.print("\u001b[H\u001b[2J");
    }
  }

  /// Prints text that has its own line ends.
  void text(String text) {
    out.print(text);
    out.flush();
  }

  /// Prints one JSON value on one line.
  void json(JsonNode value) {
    try {
      out.println(Json.MAPPER.writeValueAsString(value));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a JSON tree can always be written", e);
    }
  }

  /// Whether the reader has gone, as `| head` does.
  boolean isReaderGone() {
    return out.checkError();
  }

  void problem(String message, String fix) {
    err.println(paint(Tone.BAD, "problem:") + " " + Printable.of(message));
    if (!fix.isEmpty()) {
      err.println("fix: " + Printable.of(fix));
    }
  }
}
