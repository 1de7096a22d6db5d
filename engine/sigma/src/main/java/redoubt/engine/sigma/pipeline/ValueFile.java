package redoubt.engine.sigma.pipeline;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import redoubt.engine.sigma.rule.Origin;
import redoubt.engine.sigma.rule.Placeholders;
import redoubt.engine.sigma.rule.RuleException;
import redoubt.engine.sigma.rule.RuleProblem;
import redoubt.engine.sigma.rule.TextFile;
import redoubt.engine.sigma.rule.YamlTree;

/// Reads a file of values for placeholders: a YAML map of a name to a value or a list of values.
public final class ValueFile {
  private ValueFile() {}

  /// What was read.
  ///
  /// @param placeholders none if there is a problem
  /// @param problem why the file is refused
  public record Result(Placeholders placeholders, Optional<RuleProblem> problem) {}

  /// Reads a file.
  ///
  /// @throws IOException if it cannot be opened
  public static Result read(Path file) throws IOException {
    return read(file.toString(), TextFile.bytes(file));
  }

  /// Reads a file's content.
  ///
  /// @param name the file's, for problems
  public static Result read(String name, byte[] content) {
    try {
      YamlTree tree = YamlTree.read(name, TextFile.decode(content));
      return new Result(new Placeholders(values(tree)), Optional.empty());
    } catch (RuleException e) {
      return new Result(
          Placeholders.NONE,
          Optional.of(
              new RuleProblem(new Origin(name, Math.max(1, e.line())), e.kind(), e.reason())));
    }
  }

  static Map<String, List<String>> values(YamlTree tree) throws RuleException {
    Map<String, List<String>> values = Parameters.lists(tree, "values");
    for (String name : values.keySet()) {
      if (name.isEmpty() || name.contains("%")) {
        throw Parameters.problem(tree.line(), "not a name of a placeholder: name=" + name);
      }
    }
    return values;
  }
}
