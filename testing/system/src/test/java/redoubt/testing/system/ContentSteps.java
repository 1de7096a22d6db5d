package redoubt.testing.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// What tests of content do with a host. Stateless.
final class ContentSteps {
  private ContentSteps() {}

  /// A program like no other.
  static Path program(ScratchFileSystem scratch, String name) throws IOException {
    Path program = scratch.root().resolve(name);
    // What follows the program is not read, and makes each another content.
    Files.write(program, Programs.bytes("tiny"));
    Files.writeString(program, name, StandardOpenOption.APPEND);
    assertTrue(program.toFile().setExecutable(true, false));
    return program;
  }

  /// What became of a bundle, such as `in force`.
  static String activate(RunningAgent agent, Path bundle) throws IOException {
    Outcome outcome = agent.command("content", "activate", "--json", "--unsigned", bundle);
    assertTrue(outcome.output().contains("{"), outcome::output);
    JsonNode node =
        new JsonMapper().readTree(outcome.output().substring(outcome.output().indexOf('{')));
    String became = node.get("outcome").asText();
    assertEquals(became.equals("in force") ? 0 : 1, outcome.status(), outcome::output);
    return became;
  }

  /// Versions and how they stand, such as `2 on probation, 1 good`; without what is only kept.
  static String stands(RunningAgent agent) throws IOException {
    StringBuilder text = new StringBuilder();
    Outcome outcome = agent.command("content", "list", "--json");
    for (JsonNode each : new JsonMapper().readTree(outcome.requireSuccess().output())) {
      if (!each.get("stands").asText().equals("good before")) {
        text.append(text.isEmpty() ? "" : ", ")
            .append(each.get("version").asText())
            .append(' ')
            .append(each.get("stands").asText());
      }
    }
    return text.toString();
  }
}
