package redoubt.engine.sigma.rule;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.schema.CoreSchema;
import redoubt.engine.sigma.rule.RuleProblem.Kind;

/// Reads parts of a YAML tree, which knows its lines.
final class Yaml {
  private static final int DIGITS_LIMIT = 400;
  private static final int ALIASES_LIMIT = 50;

  private Yaml() {}

  /// Hands over the documents of a text one by one, those before a fault too.
  ///
  /// @param file how the text is called in problems
  static void documents(String file, String text, Consumer<Node> reader) throws RuleException {
    if (text.length() > RuleReader.LENGTH_LIMIT) {
      throw new RuleException(
          Kind.YAML,
          1,
          "longer than is read: length=" + text.length() + " limit=" + RuleReader.LENGTH_LIMIT);
    }
    try {
      new Compose(settings(file, text)).composeAllFromString(text).forEach(reader);
    } catch (MarkedYamlEngineException e) {
      int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1);
      throw new RuleException(Kind.YAML, line, "not YAML: " + e.getProblem());
    } catch (YamlEngineException e) {
      throw new RuleException(Kind.YAML, 1, "not YAML: " + firstLine(e.getMessage()));
    } catch (StackOverflowError e) {
      throw new RuleException(Kind.YAML, 1, "nested too deeply");
    }
  }

  private static LoadSettings settings(String file, String text) {
    return LoadSettings.builder()
        .setLabel(file)
        .setSchema(new CoreSchema())
        .setMaxAliasesForCollections(ALIASES_LIMIT)
        .setAllowDuplicateKeys(false)
        .setCodePointLimit(RuleReader.LENGTH_LIMIT)
        // All at once: version 2.10 fails where a pair of surrogates lies across two reads.
        .setBufferSize(text.length() + 2)
        .build();
  }

  private static String firstLine(@Nullable String message) {
    return message == null ? "" : message.lines().findFirst().orElse("");
  }

  static int line(Node node) {
    return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
  }

  /// The entries of a map, in their order.
  static Map<String, Node> map(Node node, String what) throws RuleException {
    if (!(node instanceof MappingNode map)) {
      throw new RuleException(Kind.STRUCTURE, line(node), what + " is no map");
    }
    Map<String, Node> entries = new LinkedHashMap<>();
    for (NodeTuple tuple : map.getValue()) {
      if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
        throw new RuleException(Kind.STRUCTURE, line(tuple.getKeyNode()), "a key is no text");
      }
      if (entries.put(key.getValue(), tuple.getValueNode()) != null) {
        throw new RuleException(
            Kind.STRUCTURE, line(key), "a key stands twice: key=" + key.getValue());
      }
    }
    return entries;
  }

  /// The elements of a list; the node itself if it is none.
  static List<Node> elements(Node node) {
    return node instanceof SequenceNode sequence ? sequence.getValue() : List.of(node);
  }

  /// The text of an entry; empty if there is none.
  static String text(@Nullable Node node, String what) throws RuleException {
    if (node == null) {
      return "";
    }
    if (!(node instanceof ScalarNode scalar)) {
      throw new RuleException(Kind.STRUCTURE, line(node), what + " is no text");
    }
    return Scalar.of(scalar).type() == Scalar.Type.NULL ? "" : scalar.getValue();
  }

  /// The texts of a list, or the one that stands instead of it; none if there is no entry.
  static List<String> texts(@Nullable Node node, String what) throws RuleException {
    List<String> texts = new ArrayList<>();
    if (node != null) {
      for (Node element : elements(node)) {
        String text = text(element, what);
        if (!text.isEmpty()) {
          texts.add(text);
        }
      }
    }
    return texts;
  }

  /// A number as YAML 1.2 writes it: decimal, `0x` or `0o`.
  static BigInteger integer(String text, int line) throws RuleException {
    try {
      if (text.length() > DIGITS_LIMIT) {
        throw new NumberFormatException();
      } else if (text.startsWith("0x")) {
        return new BigInteger(text.substring(2), 16);
      } else if (text.startsWith("0o")) {
        return new BigInteger(text.substring(2), 8);
      }
      return new BigInteger(text);
    } catch (NumberFormatException e) {
      throw new RuleException(
          Kind.VALUE, line, "not an integer that can be read: length=" + text.length());
    }
  }
}
