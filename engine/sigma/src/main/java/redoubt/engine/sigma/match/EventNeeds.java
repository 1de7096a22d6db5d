package redoubt.engine.sigma.match;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import redoubt.core.model.EventField;
import redoubt.core.model.EventFilter;
import redoubt.core.model.EventFilter.SoughtText;
import redoubt.engine.sigma.event.EventClass;

/// What an event must be like for any rule to match it, in the words of a filter: a rule's texts
/// and how they are joined, without what a filter cannot say. Whatever a rule matches, its filter
/// lets through; the reverse need not be.
public final class EventNeeds {
  /// How many alternatives one rule is written out in; where there would be more, a part of its
  /// condition is left out.
  private static final int ALTERNATIVES = 32;

  private static final int CONDITIONS = 8;
  private static final int TEXTS = 1_000;
  private static final int TEXT_CHARS = 256;

  /// What events of one kind have.
  public interface Fields {
    /// Whether an event may have the field.
    boolean has(int slot);

    /// By which names a filter knows the field, whose text is that of one of them; none if nothing
    /// is filtered by it.
    List<EventField> filtered(int slot);
  }

  /// One way in which a condition may hold: all of these do. Holds always if there are none.
  private record Way(Set<EventFilter.Condition> conditions) {
    static final Way ALWAYS = new Way(Set.of());

    Way and(Way other) {
      Set<EventFilter.Condition> both = new LinkedHashSet<>(conditions);
      other.conditions.stream().limit(CONDITIONS - both.size()).forEach(both::add);
      return new Way(both);
    }

    boolean isAlways() {
      return conditions.isEmpty();
    }
  }

  private static final List<Way> ALWAYS = List.of(Way.ALWAYS);
  private static final List<Way> NEVER = List.of();

  private final Pattern[] patterns;
  private final Fields fields;

  private EventNeeds(Pattern[] patterns, Fields fields) {
    this.patterns = patterns;
    this.fields = fields;
  }

  /// In which ways an event of a kind may be needed by rules: none if no rule can match any.
  public static Set<List<EventFilter.Condition>> of(RuleSet rules, EventClass kind, Fields fields) {
    Set<List<EventFilter.Condition>> ways = new LinkedHashSet<>();
    for (RuleGroup group : rules.groupsFor(kind)) {
      EventNeeds needs = new EventNeeds(group.patterns, fields);
      for (Condition condition : group.conditions) {
        needs.waysOf(condition).forEach(way -> ways.add(List.copyOf(way.conditions)));
      }
    }
    return ways.contains(List.<EventFilter.Condition>of()) ? Set.of(List.of()) : ways;
  }

  private List<Way> waysOf(Condition condition) {
    return switch (condition) {
      case Condition.Leaf(int pattern) -> waysOf(patterns[pattern]);
      case Condition.Not _ -> ALWAYS;
      case Condition.All(Condition[] parts) -> all(parts);
      case Condition.Any(Condition[] parts) -> any(parts);
    };
  }

  private List<Way> waysOf(Pattern pattern) {
    if (pattern.slot() == Pattern.EVERY_FIELD) {
      return ALWAYS;
    }
    if (!fields.has(pattern.slot())) {
      return pattern.check() instanceof ValueCheck.OfValue ? NEVER : ALWAYS;
    }
    List<EventField> filtered = fields.filtered(pattern.slot());
    List<SoughtText> texts = textsOf(pattern);
    return filtered.isEmpty() || texts.isEmpty()
        ? ALWAYS
        : filtered.stream()
            .map(field -> new Way(Set.of(new EventFilter.Condition(field, texts))))
            .toList();
  }

  /// The texts of which one is found wherever the pattern is; none if that cannot be said.
  private static List<SoughtText> textsOf(Pattern pattern) {
    List<SoughtText> texts = new ArrayList<>();
    for (Pattern.SoughtText sought : pattern.texts()) {
      String text = new String(sought.folded(), StandardCharsets.UTF_8);
      if (text.isEmpty() || text.length() > TEXT_CHARS) {
        return List.of();
      }
      texts.add(new SoughtText(sought.place(), text));
    }
    return texts;
  }

  private List<Way> all(Condition[] parts) {
    List<Way> all = ALWAYS;
    for (Condition part : parts) {
      List<Way> ways = waysOf(part);
      if (all.size() * ways.size() <= ALTERNATIVES) {
        all = all.stream().flatMap(way -> ways.stream().map(way::and)).distinct().toList();
      }
    }
    return all;
  }

  /// Ways that ask one thing of the same field become one.
  private List<Way> any(Condition[] parts) {
    List<Way> all = new ArrayList<>();
    Map<EventField, Set<SoughtText>> single = new LinkedHashMap<>();
    for (Condition part : parts) {
      for (Way way : waysOf(part)) {
        if (way.isAlways()) {
          return ALWAYS;
        }
        if (way.conditions.size() == 1) {
          EventFilter.Condition only = way.conditions.iterator().next();
          single.computeIfAbsent(only.field(), _ -> new LinkedHashSet<>()).addAll(only.texts());
        } else {
          all.add(way);
        }
      }
    }
    for (Map.Entry<EventField, Set<SoughtText>> entry : single.entrySet()) {
      if (entry.getValue().size() > TEXTS) {
        return ALWAYS;
      }
      all.add(
          new Way(
              Set.of(new EventFilter.Condition(entry.getKey(), List.copyOf(entry.getValue())))));
    }
    return all.size() > ALTERNATIVES ? ALWAYS : all;
  }
}
