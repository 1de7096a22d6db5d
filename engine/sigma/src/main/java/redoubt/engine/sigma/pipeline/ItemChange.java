package redoubt.engine.sigma.pipeline;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import redoubt.engine.sigma.rule.RuleException;
import redoubt.engine.sigma.rule.RuleProblem.Kind;
import redoubt.engine.sigma.rule.Selection;
import redoubt.engine.sigma.rule.ValueTest;

/// Changes items as a whole.
sealed interface ItemChange extends Change {
  /// What stands for the item, itself if it stays; empty to drop it.
  Optional<Selection> change(Selection item, Progress progress) throws RuleException;

  /// `drop_detection_item`.
  record Drop() implements ItemChange {
    @Override
    public Optional<Selection> change(Selection item, Progress progress) {
      return Optional.empty();
    }
  }

  /// `detection_item_failure`.
  record Refuse(String message) implements ItemChange {
    @Override
    public Optional<Selection> change(Selection item, Progress progress) throws RuleException {
      throw new RuleException(Kind.PIPELINE, 0, message);
    }
  }

  /// `strict_field_mapping_failure`: refuses a rule with a field that no step before mapped.
  record WantMapped() implements ItemChange {
    @Override
    public Optional<Selection> change(Selection item, Progress progress) throws RuleException {
      String field = Items.field(item);
      if (!field.isEmpty() && !progress.isMapped(field)) {
        throw new RuleException(
            Kind.PIPELINE, 0, "no step maps a field of the rule: field=" + field);
      }
      return Optional.of(item);
    }
  }

  /// `hashes_fields`: a field that holds digests of several kinds becomes one for each kind.
  ///
  /// @param kinds in capitals; values of other kinds are dropped
  record SplitDigests(Set<String> kinds, String prefix, boolean prefixOnly) implements ItemChange {
    private static final Map<Integer, String> BY_LENGTH =
        Map.of(32, "MD5", 40, "SHA1", 64, "SHA256", 128, "SHA512");

    public SplitDigests {
      kinds = Set.copyOf(kinds);
    }

    @Override
    public Optional<Selection> change(Selection item, Progress progress) throws RuleException {
      Map<String, List<Selection>> byField = new LinkedHashMap<>();
      for (ValueTest test : Items.tests(item)) {
        if (!(test instanceof ValueTest.Text text)) {
          return Optional.of(item);
        }
        addDigest(text, byField);
      }
      if (byField.isEmpty()) {
        throw new RuleException(
            Kind.PIPELINE, 0, "no digest of a kind that is asked for: field=" + Items.field(item));
      }
      if (Items.wantsAll(item)) {
        throw new RuleException(
            Kind.PIPELINE, 0, "digests that must all be found: field=" + Items.field(item));
      }
      List<Selection> parts = new ArrayList<>();
      byField
          .values()
          .forEach(tests ->
              parts.add(
                  tests.size() == 1
                      ? tests.getFirst()
                      : new Selection.Item(new Selection.AnyOf(tests))));
      return Optional.of(Selection.any(parts));
    }

    private void addDigest(ValueTest.Text text, Map<String, List<Selection>> byField) {
      String value = PlainText.of(text.pattern());
      int end = value.indexOf('|') >= 0 ? value.indexOf('|') : value.indexOf('=');
      String kind =
          end < 0
              ? BY_LENGTH.getOrDefault(value.length(), "")
              : value.substring(0, end).replaceFirst("^\\*+", "").toUpperCase(Locale.ROOT);
      if (kinds.contains(kind)) {
        String field = prefix + (prefixOnly ? "" : kind);
        ValueTest digest =
            new ValueTest.Text(PlainText.read(value.substring(end + 1), false), text.cased());
        byField
            .computeIfAbsent(field, _ -> new ArrayList<>())
            .add(new Selection.Field(field, digest));
      }
    }
  }
}
