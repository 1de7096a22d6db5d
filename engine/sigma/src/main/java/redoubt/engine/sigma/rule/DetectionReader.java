package redoubt.engine.sigma.rule;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import redoubt.engine.sigma.rule.RuleProblem.Kind;

/// Reads one named detection of a rule. Maps mean *and*, lists mean *or*, and values without a
/// field are sought in all fields.
final class DetectionReader {
  /// How many tests one rule may have, whatever its placeholders and YAML aliases multiply.
  private static final int TESTS_LIMIT = 100_000;

  private static final int CHARACTERS_LIMIT = RuleReader.LENGTH_LIMIT;

  private final Placeholders placeholders;
  private int tests;
  private int characters;

  DetectionReader(Placeholders placeholders) {
    this.placeholders = placeholders;
  }

  Selection read(String name, Node node) throws RuleException {
    return switch (node) {
      case MappingNode map -> fields(name, map);
      case SequenceNode list when list.getValue().isEmpty() ->
          throw problem(node, "a detection is empty: detection=" + name);
      case SequenceNode list -> {
        List<Selection> parts = new ArrayList<>();
        for (Node element : list.getValue()) {
          parts.add(element instanceof SequenceNode ? refuse(name, element) : read(name, element));
        }
        yield Selection.any(parts);
      }
      case ScalarNode scalar -> item("", scalar);
      default -> refuse(name, node);
    };
  }

  private static Selection refuse(String name, Node node) throws RuleException {
    throw problem(node, "a detection is neither map, list nor value: detection=" + name);
  }

  private Selection fields(String name, MappingNode map) throws RuleException {
    Map<String, Node> entries = Yaml.map(map, "detection " + name);
    if (entries.isEmpty()) {
      throw problem(map, "a detection is empty: detection=" + name);
    }
    List<Selection> parts = new ArrayList<>();
    for (Map.Entry<String, Node> entry : entries.entrySet()) {
      parts.add(item(entry.getKey(), entry.getValue()));
    }
    return Selection.all(parts);
  }

  /// @param key name of the field, empty for none, and modifiers behind it
  private Selection item(String key, Node value) throws RuleException {
    List<String> words = Arrays.asList(key.split("\\|", -1));
    String field = FieldName.of(words.getFirst());
    int line = Yaml.line(value);
    Modifiers modifiers = new Modifiers(words.subList(1, words.size()), line, placeholders);
    List<Node> nodes = Yaml.elements(value);
    if (nodes.isEmpty()) {
      throw problem(value, "a list of values is empty: field=" + key);
    }
    List<Selection> found = new ArrayList<>();
    for (Node node : nodes) {
      Scalar scalar = Scalar.of(node);
      characters += scalar.text().length();
      if (characters > CHARACTERS_LIMIT) {
        throw problem(node, "a rule's values are too long: limit=" + CHARACTERS_LIMIT);
      }
      if (scalar.type() == Scalar.Type.NULL && value instanceof SequenceNode) {
        throw problem(node, "null stands in a list of values: field=" + key);
      }
      List<Selection> alternatives = new ArrayList<>();
      for (ValueTest test : modifiers.apply(scalar)) {
        if (++tests > TESTS_LIMIT) {
          throw problem(node, "a rule has too many values: limit=" + TESTS_LIMIT);
        }
        alternatives.add(leaf(field, test, node));
      }
      found.add(Selection.any(alternatives));
    }
    Selection item = modifiers.all() ? Selection.all(found) : Selection.any(found);
    return modifiers.negated() ? new Selection.Not(item) : item;
  }

  private static Selection leaf(String field, ValueTest test, Node node) throws RuleException {
    if (!field.isEmpty()) {
      return new Selection.Field(field, test);
    }
    return new Selection.AnyField(
        switch (test) {
          case ValueTest.Text(TextPattern pattern, boolean cased) ->
              new ValueTest.Text(pattern.surrounded(true, true), cased);
          case ValueTest.Regex regex -> regex;
          case ValueTest.Compared _,
              ValueTest.Network _,
              ValueTest.Exists _,
              ValueTest.Null _,
              ValueTest.OtherField _,
              ValueTest.TimePart _ ->
              throw problem(node, "such a value needs a field");
        });
  }

  private static RuleException problem(Node node, String reason) {
    return new RuleException(Kind.STRUCTURE, Yaml.line(node), reason);
  }
}
