package redoubt.engine.sigma;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import redoubt.engine.sigma.rule.CorrelationRule;
import redoubt.engine.sigma.rule.FilterRule;
import redoubt.engine.sigma.rule.Origin;
import redoubt.engine.sigma.rule.Placeholders;
import redoubt.engine.sigma.rule.Rule;
import redoubt.engine.sigma.rule.RuleProblem;
import redoubt.engine.sigma.rule.RuleReader;
import redoubt.engine.sigma.rule.SigmaRule;

/// Reads rules from files and folders. What cannot be read is told of and left out; the rest is
/// read. Filters are part of the rules that are returned.
public final class RuleFiles {
  private final RuleReader reader;
  private final List<SigmaRule> rules = new ArrayList<>();
  private final List<CorrelationRule> correlations = new ArrayList<>();
  private final List<FilterRule> filters = new ArrayList<>();
  private final List<RuleProblem> problems = new ArrayList<>();
  private final Map<String, Origin> ids = new HashMap<>();
  private int files;

  private RuleFiles(Placeholders placeholders) {
    reader = new RuleReader(placeholders);
  }

  /// What was read.
  ///
  /// @param files how many files were looked into
  public record Result(
      int files,
      List<SigmaRule> rules,
      List<CorrelationRule> correlations,
      List<RuleProblem> problems) {
    public Result {
      rules = List.copyOf(rules);
      correlations = List.copyOf(correlations);
      problems = List.copyOf(problems);
    }
  }

  /// Reads the files, and in folders, at any depth, those that end in `.yml` or `.yaml`.
  ///
  /// @throws IOException if a file or folder cannot be opened
  public static Result read(List<Path> paths, Placeholders placeholders) throws IOException {
    RuleFiles result = new RuleFiles(placeholders);
    for (Path path : paths) {
      if (Files.isDirectory(path)) {
        for (Path file : below(path)) {
          result.readFile(file);
        }
      } else {
        result.readFile(path);
      }
    }
    return new Result(
        result.files,
        FilterRule.narrow(result.rules, result.filters),
        result.correlations,
        result.problems);
  }

  private static List<Path> below(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(file -> Files.isRegularFile(file) && isYaml(file)).sorted().toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static boolean isYaml(Path file) {
    String name = file.toString();
    return name.endsWith(".yml") || name.endsWith(".yaml");
  }

  private void readFile(Path file) throws IOException {
    files++;
    if (Files.size(file) > RuleReader.LENGTH_LIMIT) {
      refuse(
          new Origin(file.toString(), 1),
          RuleProblem.Kind.YAML,
          "longer than is read: bytes=" + Files.size(file) + " limit=" + RuleReader.LENGTH_LIMIT);
      return;
    }
    String text;
    try {
      text =
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(Files.readAllBytes(file)))
              .toString();
    } catch (CharacterCodingException e) {
      refuse(new Origin(file.toString(), 1), RuleProblem.Kind.YAML, "not UTF-8");
      return;
    }
    RuleReader.Result read = reader.read(file.toString(), text);
    problems.addAll(read.problems());
    filters.addAll(read.filters());
    for (SigmaRule rule : read.rules()) {
      if (isFirst(rule)) {
        rules.add(rule);
      }
    }
    for (CorrelationRule rule : read.correlations()) {
      if (isFirst(rule)) {
        correlations.add(rule);
      }
    }
  }

  private boolean isFirst(Rule rule) {
    Origin other = rule.id().isEmpty() ? null : ids.putIfAbsent(rule.id(), rule.origin());
    if (other != null) {
      refuse(
          rule.origin(),
          RuleProblem.Kind.STRUCTURE,
          "another rule has the same id: id=" + rule.id() + " other=" + other);
    }
    return other == null;
  }

  private void refuse(Origin origin, RuleProblem.Kind kind, String reason) {
    problems.add(new RuleProblem(origin, kind, reason));
  }
}
