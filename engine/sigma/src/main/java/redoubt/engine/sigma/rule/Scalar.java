package redoubt.engine.sigma.rule;

import java.util.Set;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import redoubt.engine.sigma.rule.RuleProblem.Kind;

/// A single value in a rule, as YAML 1.2 understands it.
///
/// @param text of a number its shortest decimal form, of a truth value `true` or `false`
/// @param line where it stands
public record Scalar(Type type, String text, int line) {
  private static final Set<String> NULLS = Set.of("~", "Null", "NULL");

  /// What kinds of value there are.
  public enum Type {
    TEXT,
    INTEGER,
    FLOAT,
    BOOLEAN,
    NULL
  }

  static Scalar of(Node node) throws RuleException {
    int line = Yaml.line(node);
    if (!(node instanceof ScalarNode scalar)) {
      throw new RuleException(Kind.STRUCTURE, line, "a single value was expected");
    }
    String text = scalar.getValue();
    Tag tag = scalar.getTag();
    boolean plain = scalar.getScalarStyle() == ScalarStyle.PLAIN;
    if (tag.equals(Tag.STR) && plain && NULLS.contains(text)) {
      // What the library takes for texts, YAML 1.2 does not (10.3.2).
      return new Scalar(Type.NULL, "", line);
    } else if (tag.equals(Tag.STR)) {
      return new Scalar(Type.TEXT, text, line);
    } else if (tag.equals(Tag.NULL)) {
      return new Scalar(Type.NULL, "", line);
    } else if (tag.equals(Tag.BOOL)) {
      return new Scalar(Type.BOOLEAN, Boolean.toString(Boolean.parseBoolean(text)), line);
    } else if (tag.equals(Tag.INT)) {
      return new Scalar(Type.INTEGER, Yaml.integer(text, line).toString(), line);
    } else if (tag.equals(Tag.FLOAT)) {
      return new Scalar(Type.FLOAT, text, line);
    }
    throw new RuleException(Kind.YAML, line, "unknown YAML tag: tag=" + tag.getValue());
  }

  /// The number that it is.
  ///
  /// @throws RuleException if it is no number
  public double number() throws RuleException {
    try {
      double number = Double.parseDouble(text);
      if (Double.isFinite(number)) {
        return number;
      }
    } catch (NumberFormatException expected) {
      // What follows says it.
    }
    throw new RuleException(Kind.VALUE, line, "not a number: value=" + text);
  }
}
