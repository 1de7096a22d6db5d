package redoubt.engine.sigma.match;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import redoubt.core.model.EventField;
import redoubt.core.model.EventFilter;
import redoubt.core.model.Place;
import redoubt.core.search.Folding;
import redoubt.engine.sigma.Seeds;
import redoubt.engine.sigma.event.Event;
import redoubt.engine.sigma.event.EventClass;
import redoubt.engine.sigma.event.FieldTable;
import redoubt.engine.sigma.rule.Header;
import redoubt.engine.sigma.rule.LogSource;
import redoubt.engine.sigma.rule.Origin;
import redoubt.engine.sigma.rule.Selection;
import redoubt.engine.sigma.rule.SigmaRule;
import redoubt.engine.sigma.rule.TextPattern;
import redoubt.engine.sigma.rule.ValueTest;

/// Rules that are compiled together find what each finds when its tests are run one by one.
class RuleMatcherPropertyTest {
  private static final List<String> FIELDS = List.of("A", "B", "C");
  private static final String LETTERS = "aAbBcCßẞſSKk€-/–";
  private static final List<Place> PLACES = List.of(Place.values());
  private static final EventClass CLASS = new EventClass(Set.of("p"), Set.of(), Set.of());

  private final RandomGenerator random = Seeds.random("RuleMatcherPropertyTest");

  @Test
  void findsWhatOneByOneFinds() {
    int matches = 0;
    for (int i = Seeds.count(2_000); i > 0; i--) {
      List<SigmaRule> rules = new ArrayList<>();
      for (int n = 1 + random.nextInt(12); n > 0; n--) {
        rules.add(rule("rule " + n, selection(3)));
      }
      FieldTable fields = new FieldTable();
      FIELDS.forEach(fields::slot);
      RuleSet compiled = RuleSet.compile(rules, fields).rules();
      RuleMatcher matcher = new RuleMatcher(compiled);
      Event event = new Event(fields);
      for (int n = 0; n < 20; n++) {
        event.clear();
        fill(event);
        Set<String> expected = new TreeSet<>();
        rules.forEach(rule -> {
          if (holds(rule.selection(), event, fields)) {
            expected.add(rule.title());
          }
        });
        Set<String> found = new TreeSet<>();
        matcher.match(event, CLASS, (rule, _) -> found.add(rule.title()));
        matches += found.size();
        assertEquals(expected, found, () -> rules + " " + describe(event));
      }
    }
    assertTrue(matches > 0, "nothing was found by any rule");
  }

  @Test
  void whateverARuleMatchesIsLetThroughByItsFilter() {
    int matches = 0;
    int heldBack = 0;
    for (int i = Seeds.count(4_000); i > 0; i--) {
      FieldTable fields = new FieldTable();
      FIELDS.forEach(fields::slot);
      RuleSet rules = RuleSet.compile(List.of(rule("rule", selection(3))), fields).rules();
      RuleMatcher matcher = new RuleMatcher(rules);
      Set<List<EventFilter.Condition>> ways = EventNeeds.of(rules, CLASS, FILTERED);
      Event event = new Event(fields);
      for (int n = 0; n < 10; n++) {
        event.clear();
        fill(event);
        List<String> found = new ArrayList<>();
        matcher.match(event, CLASS, (rule, _) -> found.add(rule.title()));
        boolean through = ways.stream().anyMatch(way -> isLetThrough(way, event));
        matches += found.size();
        heldBack += through ? 0 : 1;
        assertTrue(found.isEmpty() || through, () -> ways + " " + describe(event));
      }
    }
    assertTrue(matches > 0, "nothing was found by any rule");
    assertTrue(heldBack > 0, "nothing was held back by any filter");
  }

  private static final List<EventField> FILTERED_FIELDS =
      List.of(EventField.IMAGE, EventField.COMMAND_LINE);

  /// The first field is one that is filtered by, the second another; by the third nothing is.
  private static final EventNeeds.Fields FILTERED =
      new EventNeeds.Fields() {
        @Override
        public boolean has(int slot) {
          return true;
        }

        @Override
        public List<EventField> filtered(int slot) {
          return slot < FILTERED_FIELDS.size() ? List.of(FILTERED_FIELDS.get(slot)) : List.of();
        }
      };

  private static boolean isLetThrough(List<EventFilter.Condition> way, Event event) {
    return way.stream()
        .allMatch(condition -> {
          for (int value = event.first(FILTERED_FIELDS.indexOf(condition.field()));
              value != Event.NONE;
              value = event.next(value)) {
            String text = folded(event.string(value));
            if (event.kind(value) != Event.Kind.NULL
                && condition.texts().stream().anyMatch(sought -> stands(sought, text))) {
              return true;
            }
          }
          return false;
        });
  }

  private static boolean stands(EventFilter.SoughtText sought, String value) {
    String text = folded(sought.text());
    return switch (sought.place()) {
      case WHOLE -> value.equals(text);
      case ANYWHERE -> value.contains(text);
      case START -> value.startsWith(text);
      case END -> value.endsWith(text);
    };
  }

  private static String folded(String text) {
    return new String(Folding.fold(text), StandardCharsets.UTF_8);
  }

  private static SigmaRule rule(String title, Selection selection) {
    return new SigmaRule(
        new Header(
            "", "", title, "", "", SigmaRule.Level.LOW, "", List.of(), new Origin("test", 1)),
        List.of(),
        new LogSource("", "p", ""),
        selection);
  }

  private Selection selection(int depth) {
    int kind = depth == 0 ? 4 : random.nextInt(7);
    return switch (kind) {
      case 0 -> new Selection.AllOf(parts(depth - 1));
      case 1 -> new Selection.AnyOf(parts(depth - 1));
      case 2 -> new Selection.Not(selection(depth - 1));
      case 3 -> new Selection.Item(selection(depth - 1));
      default ->
          random.nextInt(8) == 0
              ? new Selection.AnyField(text("*" + word(3) + "*"))
              : new Selection.Field(FIELDS.get(random.nextInt(FIELDS.size())), test());
    };
  }

  private List<Selection> parts(int depth) {
    List<Selection> parts = new ArrayList<>();
    for (int n = 1 + random.nextInt(3); n > 0; n--) {
      parts.add(selection(depth));
    }
    return parts;
  }

  private ValueTest test() {
    return switch (random.nextInt(10)) {
      case 0 -> new ValueTest.Exists(random.nextBoolean());
      case 1 -> new ValueTest.Null();
      case 2 -> new ValueTest.Regex(word(4) + "b*", random.nextBoolean(), false, false);
      case 3 ->
          new ValueTest.OtherField(
              FIELDS.get(random.nextInt(FIELDS.size())),
              PLACES.get(random.nextInt(PLACES.size())),
              random.nextBoolean());
      default -> text((random.nextBoolean() ? "*" : "") + Seeds.text(random, LETTERS + "*?", 5));
    };
  }

  private ValueTest text(String pattern) {
    if (random.nextInt(6) == 0) {
      TextPattern dashed =
          new TextPattern(
              List.of(TextPattern.Wildcard.DASH, new TextPattern.Literal("a" + word(2))));
      return new ValueTest.Text(dashed, random.nextBoolean());
    }
    return new ValueTest.Text(TextPattern.parse(pattern), random.nextInt(4) == 0);
  }

  private String word(int longest) {
    return Seeds.text(random, LETTERS, longest);
  }

  private void fill(Event event) {
    for (int slot = 0; slot < FIELDS.size(); slot++) {
      for (int n = random.nextInt(3); n > 0; n--) {
        if (random.nextInt(10) == 0) {
          event.begin(slot, Event.Kind.NULL);
        } else {
          event.add(slot, Event.Kind.TEXT, word(8));
        }
      }
    }
    event.add(FieldTable.UNKNOWN, Event.Kind.TEXT, word(8));
  }

  private static String describe(Event event) {
    StringBuilder text = new StringBuilder();
    for (int slot = 0; slot < FIELDS.size(); slot++) {
      for (int value = event.first(slot); value != Event.NONE; value = event.next(value)) {
        text.append(Map.entry(FIELDS.get(slot), event.string(value))).append(event.kind(value));
      }
    }
    return text.toString();
  }

  // ---- the same, one by one

  private static boolean holds(Selection selection, Event event, FieldTable fields) {
    return switch (selection) {
      case Selection.AllOf(List<Selection> parts) ->
          parts.stream().allMatch(part -> holds(part, event, fields));
      case Selection.AnyOf(List<Selection> parts) ->
          parts.stream().anyMatch(part -> holds(part, event, fields));
      case Selection.Not(Selection part) -> !holds(part, event, fields);
      case Selection.Item(Selection tests) -> holds(tests, event, fields);
      case Selection.Field(String field, ValueTest test) ->
          check(test, fields).test(event, fields.slot(field));
      case Selection.AnyField(ValueTest test) -> {
        ValueCheck check = check(test, fields);
        boolean found = false;
        for (int value = 0; value < event.count(); value++) {
          found |= event.kind(value) != Event.Kind.NULL && check.testValue(event, value);
        }
        yield found;
      }
    };
  }

  private static ValueCheck check(ValueTest test, FieldTable fields) {
    return new PatternCompiler(fields).compile(0, test).check();
  }
}
