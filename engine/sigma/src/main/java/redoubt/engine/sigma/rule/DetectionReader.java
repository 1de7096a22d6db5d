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
public final class DetectionReader {
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

  /// What one key and its values ask, wherever they stand.
  ///
  /// @param key name of the field, empty for none, and modifiers behind it
  /// @param isList whether the values stand in a list
  public static Selection item(
      String key, List<Scalar> values, boolean isList, int line, Placeholders placeholders)
      throws RuleException {
    return new DetectionReader(placeholders).item(key, values, isList, line);
  }

  private Selection item(String key, Node value) throws RuleException {
    List<Scalar> scalars = new ArrayList<>();
    for (Node node : Yaml.elements(value)) {
      scalars.add(Scalar.of(node));
    }
    return item(key, scalars, value instanceof SequenceNode, Yaml.line(value));
  }

  private Selection item(String key, List<Scalar> values, boolean isList, int line)
      throws RuleException {
    List<String> words = Arrays.asList(key.split("\\|", -1));
    String field = FieldName.of(words.getFirst());
    Modifiers modifiers = new Modifiers(words.subList(1, words.size()), line, placeholders);
    if (values.isEmpty()) {
      throw problem(line, "a list of values is empty: field=" + key);
    }
    List<Selection> found = new ArrayList<>();
    for (Scalar scalar : values) {
      characters += scalar.text().length();
      if (characters > CHARACTERS_LIMIT) {
        throw problem(scalar.line(), "a rule's values are too long: limit=" + CHARACTERS_LIMIT);
      }
      if (scalar.type() == Scalar.Type.NULL && isList) {
        throw problem(scalar.line(), "null stands in a list of values: field=" + key);
      }
      List<Selection> alternatives = new ArrayList<>();
      for (ValueTest test : modifiers.apply(scalar)) {
        if (++tests > TESTS_LIMIT) {
          throw problem(scalar.line(), "a rule has too many values: limit=" + TESTS_LIMIT);
        }
        alternatives.add(leaf(field, test, scalar.line()));
      }
      found.add(Selection.any(alternatives));
    }
    Selection item = modifiers.all() ? Selection.all(found) : Selection.any(found);
    boolean isLeaf = item instanceof Selection.Field || item instanceof Selection.AnyField;
    Selection whole = isLeaf ? item : new Selection.Item(item);
    return modifiers.negated() ? new Selection.Not(whole) : whole;
  }

  private static Selection leaf(String field, ValueTest test, int line) throws RuleException {
    return field.isEmpty()
        ? new Selection.AnyField(anywhere(test, line))
        : new Selection.Field(field, test);
  }

  /// The same test, made on all fields: texts are found inside of values.
  ///
  /// @throws RuleException if it is one of those that need a field
  public static ValueTest anywhere(ValueTest test, int line) throws RuleException {
    return switch (test) {
      case ValueTest.Text(TextPattern pattern, boolean cased) ->
          new ValueTest.Text(pattern.surrounded(true, true), cased);
      case ValueTest.Regex regex -> regex;
      case ValueTest.Compared _,
          ValueTest.Network _,
          ValueTest.Exists _,
          ValueTest.Null _,
          ValueTest.OtherField _,
          ValueTest.TimePart _ ->
          throw problem(line, "such a value needs a field");
    };
  }

  private static RuleException problem(Node node, String reason) {
    return problem(Yaml.line(node), reason);
  }

  private static RuleException problem(int line, String reason) {
    return new RuleException(Kind.STRUCTURE, line, reason);
  }
}
