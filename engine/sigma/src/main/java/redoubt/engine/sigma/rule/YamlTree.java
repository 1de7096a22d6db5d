package redoubt.engine.sigma.rule;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A YAML document as plain values that know their lines, for files that are no rules. Immutable.
public sealed interface YamlTree {
  /// Where it begins, 1 or more.
  int line();

  /// A single value.
  record Value(Scalar scalar) implements YamlTree {
    @Override
    public int line() {
      return scalar.line();
    }
  }

  /// A list.
  record Sequence(List<YamlTree> elements, int line) implements YamlTree {
    public Sequence {
      elements = List.copyOf(elements);
    }
  }

  /// A map, in the order in which it is written.
  record Mapping(Map<String, YamlTree> entries, int line) implements YamlTree {
    public Mapping {
      entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
    }
  }

  /// Reads a text that is one document.
  ///
  /// @param file how the text is called in problems
  /// @throws RuleException if it is not YAML, none or several documents, or too large: 4 MiB of
  ///   text, 200,000 values, aliases counted as often as they stand, nested 50 deep
  static YamlTree read(String file, String text) throws RuleException {
    return YamlTreeReader.read(file, text);
  }
}
