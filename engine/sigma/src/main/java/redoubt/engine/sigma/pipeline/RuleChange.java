package redoubt.engine.sigma.pipeline;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import redoubt.engine.sigma.rule.CorrelationRule;
import redoubt.engine.sigma.rule.DetectionReader;
import redoubt.engine.sigma.rule.LogSource;
import redoubt.engine.sigma.rule.RuleException;
import redoubt.engine.sigma.rule.RuleProblem.Kind;
import redoubt.engine.sigma.rule.Scalar;
import redoubt.engine.sigma.rule.Selection;
import redoubt.engine.sigma.rule.SigmaRule;

/// Changes a rule as a whole, or what is known of it.
sealed interface RuleChange extends Change {
  /// The rule as it is afterwards.
  ///
  /// @param id of the step
  SigmaRule change(SigmaRule rule, String id, Progress progress) throws RuleException;

  /// Most leave correlations as they are.
  default CorrelationRule change(CorrelationRule rule, Progress progress) throws RuleException {
    return rule;
  }

  /// `change_logsource`.
  record OtherLogSource(LogSource source) implements RuleChange {
    @Override
    public SigmaRule change(SigmaRule rule, String id, Progress progress) {
      return rule.withLogSource(source);
    }
  }

  /// A key and its values in `add_condition`.
  ///
  /// @param isList whether the values stand in a list
  record Added(String key, List<Scalar> values, boolean isList, int line) {
    public Added {
      values = List.copyOf(values);
    }
  }

  /// `add_condition`.
  ///
  /// @param negated whether none of it may hold
  /// @param isTemplate whether `$category` and its kind are words of the rule's log source
  record Narrow(List<Added> all, boolean negated, boolean isTemplate) implements RuleChange {
    private static final Pattern WORD =
        Pattern.compile("\\$(?:(\\$)|([A-Za-z_]\\w*)|\\{([A-Za-z_]\\w*)})");

    public Narrow {
      all = List.copyOf(all);
    }

    @Override
    public SigmaRule change(SigmaRule rule, String id, Progress progress) throws RuleException {
      List<Selection> parts = new ArrayList<>();
      for (Added added : all) {
        List<Scalar> values = new ArrayList<>();
        for (Scalar value : added.values()) {
          values.add(isTemplate ? filledIn(value, rule.logSource()) : value);
        }
        Selection part =
            DetectionReader.item(added.key(), values, added.isList(), 0, progress.placeholders());
        progress.itemChanged(part, part, id);
        progress.countMade(Items.count(part), 0);
        parts.add(part);
      }
      Selection condition = Selection.all(parts);
      List<Selection> both = new ArrayList<>();
      both.add(negated ? new Selection.Not(condition) : condition);
      // Side by side, so that many such steps nest nothing.
      if (rule.selection() instanceof Selection.AllOf(List<Selection> own)) {
        both.addAll(own);
      } else {
        both.add(rule.selection());
      }
      return rule.withSelection(new Selection.AllOf(both));
    }

    private static Scalar filledIn(Scalar value, LogSource source) throws RuleException {
      if (value.type() != Scalar.Type.TEXT) {
        return value;
      }
      StringBuilder text = new StringBuilder();
      Matcher matcher = WORD.matcher(value.text());
      while (matcher.find()) {
        String word = matcher.group(2) == null ? matcher.group(3) : matcher.group(2);
        String instead = word == null ? "$" : word(word, matcher.group(), source);
        matcher.appendReplacement(text, Matcher.quoteReplacement(instead));
      }
      matcher.appendTail(text);
      return new Scalar(Scalar.Type.TEXT, text.toString(), value.line());
    }

    private static String word(String word, String written, LogSource source) throws RuleException {
      String found =
          switch (word) {
            case "category" -> source.category();
            case "product" -> source.product();
            case "service" -> source.service();
            default -> written;
          };
      if (found.isEmpty()) {
        throw new RuleException(
            Kind.PIPELINE, 0, "the rule's log source does not say the word: word=" + word);
      }
      return found;
    }
  }

  /// `set_state`.
  record SetState(String key, Scalar value) implements RuleChange {
    @Override
    public SigmaRule change(SigmaRule rule, String id, Progress progress) {
      progress.setState(key, value);
      return rule;
    }

    @Override
    public CorrelationRule change(CorrelationRule rule, Progress progress) {
      progress.setState(key, value);
      return rule;
    }
  }

  /// `rule_failure`.
  record Refuse(String message) implements RuleChange {
    @Override
    public SigmaRule change(SigmaRule rule, String id, Progress progress) throws RuleException {
      throw new RuleException(Kind.PIPELINE, 0, message);
    }

    @Override
    public CorrelationRule change(CorrelationRule rule, Progress progress) throws RuleException {
      throw new RuleException(Kind.PIPELINE, 0, message);
    }
  }

  /// Transformations for those who write queries: `set_custom_attribute`, and those of the list of
  /// fields that a query returns. They change nothing of what a rule finds.
  record Nothing() implements RuleChange {
    @Override
    public SigmaRule change(SigmaRule rule, String id, Progress progress) {
      return rule;
    }
  }

  /// `nest`.
  record Nest(List<Step> steps) implements RuleChange {
    public Nest {
      steps = List.copyOf(steps);
    }

    @Override
    public SigmaRule change(SigmaRule rule, String id, Progress progress) throws RuleException {
      return Steps.apply(steps, rule, progress);
    }

    @Override
    public CorrelationRule change(CorrelationRule rule, Progress progress) throws RuleException {
      return Steps.apply(steps, rule, progress);
    }
  }
}
