package redoubt.engine.sigma.rule;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;
import redoubt.engine.sigma.rule.RuleProblem.Kind;

/// Reads Sigma rules, one or more YAML documents in a text. Each rule is read or refused by itself.
///
/// Thread-safe. Source: Sigma specification 2.1.0.
public final class RuleReader {
  /// The longest text that is read, in characters. The longest rule that is published has 40,000.
  public static final int LENGTH_LIMIT = 4 << 20;

  private final Placeholders placeholders;

  public RuleReader(Placeholders placeholders) {
    this.placeholders = placeholders;
  }

  /// What came of a text.
  public record Result(
      List<SigmaRule> rules,
      List<CorrelationRule> correlations,
      List<FilterRule> filters,
      List<RuleProblem> problems) {
    public Result {
      rules = List.copyOf(rules);
      correlations = List.copyOf(correlations);
      filters = List.copyOf(filters);
      problems = List.copyOf(problems);
    }
  }

  private static final class Collected {
    final List<SigmaRule> rules = new ArrayList<>();
    final List<CorrelationRule> correlations = new ArrayList<>();
    final List<FilterRule> filters = new ArrayList<>();
    final List<RuleProblem> problems = new ArrayList<>();

    void refuse(String file, RuleException e) {
      problems.add(new RuleProblem(new Origin(file, e.line()), e.kind(), e.reason()));
    }

    Result result() {
      return new Result(rules, correlations, filters, problems);
    }
  }

  /// Reads a text.
  ///
  /// @param file how the text is called in what is returned
  public Result read(String file, String text) {
    Collected collected = new Collected();
    try {
      Yaml.documents(file, text, document -> readDocument(file, document, collected));
    } catch (RuleException e) {
      collected.refuse(file, e);
    }
    return collected.result();
  }

  private void readDocument(String file, Node document, Collected collected) {
    try {
      Map<String, Node> entries = Yaml.map(document, "rule");
      Origin origin = new Origin(file, Math.max(1, Yaml.line(document)));
      if (CorrelationReader.isCorrelation(entries)) {
        collected.correlations.add(
            CorrelationReader.read(Header.read(entries, origin), require(entries, "correlation")));
        return;
      }
      Node filter = entries.get("filter");
      if (filter != null && !entries.containsKey("detection")) {
        collected.filters.add(filter(Header.read(entries, origin), entries, filter));
        return;
      }
      if (entries.containsKey("action")) {
        throw new RuleException(
            Kind.UNSUPPORTED, 0, "'action' is no longer part of Sigma: write the rules out");
      }
      collected.rules.add(rule(Header.read(entries, origin), entries));
    } catch (RuleException e) {
      int line = Math.max(1, e.line() == 0 ? Yaml.line(document) : e.line());
      collected.problems.add(new RuleProblem(new Origin(file, line), e.kind(), e.reason()));
    }
  }

  private SigmaRule rule(Header header, Map<String, Node> entries) throws RuleException {
    return new SigmaRule(
        header,
        Yaml.texts(entries.get("falsepositives"), "falsepositives"),
        logSource(require(entries, "logsource")),
        detection(require(entries, "detection"), "detection", Set.of("timeframe")));
  }

  private static Node require(Map<String, Node> entries, String key) throws RuleException {
    Node node = entries.get(key);
    if (node == null) {
      throw new RuleException(Kind.STRUCTURE, 0, "the rule has no " + key);
    }
    return node;
  }

  private static LogSource logSource(Node node) throws RuleException {
    Map<String, Node> entries = Yaml.map(node, "logsource");
    LogSource source =
        new LogSource(
            word(entries.get("category"), "category"),
            word(entries.get("product"), "product"),
            word(entries.get("service"), "service"));
    if (source.equals(new LogSource("", "", ""))) {
      throw new RuleException(
          Kind.STRUCTURE, Yaml.line(node), "logsource names no category, product or service");
    }
    return source;
  }

  private static String word(@Nullable Node node, String what) throws RuleException {
    return Yaml.text(node, what).toLowerCase(Locale.ROOT);
  }

  private FilterRule filter(Header header, Map<String, Node> entries, Node filter)
      throws RuleException {
    List<String> rules = Yaml.texts(Yaml.map(filter, "filter").get("rules"), "rules");
    if (rules.isEmpty()) {
      throw new RuleException(
          Kind.STRUCTURE, Yaml.line(filter), "the filter names no rules: name some, or any");
    }
    return new FilterRule(
        header.title(),
        logSource(require(entries, "logsource")),
        rules.equals(List.of("any")) ? List.of() : rules,
        detection(filter, "filter", Set.of("rules")),
        header.origin());
  }

  /// @param others keys that are no detections
  private Selection detection(Node node, String what, Set<String> others) throws RuleException {
    Map<String, Node> entries = Yaml.map(node, what);
    Node condition = entries.get("condition");
    if (condition == null) {
      throw new RuleException(Kind.STRUCTURE, Yaml.line(node), "the rule has no condition");
    }
    DetectionReader reader = new DetectionReader(placeholders);
    Map<String, Selection> detections = new LinkedHashMap<>();
    for (Map.Entry<String, Node> entry : entries.entrySet()) {
      if (!entry.getKey().equals("condition") && !others.contains(entry.getKey())) {
        detections.put(entry.getKey(), reader.read(entry.getKey(), entry.getValue()));
      }
    }
    List<Selection> conditions = new ArrayList<>();
    for (Node element : Yaml.elements(condition)) {
      String text = Yaml.text(element, "condition");
      conditions.add(ConditionParser.parse(text, detections, Yaml.line(element)));
    }
    if (conditions.isEmpty()) {
      throw new RuleException(Kind.CONDITION, Yaml.line(condition), "the condition is empty");
    }
    return Selection.any(conditions);
  }
}
