package redoubt.engine.sigma.pipeline;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.safere.Pattern;
import redoubt.engine.sigma.rule.DetectionReader;
import redoubt.engine.sigma.rule.FieldName;
import redoubt.engine.sigma.rule.Placeholders;
import redoubt.engine.sigma.rule.RuleException;
import redoubt.engine.sigma.rule.RuleProblem.Kind;
import redoubt.engine.sigma.rule.Scalar;
import redoubt.engine.sigma.rule.TextPattern;
import redoubt.engine.sigma.rule.ValueTest;
import redoubt.engine.sigma.rule.YamlTree;

/// Reads what a step does: its type and the parameters of that.
final class TransformationReader {
  private static final Placeholders LATER = new Placeholders(Map.of(), Map.of(), true);

  private TransformationReader() {}

  /// @param nested reads the steps of `nest`
  static Change read(String type, Parameters parameters, ConditionReader.Reader<List<Step>> nested)
      throws RuleException {
    return switch (type) {
      case "field_name_mapping" -> new FieldChange.ByName(names(parameters));
      case "field_name_prefix_mapping" -> new FieldChange.ByBeginning(names(parameters));
      case "field_name_prefix" ->
          new FieldChange.Longer(FieldName.of(parameters.requireText("prefix")), "");
      case "field_name_suffix" ->
          new FieldChange.Longer("", FieldName.of(parameters.requireText("suffix")));
      case "drop_detection_item" -> new ItemChange.Drop();
      case "detection_item_failure" -> new ItemChange.Refuse(parameters.requireText("message"));
      case "strict_field_mapping_failure" -> new ItemChange.WantMapped();
      case "hashes_fields" -> digests(parameters);
      case "replace_string" -> replacement(parameters);
      case "map_string" -> texts(parameters);
      case "set_value" -> new ValueChange.Fixed(value(parameters));
      case "case" ->
          new ValueChange.Capitals(
              parameters.word("method", "lower", "lower", "upper").equals("upper"));
      case "regex" ->
          new ValueChange.RespectCapitals(
              parameters
                  .word(
                      "method",
                      "ignore_case_brackets",
                      "plain",
                      "ignore_case_flag",
                      "ignore_case_brackets")
                  .equals("plain"));
      case "convert_type" -> {
        parameters.require("target_type");
        yield new ValueChange.Convert(
            parameters.word("target_type", "str", "str", "num").equals("num"));
      }
      case "value_placeholders" -> new ValueChange.Fill(choice(parameters));
      case "wildcard_placeholders" -> new ValueChange.Widen(choice(parameters));
      default -> ofRule(type, parameters, nested);
    };
  }

  private static Change ofRule(
      String type, Parameters parameters, ConditionReader.Reader<List<Step>> nested)
      throws RuleException {
    return switch (type) {
      case "change_logsource" ->
          new RuleChange.OtherLogSource(ConditionReader.logSource(parameters));
      case "add_condition" -> addition(parameters);
      case "set_state" ->
          new RuleChange.SetState(parameters.requireText("key"), parameters.requireScalar("val"));
      case "rule_failure" -> new RuleChange.Refuse(parameters.requireText("message"));
      case "set_custom_attribute" -> {
        parameters.requireText("attribute");
        parameters.require("value");
        yield new RuleChange.Nothing();
      }
      case "add_field", "remove_field" -> {
        parameters.require("field");
        parameters.texts("field");
        yield new RuleChange.Nothing();
      }
      case "set_field" -> {
        parameters.require("fields");
        parameters.texts("fields");
        yield new RuleChange.Nothing();
      }
      case "nest" -> new RuleChange.Nest(nested.read(type, parameters));
      case "query_expression_placeholders" ->
          throw unsupported(type, "makes parts of queries, and there are no queries", parameters);
      case "field_name_transform" ->
          throw unsupported(type, "needs a function of another program", parameters);
      case "file",
          "file_placeholders",
          "http",
          "http_placeholders",
          "command",
          "command_placeholders" ->
          throw unsupported(
              type,
              "a pipeline opens no files, uses no network and runs no commands: give values with"
                  + " --values or 'vars'",
              parameters);
      default ->
          throw Parameters.problem(
              parameters.lineOf("type"), "no such transformation: type=" + type);
    };
  }

  private static RuleException unsupported(String type, String reason, Parameters parameters) {
    return new RuleException(
        Kind.UNSUPPORTED,
        parameters.lineOf("type"),
        "a transformation that is not supported, " + reason + ": type=" + type);
  }

  /// Names of fields as rules and events have them.
  private static Map<String, List<String>> names(Parameters parameters) throws RuleException {
    Map<String, List<String>> names = new LinkedHashMap<>();
    for (Map.Entry<String, List<String>> entry : parameters.requireLists("mapping").entrySet()) {
      List<String> targets = entry.getValue().stream().map(FieldName::of).distinct().toList();
      if (entry.getKey().isEmpty() || targets.contains("")) {
        throw Parameters.problem(
            parameters.lineOf("mapping"), "a field without a name: field=" + entry.getKey());
      }
      names.put(FieldName.of(entry.getKey()), targets);
    }
    return names;
  }

  private static Change digests(Parameters parameters) throws RuleException {
    parameters.require("valid_hash_algos");
    Set<String> kinds = new HashSet<>();
    for (String kind : parameters.texts("valid_hash_algos")) {
      kinds.add(kind.toUpperCase(Locale.ROOT));
    }
    String prefix = FieldName.of(parameters.text("field_prefix", ""));
    boolean prefixOnly = parameters.flag("drop_algo_prefix");
    if (prefixOnly && prefix.isEmpty()) {
      throw parameters.problem("digests get a field without a name");
    }
    return new ItemChange.SplitDigests(kinds, prefix, prefixOnly);
  }

  private static Change replacement(Parameters parameters) throws RuleException {
    Pattern expression = ConditionReader.expression(parameters, "regex");
    String written = parameters.requireText("replacement");
    return new ValueChange.ReplaceText(
        Replacement.read(expression, written, parameters.lineOf("replacement")),
        parameters.flag("skip_special"),
        parameters.flag("interpret_special"));
  }

  private static Change texts(Parameters parameters) throws RuleException {
    Map<String, List<TextPattern>> texts = new LinkedHashMap<>();
    for (Map.Entry<String, List<String>> entry : parameters.requireLists("mapping").entrySet()) {
      texts.put(entry.getKey(), entry.getValue().stream().map(TextPattern::parse).toList());
    }
    return new ValueChange.MapText(texts);
  }

  private static ValueTest value(Parameters parameters) throws RuleException {
    Scalar scalar = parameters.requireScalar("value");
    if (parameters.find("force_type").isEmpty()) {
      return Values.test(scalar);
    }
    if (scalar.type() == Scalar.Type.NULL) {
      throw parameters.problem("null has no other type");
    }
    if (parameters.word("force_type", "str", "str", "num").equals("str")) {
      return new ValueTest.Text(TextPattern.parse(scalar.text()), false);
    }
    String number =
        Values.findNumber(scalar.text())
            .orElseThrow(() -> parameters.problem("not a number: value=" + scalar.text()));
    return new ValueTest.Text(TextPattern.literal(number), false);
  }

  private static ValueChange.Choice choice(Parameters parameters) throws RuleException {
    boolean includes = parameters.find("include").isPresent();
    boolean excludes = parameters.find("exclude").isPresent();
    if (includes && excludes) {
      throw parameters.problem("'include' and 'exclude' stand together");
    }
    return includes
        ? new ValueChange.Choice(Set.copyOf(new HashSet<>(parameters.texts("include"))), true)
        : new ValueChange.Choice(Set.copyOf(new HashSet<>(parameters.texts("exclude"))), false);
  }

  private static Change addition(Parameters parameters) throws RuleException {
    // Detections have no names any more when pipelines see them.
    parameters.text("name", "");
    List<RuleChange.Added> all = new ArrayList<>();
    YamlTree conditions = parameters.require("conditions");
    if (!(conditions instanceof YamlTree.Mapping(Map<String, YamlTree> entries, int _))
        || entries.isEmpty()) {
      throw Parameters.problem(conditions.line(), "'conditions' is no map of fields");
    }
    for (Map.Entry<String, YamlTree> entry : entries.entrySet()) {
      YamlTree tree = entry.getValue();
      List<Scalar> values = new ArrayList<>();
      for (YamlTree element : Parameters.elements(tree)) {
        values.add(Parameters.scalar(element, entry.getKey()));
      }
      boolean isList = tree instanceof YamlTree.Sequence;
      // Tried at once, so that what is wrong with it is said of the pipeline.
      DetectionReader.item(entry.getKey(), values, isList, tree.line(), LATER);
      all.add(new RuleChange.Added(entry.getKey(), values, isList, tree.line()));
    }
    return new RuleChange.Narrow(all, parameters.flag("negated"), parameters.flag("template"));
  }
}
