package redoubt.engine.sigma.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import redoubt.engine.sigma.rule.RuleProblem.Kind;

/// Values of the owner's for the names that rules write as `%name%` with the modifier `expand`.
///
/// @param values by name; what a value is replaced by may have wildcards
public record Placeholders(Map<String, List<String>> values) {
  private static final int EXPANSION_LIMIT = 100_000;

  /// No values: rules that want some are refused.
  public static final Placeholders NONE = new Placeholders(Map.of());

  public Placeholders {
    values = Map.copyOf(values);
  }

  /// Every text that comes of a value when each `%name%` takes each of its values. `\%` is a
  /// percent sign.
  List<String> expand(String value, int line) throws RuleException {
    List<String> expanded = new ArrayList<>(List.of(""));
    StringBuilder run = new StringBuilder();
    int position = 0;
    while (position < value.length()) {
      char c = value.charAt(position);
      if (c == '\\' && position + 1 < value.length() && value.charAt(position + 1) == '%') {
        run.append('%');
        position += 2;
        continue;
      }
      int end = c == '%' ? value.indexOf('%', position + 1) : -1;
      if (end < 0) {
        run.append(c);
        position++;
        continue;
      }
      String name = value.substring(position + 1, end);
      List<String> found = values.getOrDefault(name, List.of());
      if (found.isEmpty()) {
        throw new RuleException(
            Kind.PLACEHOLDER, line, "no values for a placeholder: placeholder=%" + name + "%");
      }
      append(expanded, List.of(run.toString()), line);
      append(expanded, found, line);
      run.setLength(0);
      position = end + 1;
    }
    append(expanded, List.of(run.toString()), line);
    return expanded;
  }

  private static void append(List<String> texts, List<String> endings, int line)
      throws RuleException {
    if ((long) texts.size() * endings.size() > EXPANSION_LIMIT) {
      throw new RuleException(
          Kind.PLACEHOLDER, line, "placeholders give too many values: limit=" + EXPANSION_LIMIT);
    }
    List<String> before = List.copyOf(texts);
    texts.clear();
    for (String text : before) {
      for (String ending : endings) {
        texts.add(text + ending);
      }
    }
  }
}
