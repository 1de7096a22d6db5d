package redoubt.engine.sigma.pipeline;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import redoubt.engine.sigma.rule.CorrelationRule;
import redoubt.engine.sigma.rule.LogSource;
import redoubt.engine.sigma.rule.Rule;
import redoubt.engine.sigma.rule.Scalar;
import redoubt.engine.sigma.rule.Selection;
import redoubt.engine.sigma.rule.SigmaRule;

/// For which rules a step is.
sealed interface RuleCondition {
  boolean holds(Rule rule, Progress progress);

  /// `logsource`; of correlations: one of the rules that they are about.
  record OfLogSource(LogSource source) implements RuleCondition {
    @Override
    public boolean holds(Rule rule, Progress progress) {
      return switch (rule) {
        case SigmaRule single -> source.contains(single.logSource());
        case CorrelationRule _ -> progress.sources().stream().anyMatch(source::contains);
      };
    }
  }

  /// `contains_field`.
  record HasField(String field) implements RuleCondition {
    @Override
    public boolean holds(Rule rule, Progress progress) {
      return itemsOf(rule).stream().anyMatch(item -> Items.field(item).equals(field));
    }
  }

  /// `contains_detection_item`.
  record HasItem(String field, Scalar value) implements RuleCondition {
    @Override
    public boolean holds(Rule rule, Progress progress) {
      return itemsOf(rule).stream()
          .filter(item -> Items.field(item).equals(field))
          .flatMap(item -> Items.tests(item).stream())
          .anyMatch(test -> Values.isTestOf(test, value));
    }
  }

  /// `processing_item_applied`.
  record ChangedBy(String step) implements RuleCondition {
    @Override
    public boolean holds(Rule rule, Progress progress) {
      return progress.wasChangedBy(step);
    }
  }

  /// `processing_state`.
  record InState(StateTest state) implements RuleCondition {
    @Override
    public boolean holds(Rule rule, Progress progress) {
      return state.holds(progress);
    }
  }

  /// `is_sigma_rule`, and `is_sigma_correlation_rule` if not.
  record IsSingle(boolean wanted) implements RuleCondition {
    @Override
    public boolean holds(Rule rule, Progress progress) {
      return rule instanceof SigmaRule == wanted;
    }
  }

  /// `rule_attribute` of a text: it is the same, or another.
  record HasText(Attribute attribute, String value, boolean same) implements RuleCondition {
    @Override
    public boolean holds(Rule rule, Progress progress) {
      return attribute.of(rule).equals(value) == same;
    }
  }

  /// `rule_attribute` of a word whose values have an order. A rule that does not say it is only
  /// unequal.
  ///
  /// @param place of the word in that order
  record HasRank(Attribute attribute, int place, Relation relation) implements RuleCondition {
    @Override
    public boolean holds(Rule rule, Progress progress) {
      int own = attribute.ranks().indexOf(attribute.of(rule).toLowerCase(Locale.ROOT));
      return own < 0 ? relation == Relation.NE : relation.holds(Integer.compare(own, place));
    }
  }

  /// `tag`, and `rule_attribute` of tags.
  record HasTag(String tag, boolean wanted) implements RuleCondition {
    @Override
    public boolean holds(Rule rule, Progress progress) {
      return rule.tags().contains(tag) == wanted;
    }
  }

  private static List<Selection> itemsOf(Rule rule) {
    List<Selection> items = new ArrayList<>();
    if (rule instanceof SigmaRule single) {
      Items.forEach(single.selection(), items::add);
    }
    return items;
  }

  /// What a rule says of itself, as far as it is kept.
  enum Attribute {
    ID,
    NAME,
    TITLE,
    DESCRIPTION,
    AUTHOR,
    STATUS,
    LEVEL;

    private static final List<String> LEVELS =
        List.of("informational", "low", "medium", "high", "critical");
    private static final List<String> STATUSES =
        List.of("unsupported", "deprecated", "experimental", "test", "stable");

    /// The order of the values; empty if there is none.
    List<String> ranks() {
      return switch (this) {
        case LEVEL -> LEVELS;
        case STATUS -> STATUSES;
        case ID, NAME, TITLE, DESCRIPTION, AUTHOR -> List.of();
      };
    }

    String of(Rule rule) {
      return switch (this) {
        case ID -> rule.id();
        case NAME -> rule.name();
        case TITLE -> rule.title();
        case LEVEL -> rule.level().name();
        case DESCRIPTION -> rule.description();
        case AUTHOR -> rule.header().author();
        case STATUS -> rule.status();
      };
    }
  }
}
