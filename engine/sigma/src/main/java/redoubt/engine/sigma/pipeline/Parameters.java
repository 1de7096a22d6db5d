package redoubt.engine.sigma.pipeline;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import redoubt.engine.sigma.rule.RuleException;
import redoubt.engine.sigma.rule.RuleProblem.Kind;
import redoubt.engine.sigma.rule.Scalar;
import redoubt.engine.sigma.rule.YamlTree;

/// The entries of a map in a pipeline. Knows which were asked for, and refuses the others.
final class Parameters {
  private final Map<String, YamlTree> entries;
  private final Set<String> known = new HashSet<>();
  private final String what;
  private final int line;

  private Parameters(Map<String, YamlTree> entries, String what, int line) {
    this.entries = entries;
    this.what = what;
    this.line = line;
  }

  /// @param what the map is, in problems
  static Parameters of(YamlTree tree, String what) throws RuleException {
    if (tree instanceof YamlTree.Mapping(Map<String, YamlTree> entries, int line)) {
      return new Parameters(entries, what, line);
    }
    throw problem(tree.line(), what + " is no map");
  }

  static RuleException problem(int line, String reason) {
    return new RuleException(Kind.PIPELINE, line, reason);
  }

  /// A problem with the map as a whole.
  RuleException problem(String reason) {
    return problem(line, reason);
  }

  int line() {
    return line;
  }

  /// The entry, if there is one.
  Optional<YamlTree> find(String key) {
    known.add(key);
    return Optional.ofNullable(entries.get(key));
  }

  YamlTree require(String key) throws RuleException {
    return find(key).orElseThrow(() -> problem(what + " has no '" + key + "'"));
  }

  /// The line of an entry.
  int lineOf(String key) {
    YamlTree tree = entries.get(key);
    return tree == null ? line : tree.line();
  }

  String requireText(String key) throws RuleException {
    return text(require(key), key);
  }

  String text(String key, String fallback) throws RuleException {
    Optional<YamlTree> found = find(key);
    return found.isPresent() ? text(found.get(), key) : fallback;
  }

  /// A text, number or truth value as it is written.
  static String text(YamlTree tree, String what) throws RuleException {
    Scalar scalar = scalar(tree, what);
    if (scalar.type() == Scalar.Type.NULL) {
      throw problem(tree.line(), "'" + what + "' is null");
    }
    return scalar.text();
  }

  Scalar requireScalar(String key) throws RuleException {
    return scalar(require(key), key);
  }

  static Scalar scalar(YamlTree tree, String what) throws RuleException {
    if (tree instanceof YamlTree.Value(Scalar scalar)) {
      return scalar;
    }
    throw problem(tree.line(), "'" + what + "' is no single value");
  }

  /// Whether an entry is there and true.
  boolean flag(String key) throws RuleException {
    Optional<YamlTree> found = find(key);
    if (found.isEmpty()) {
      return false;
    }
    Scalar scalar = scalar(found.get(), key);
    if (scalar.type() != Scalar.Type.BOOLEAN) {
      throw problem(scalar.line(), "'" + key + "' takes true or false");
    }
    return scalar.text().equals("true");
  }

  /// One of some words.
  String word(String key, String fallback, String... words) throws RuleException {
    String word = text(key, fallback);
    if (!List.of(words).contains(word)) {
      throw problem(
          lineOf(key), "'" + key + "' takes " + String.join(", ", words) + ": " + key + "=" + word);
    }
    return word;
  }

  /// The texts of a list, or the one that stands instead of it; none if there is no entry.
  List<String> texts(String key) throws RuleException {
    Optional<YamlTree> found = find(key);
    return found.isPresent() ? texts(found.get(), key) : List.of();
  }

  static List<String> texts(YamlTree tree, String what) throws RuleException {
    List<String> texts = new ArrayList<>();
    for (YamlTree element : elements(tree)) {
      texts.add(text(element, what));
    }
    return texts;
  }

  /// The elements of a list; the value itself if it is none.
  static List<YamlTree> elements(YamlTree tree) {
    return tree instanceof YamlTree.Sequence(List<YamlTree> elements, int _)
        ? elements
        : List.of(tree);
  }

  /// A map of names to one or several texts.
  Map<String, List<String>> requireLists(String key) throws RuleException {
    return lists(require(key), key);
  }

  static Map<String, List<String>> lists(YamlTree tree, String what) throws RuleException {
    if (!(tree instanceof YamlTree.Mapping(Map<String, YamlTree> entries, int _))) {
      throw problem(tree.line(), "'" + what + "' is no map");
    }
    Map<String, List<String>> lists = new LinkedHashMap<>();
    for (Map.Entry<String, YamlTree> entry : entries.entrySet()) {
      List<String> texts = texts(entry.getValue(), entry.getKey());
      if (texts.isEmpty()) {
        throw problem(entry.getValue().line(), "a list is empty: name=" + entry.getKey());
      }
      lists.put(entry.getKey(), texts);
    }
    return lists;
  }

  /// Refuses what nobody asked for.
  void requireNoOthers() throws RuleException {
    for (Map.Entry<String, YamlTree> entry : entries.entrySet()) {
      if (!known.contains(entry.getKey())) {
        throw problem(
            entry.getValue().line(), what + " has an unknown part: part=" + entry.getKey());
      }
    }
  }
}
