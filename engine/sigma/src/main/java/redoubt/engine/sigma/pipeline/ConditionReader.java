package redoubt.engine.sigma.pipeline;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.PatternSyntaxException;
import org.safere.Pattern;
import redoubt.engine.sigma.pipeline.RuleCondition.Attribute;
import redoubt.engine.sigma.rule.FieldName;
import redoubt.engine.sigma.rule.LogSource;
import redoubt.engine.sigma.rule.RuleException;
import redoubt.engine.sigma.rule.ValueTest;
import redoubt.engine.sigma.rule.YamlTree;

/// Reads the conditions of steps.
final class ConditionReader {
  private ConditionReader() {}

  /// Reads conditions of one kind.
  interface Reader<C> {
    C read(String type, Parameters parameters) throws RuleException;
  }

  /// The conditions of one kind that a step has.
  ///
  /// @param prefix which kind, as the keys of the step begin
  static <C> Joined<C> joined(Parameters step, String prefix, Reader<C> reader)
      throws RuleException {
    String key = prefix + "_conditions";
    Map<String, C> conditions = new LinkedHashMap<>();
    for (Map.Entry<String, YamlTree> entry : entries(step, key).entrySet()) {
      Parameters parameters = Parameters.of(entry.getValue(), "a condition");
      conditions.put(entry.getKey(), reader.read(parameters.requireText("type"), parameters));
      parameters.requireNoOthers();
    }
    boolean isJoined = step.find(prefix + "_cond_op").isPresent();
    boolean any = step.word(prefix + "_cond_op", "and", "and", "or").equals("or");
    boolean negated = step.flag(prefix + "_cond_not");
    Optional<YamlTree> expression = step.find(prefix + "_cond_expr");
    if (expression.isPresent()) {
      if (isJoined || !(step.find(key).orElse(null) instanceof YamlTree.Mapping)) {
        throw Parameters.problem(
            expression.get().line(),
            "an expression joins conditions that have names, and nothing else joins them");
      }
      String text = Parameters.text(expression.get(), prefix + "_cond_expr");
      Joined<C> joined = ExpressionReader.read(text, conditions, expression.get().line());
      return new Joined.Several<>(List.of(joined), false, negated);
    }
    if (conditions.isEmpty() && (any || negated)) {
      throw step.problem("there are no conditions to join: conditions=" + key);
    }
    List<Joined<C>> parts = new ArrayList<>();
    conditions.values().forEach(condition -> parts.add(new Joined.One<>(condition)));
    return new Joined.Several<>(parts, any, negated);
  }

  /// A map whose keys are names for conditions, or a list of them.
  private static Map<String, YamlTree> entries(Parameters step, String key) throws RuleException {
    return switch (step.find(key).orElse(new YamlTree.Sequence(List.of(), 0))) {
      case YamlTree.Mapping map -> map.entries();
      case YamlTree.Sequence list -> {
        Map<String, YamlTree> entries = new LinkedHashMap<>();
        for (YamlTree element : list.elements()) {
          entries.put(Integer.toString(entries.size()), element);
        }
        yield entries;
      }
      case YamlTree.Value value ->
          throw Parameters.problem(value.line(), "'" + key + "' is no list");
    };
  }

  static RuleCondition rule(String type, Parameters parameters) throws RuleException {
    return switch (type) {
      case "logsource" -> new RuleCondition.OfLogSource(logSource(parameters));
      case "contains_field" ->
          new RuleCondition.HasField(FieldName.of(parameters.requireText("field")));
      case "contains_detection_item" ->
          new RuleCondition.HasItem(
              FieldName.of(parameters.requireText("field")), parameters.requireScalar("value"));
      case "processing_item_applied" -> new RuleCondition.ChangedBy(step(parameters));
      case "processing_state" -> new RuleCondition.InState(state(parameters));
      case "is_sigma_rule" -> new RuleCondition.IsSingle(true);
      case "is_sigma_correlation_rule" -> new RuleCondition.IsSingle(false);
      case "rule_attribute" -> attribute(parameters);
      case "tag" -> new RuleCondition.HasTag(parameters.requireText("tag"), true);
      default -> throw unknown("rule", type, parameters);
    };
  }

  /// The words of a log source, at least one.
  static LogSource logSource(Parameters parameters) throws RuleException {
    LogSource source =
        new LogSource(
            word(parameters, "category"), word(parameters, "product"), word(parameters, "service"));
    if (source.equals(new LogSource("", "", ""))) {
      throw parameters.problem("a log source names no category, product or service");
    }
    return source;
  }

  private static String word(Parameters parameters, String key) throws RuleException {
    return parameters.text(key, "").toLowerCase(Locale.ROOT);
  }

  private static RuleCondition attribute(Parameters parameters) throws RuleException {
    String name = parameters.requireText("attribute");
    String value = parameters.requireText("value");
    String word = parameters.word("op", "eq", "eq", "ne", "gte", "gt", "lte", "lt", "in", "not_in");
    if (name.equals("tags")) {
      if (!word.endsWith("in")) {
        throw parameters.problem("of a list is asked 'in' or 'not_in': attribute=" + name);
      }
      return new RuleCondition.HasTag(value, word.equals("in"));
    }
    Attribute attribute;
    try {
      attribute = Attribute.valueOf(name.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw parameters.problem("an attribute that is not kept of rules: attribute=" + name);
    }
    if (attribute.ranks().isEmpty()) {
      if (!word.equals("eq") && !word.equals("ne")) {
        throw parameters.problem("of a text is asked 'eq' or 'ne': attribute=" + name);
      }
      return new RuleCondition.HasText(attribute, value, word.equals("eq"));
    }
    int place = attribute.ranks().indexOf(value.toLowerCase(Locale.ROOT));
    if (place < 0 || word.endsWith("in")) {
      throw parameters.problem(
          "not a value of the attribute, or not to be asked of it: attribute="
              + name
              + " value="
              + value
              + " op="
              + word);
    }
    return new RuleCondition.HasRank(attribute, place, relation(word));
  }

  static ItemCondition item(String type, Parameters parameters) throws RuleException {
    return switch (type) {
      case "match_string" -> {
        Pattern expression = expression(parameters, "pattern");
        yield ofValues(parameters, ItemCondition.matching(expression, parameters.flag("negate")));
      }
      case "match_value" ->
          ofValues(parameters, ItemCondition.equalTo(parameters.requireScalar("value")));
      case "contains_wildcard" -> ofValues(parameters, ItemCondition.withWildcard());
      case "is_null" -> ofValues(parameters, ItemCondition.isNull());
      case "processing_item_applied" -> new ItemCondition.ChangedBy(step(parameters));
      case "processing_state" -> new ItemCondition.InState(state(parameters));
      default -> throw unknown("detection item", type, parameters);
    };
  }

  private static ItemCondition ofValues(Parameters parameters, Predicate<ValueTest> test)
      throws RuleException {
    parameters.require("cond");
    return new ItemCondition.OfValues(
        test, parameters.word("cond", "any", "any", "all").equals("all"));
  }

  static NameCondition name(String type, Parameters parameters) throws RuleException {
    return switch (type) {
      case "include_fields" -> inList(parameters, true);
      case "exclude_fields" -> inList(parameters, false);
      case "processing_item_applied" -> new NameCondition.ChangedBy(step(parameters));
      case "processing_state" -> new NameCondition.InState(state(parameters));
      default -> throw unknown("field name", type, parameters);
    };
  }

  private static NameCondition inList(Parameters parameters, boolean listed) throws RuleException {
    parameters.require("fields");
    List<String> fields = parameters.texts("fields");
    Set<String> names = new HashSet<>();
    List<Pattern> expressions = new ArrayList<>();
    if (parameters.word("mode", "plain", "plain", "re").equals("re")) {
      for (String field : fields) {
        expressions.add(compile(field, parameters.lineOf("fields")));
      }
    } else {
      fields.forEach(field -> names.add(FieldName.of(field)));
    }
    return new NameCondition.InList(names, expressions, listed);
  }

  private static String step(Parameters parameters) throws RuleException {
    return parameters.requireText("processing_item_id");
  }

  private static StateTest state(Parameters parameters) throws RuleException {
    return new StateTest(
        parameters.requireText("key"),
        parameters.requireScalar("val"),
        relation(parameters.word("op", "eq", "eq", "ne", "gte", "gt", "lte", "lt")));
  }

  private static Relation relation(String word) {
    return Relation.valueOf(word.toUpperCase(Locale.ROOT));
  }

  /// An expression that is tried in linear time.
  static Pattern expression(Parameters parameters, String key) throws RuleException {
    return compile(parameters.requireText(key), parameters.lineOf(key));
  }

  private static Pattern compile(String expression, int line) throws RuleException {
    try {
      return Pattern.compile(expression);
    } catch (PatternSyntaxException e) {
      throw Parameters.problem(
          line,
          "not a regular expression that can be matched in linear time: expression="
              + expression
              + " problem="
              + e.getDescription());
    }
  }

  private static RuleException unknown(String kind, String type, Parameters parameters) {
    return Parameters.problem(
        parameters.lineOf("type"), "no such " + kind + " condition: type=" + type);
  }
}
