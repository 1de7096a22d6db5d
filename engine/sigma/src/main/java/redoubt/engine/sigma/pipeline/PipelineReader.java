package redoubt.engine.sigma.pipeline;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import redoubt.engine.sigma.rule.Origin;
import redoubt.engine.sigma.rule.RuleException;
import redoubt.engine.sigma.rule.RuleProblem.Kind;
import redoubt.engine.sigma.rule.Scalar;
import redoubt.engine.sigma.rule.YamlTree;

/// Reads one pipeline. What it does not know, it refuses.
final class PipelineReader {
  private static final int STEPS_LIMIT = 1_000;
  private static final int DEPTH_LIMIT = 10;

  private static final int PRIORITY_DIGITS_LIMIT = 9;

  private final String file;
  private int steps;

  private PipelineReader(String file) {
    this.file = file;
  }

  /// @param file how the text is called in problems
  static Pipeline read(String file, String text) throws RuleException {
    return new PipelineReader(file).pipeline(YamlTree.read(file, text));
  }

  private Pipeline pipeline(YamlTree tree) throws RuleException {
    Parameters parameters = Parameters.of(tree, "a pipeline");
    parameters.text("name", "");
    int priority = priority(parameters);
    Optional<YamlTree> values = parameters.find("vars");
    Optional<YamlTree> transformations = parameters.find("transformations");
    refuseQueries(parameters);
    parameters.requireNoOthers();
    if (values.isEmpty() && transformations.isEmpty()) {
      throw parameters.problem("a pipeline has neither 'transformations' nor 'vars'");
    }
    return new Pipeline(
        priority,
        values.isPresent() ? ValueFile.values(values.get()) : Map.of(),
        transformations.isPresent() ? steps(transformations.get(), 0) : List.of());
  }

  private static int priority(Parameters parameters) throws RuleException {
    Optional<YamlTree> found = parameters.find("priority");
    if (found.isEmpty()) {
      return 0;
    }
    Scalar scalar = Parameters.scalar(found.get(), "priority");
    if (scalar.type() != Scalar.Type.INTEGER || scalar.text().length() > PRIORITY_DIGITS_LIMIT) {
      throw Parameters.problem(scalar.line(), "'priority' is no number of up to nine digits");
    }
    return Integer.parseInt(scalar.text());
  }

  private static void refuseQueries(Parameters parameters) throws RuleException {
    List<String> programs = parameters.texts("allowed_backends");
    if (!programs.isEmpty() && !programs.contains("redoubt")) {
      throw new RuleException(
          Kind.UNSUPPORTED,
          parameters.lineOf("allowed_backends"),
          "the pipeline is for other programs: allowed_backends=" + programs);
    }
    for (String key : List.of("postprocessing", "finalizers")) {
      Optional<YamlTree> found = parameters.find(key);
      if (found.isPresent()
          && !found.get().equals(new YamlTree.Sequence(List.of(), found.get().line()))) {
        throw new RuleException(
            Kind.UNSUPPORTED,
            found.get().line(),
            "'" + key + "' is for the text of queries, and there are no queries");
      }
    }
  }

  private List<Step> steps(YamlTree tree, int depth) throws RuleException {
    if (!(tree instanceof YamlTree.Sequence(List<YamlTree> elements, int line))) {
      throw Parameters.problem(tree.line(), "transformations are no list");
    }
    if (depth > DEPTH_LIMIT) {
      throw Parameters.problem(line, "transformations are nested too deeply: limit=" + DEPTH_LIMIT);
    }
    List<Step> all = new ArrayList<>();
    for (YamlTree element : elements) {
      if (++steps > STEPS_LIMIT) {
        throw Parameters.problem(element.line(), "too many transformations: limit=" + STEPS_LIMIT);
      }
      all.add(step(element, depth));
    }
    return all;
  }

  private Step step(YamlTree tree, int depth) throws RuleException {
    Parameters parameters = Parameters.of(tree, "a transformation");
    String id = parameters.text("id", "");
    String type = parameters.requireText("type");
    Joined<RuleCondition> rules = ConditionReader.joined(parameters, "rule", ConditionReader::rule);
    Joined<ItemCondition> items =
        ConditionReader.joined(parameters, "detection_item", ConditionReader::item);
    Joined<NameCondition> names =
        ConditionReader.joined(parameters, "field_name", ConditionReader::name);
    Change change =
        TransformationReader.read(
            type, parameters, (_, nest) -> steps(nest.require("items"), depth + 1));
    parameters.requireNoOthers();
    if (change instanceof RuleChange && !(items.isEmpty() && names.isEmpty())) {
      throw parameters.problem(
          "the transformation looks at whole rules, and has conditions on parts of them: type="
              + type);
    }
    return new Step(id, change, rules, items, names, new Origin(file, parameters.line()));
  }
}
