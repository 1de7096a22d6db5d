package redoubt.engine.sigma.rule;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import redoubt.engine.sigma.rule.RuleProblem.Kind;

/// Makes plain trees of what the YAML library reads.
final class YamlTreeReader {
  private static final int DEPTH_LIMIT = 50;
  private static final int VALUES_LIMIT = 200_000;

  private int values;

  private YamlTreeReader() {}

  static YamlTree read(String file, String text) throws RuleException {
    List<Node> documents = new ArrayList<>();
    Yaml.documents(file, text, documents::add);
    if (documents.size() != 1) {
      throw new RuleException(
          Kind.STRUCTURE, 1, "one document was expected: documents=" + documents.size());
    }
    return new YamlTreeReader().tree(documents.getFirst(), 0);
  }

  private YamlTree tree(Node node, int depth) throws RuleException {
    if (++values > VALUES_LIMIT || depth > DEPTH_LIMIT) {
      throw new RuleException(
          Kind.YAML,
          Yaml.line(node),
          "too much to be read: values=" + VALUES_LIMIT + " depth=" + DEPTH_LIMIT);
    }
    return switch (node) {
      case MappingNode map -> mapping(map, depth);
      case SequenceNode list -> {
        List<YamlTree> elements = new ArrayList<>();
        for (Node element : list.getValue()) {
          elements.add(tree(element, depth + 1));
        }
        yield new YamlTree.Sequence(elements, Yaml.line(list));
      }
      default -> new YamlTree.Value(Scalar.of(node));
    };
  }

  private YamlTree mapping(MappingNode map, int depth) throws RuleException {
    for (NodeTuple tuple : map.getValue()) {
      Scalar key = Scalar.of(tuple.getKeyNode());
      if (key.type() == Scalar.Type.NULL) {
        throw new RuleException(Kind.STRUCTURE, key.line(), "a key is null");
      }
    }
    Map<String, YamlTree> entries = new LinkedHashMap<>();
    for (Map.Entry<String, Node> entry : Yaml.map(map, "the document").entrySet()) {
      entries.put(entry.getKey(), tree(entry.getValue(), depth + 1));
    }
    return new YamlTree.Mapping(entries, Yaml.line(map));
  }
}
