package redoubt.engine.sigma.rule;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import redoubt.engine.sigma.rule.CorrelationRule.Threshold;
import redoubt.engine.sigma.rule.RuleProblem.Kind;
import redoubt.engine.sigma.rule.ValueTest.Comparison;

/// Reads the part `correlation` of a rule: Sigma specification 2.1.0, "Correlation rules".
final class CorrelationReader {
  private static final Pattern TIMESPAN = Pattern.compile("([1-9][0-9]{0,8})([smhdwMy])");
  private static final Duration LONGEST = Duration.ofDays(36_500);
  private static final double MEDIAN = 50;

  private final Map<String, Node> entries;
  private final int line;

  private CorrelationReader(Map<String, Node> entries, int line) {
    this.entries = entries;
    this.line = line;
  }

  static CorrelationRule read(Header header, Node node) throws RuleException {
    Map<String, Node> entries = Yaml.map(node, "correlation");
    return new CorrelationReader(entries, Yaml.line(node)).rule(header);
  }

  private CorrelationRule rule(Header header) throws RuleException {
    CorrelationRule.Type type = type();
    boolean temporal =
        type == CorrelationRule.Type.TEMPORAL || type == CorrelationRule.Type.TEMPORAL_ORDERED;
    Node condition = entries.get("condition");
    MatchConditionParser.Result matches = matches(temporal ? condition : null);
    if (matches.rules().isEmpty()) {
      throw problem("the correlation names no rules");
    }
    List<String> groupBy = new ArrayList<>();
    for (String field : Yaml.texts(entries.get("group-by"), "group-by")) {
      groupBy.add(FieldName.of(field));
    }
    Map<String, Node> conditions =
        temporal || condition == null ? Map.of() : Yaml.map(condition, "condition");
    List<String> fields = fields(conditions);
    boolean statistic = type != CorrelationRule.Type.EVENT_COUNT && !temporal;
    if (statistic
        && (fields.isEmpty() || (fields.size() > 1 && type != CorrelationRule.Type.VALUE_COUNT))) {
      throw problem("the condition of this type names one field: type=" + word(type));
    }
    List<Threshold> thresholds = thresholds(conditions);
    if (!temporal && thresholds.isEmpty()) {
      throw problem("the correlation has no condition");
    }
    return new CorrelationRule(
        header,
        type,
        matches.rules(),
        matches.alternatives(),
        generate(),
        groupBy,
        aliases(),
        timespan(),
        fields,
        thresholds,
        percentile(type, conditions));
  }

  /// Which rules the correlation is about, and which of them must have matched.
  ///
  /// @param condition of a temporal type; null if there is none, or the type is another
  private MatchConditionParser.Result matches(@Nullable Node condition) throws RuleException {
    List<String> rules = Yaml.texts(entries.get("rules"), "rules");
    if (condition == null) {
      return new MatchConditionParser.Result(rules, List.of(Alternative.ofAll(rules.size())));
    }
    if (condition instanceof MappingNode) {
      throw new RuleException(
          Kind.UNSUPPORTED,
          Yaml.line(condition),
          "the condition of a temporal type joins rules with and, or, not; it does not compare");
    }
    return MatchConditionParser.parse(
        Yaml.text(condition, "condition"), rules, Yaml.line(condition));
  }

  private CorrelationRule.Type type() throws RuleException {
    String word = Yaml.text(entries.get("type"), "type");
    for (CorrelationRule.Type type : CorrelationRule.Type.values()) {
      if (word(type).equals(word)) {
        return type;
      }
    }
    throw problem("no such type of correlation: type=" + word);
  }

  private static String word(CorrelationRule.Type type) {
    return type.name().toLowerCase(Locale.ROOT);
  }

  private boolean generate() throws RuleException {
    Node node = entries.get("generate");
    if (node == null) {
      return false;
    }
    Scalar scalar = Scalar.of(node);
    if (scalar.type() != Scalar.Type.BOOLEAN) {
      throw new RuleException(Kind.STRUCTURE, scalar.line(), "'generate' takes true or false");
    }
    return scalar.text().equals("true");
  }

  private Duration timespan() throws RuleException {
    String text = Yaml.text(entries.get("timespan"), "timespan");
    Matcher matcher = TIMESPAN.matcher(text);
    if (!matcher.matches()) {
      throw problem("not a timespan, such as 5m: timespan=" + text);
    }
    long count = Long.parseLong(matcher.group(1));
    Duration timespan =
        switch (matcher.group(2)) {
          case "s" -> Duration.ofSeconds(count);
          case "m" -> Duration.ofMinutes(count);
          case "h" -> Duration.ofHours(count);
          case "d" -> Duration.ofDays(count);
          case "w" -> Duration.ofDays(7 * count);
          case "M" -> Duration.ofDays(30 * count);
          default -> Duration.ofDays(365 * count);
        };
    if (timespan.compareTo(LONGEST) > 0) {
      throw problem("a timespan is too long: timespan=" + text + " limit=100y");
    }
    return timespan;
  }

  private Map<String, Map<String, String>> aliases() throws RuleException {
    Map<String, Map<String, String>> aliases = new HashMap<>();
    Node node = entries.get("aliases");
    if (node == null) {
      return aliases;
    }
    for (Map.Entry<String, Node> alias : Yaml.map(node, "aliases").entrySet()) {
      Map<String, String> byRule = new HashMap<>();
      for (Map.Entry<String, Node> rule : Yaml.map(alias.getValue(), "alias").entrySet()) {
        byRule.put(rule.getKey(), FieldName.of(Yaml.text(rule.getValue(), "alias")));
      }
      aliases.put(FieldName.of(alias.getKey()), Map.copyOf(byRule));
    }
    return aliases;
  }

  private static List<String> fields(Map<String, Node> conditions) throws RuleException {
    List<String> fields = new ArrayList<>();
    for (String field : Yaml.texts(conditions.get("field"), "field")) {
      fields.add(FieldName.of(field));
    }
    return fields;
  }

  private static List<Threshold> thresholds(Map<String, Node> conditions) throws RuleException {
    List<Threshold> thresholds = new ArrayList<>();
    for (Map.Entry<String, Node> entry : conditions.entrySet()) {
      Comparison comparison =
          switch (entry.getKey()) {
            case "gt" -> Comparison.GT;
            case "gte" -> Comparison.GTE;
            case "lt" -> Comparison.LT;
            case "lte" -> Comparison.LTE;
            case "eq", "neq" -> Comparison.EQ;
            case "field", "percentile" -> null;
            default ->
                throw new RuleException(
                    Kind.STRUCTURE,
                    Yaml.line(entry.getValue()),
                    "no such condition: condition=" + entry.getKey());
          };
      if (comparison != null) {
        thresholds.add(
            new Threshold(
                comparison, Scalar.of(entry.getValue()).number(), entry.getKey().equals("neq")));
      }
    }
    return thresholds;
  }

  private double percentile(CorrelationRule.Type type, Map<String, Node> conditions)
      throws RuleException {
    @Nullable Node node = conditions.get("percentile");
    if (type != CorrelationRule.Type.VALUE_PERCENTILE) {
      return MEDIAN;
    }
    double percentile = node == null ? Double.NaN : Scalar.of(node).number();
    if (!(percentile >= 0 && percentile <= 100)) {
      throw problem("'percentile' takes 0 to 100");
    }
    return percentile;
  }

  /// Whether a document is a correlation rule.
  static boolean isCorrelation(Map<String, Node> entries) {
    return entries.get("correlation") instanceof MappingNode;
  }

  private RuleException problem(String reason) {
    return new RuleException(Kind.STRUCTURE, line, reason);
  }
}
