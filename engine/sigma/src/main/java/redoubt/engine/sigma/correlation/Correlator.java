package redoubt.engine.sigma.correlation;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import redoubt.engine.sigma.correlation.Correlations.Correlation;
import redoubt.engine.sigma.correlation.Correlations.Use;
import redoubt.engine.sigma.event.Event;
import redoubt.engine.sigma.event.EventTime;
import redoubt.engine.sigma.event.FieldTable;
import redoubt.engine.sigma.event.Numbers;
import redoubt.engine.sigma.rule.CorrelationRule;
import redoubt.engine.sigma.rule.Rule;
import redoubt.engine.sigma.rule.SigmaRule;

/// Watches the matches of rules for what correlation rules are about.
///
/// Windows slide: what counts is the timespan before each match. A correlation is reported when its
/// conditions come to hold, and again only after they did not in between. Time is that of the
/// events; one that comes late counts as of the latest before it. A match without one of the fields
/// that it is grouped by does not count. Not thread-safe.
public final class Correlator {
  private static final int GROUPS_LIMIT = 100_000;

  /// How many matches are remembered in all windows together.
  private static final int REMEMBERED_LIMIT = 4_000_000;

  /// Statistics are made of numbers whose sums stay exact enough.
  private static final double LARGEST_NUMBER = 1e15;

  private final Correlations correlations;
  private final FieldTable fields;
  private final List<Map<String, Group>> groups = new ArrayList<>();

  /// By number of the correlation, what the present event adds to it.
  private final List<List<Match>> added = new ArrayList<>();

  /// The numbers of those to which it adds something.
  private final BitSet pending = new BitSet();

  private long now;
  private long remembered;
  private long forgotten;

  /// A rule's match.
  ///
  /// @param member which of the correlation's rules it is
  /// @param values what the fields hold
  private record Match(int member, IntFunction<@Nullable String> values) {}

  /// A match that counts.
  ///
  /// @param key the values of the fields that it is grouped by
  /// @param value what counts of it
  private record Counted(Match match, String key, String value) {}

  private static final class Group {
    final Window window;
    long lastTime;
    boolean holds;

    Group(Window window) {
      this.window = window;
    }
  }

  /// @param fields those with which the correlations were compiled
  public Correlator(Correlations correlations, FieldTable fields) {
    this.correlations = correlations;
    this.fields = fields;
    for (int i = 0; i < correlations.size(); i++) {
      groups.add(new LinkedHashMap<>(16, 0.75f, true));
      added.add(new ArrayList<>());
    }
  }

  /// How many combinations of values were forgotten before their time, for want of room.
  public long forgotten() {
    return forgotten;
  }

  /// Takes note of all rules that matched an event. They count together: none of them is earlier
  /// than another.
  ///
  /// @param time when events happened; one that does not say counts as of the latest before it
  public void matched(
      List<SigmaRule> rules, Event event, EventTime time, Consumer<Correlated> fired) {
    for (SigmaRule rule : rules) {
      enqueue(rule, event::find);
    }
    if (!pending.isEmpty()) {
      now = Math.max(now, time.millis(event));
    }
    // Correlations that others are about come before those.
    for (int number = pending.nextSetBit(0); number >= 0; number = pending.nextSetBit(0)) {
      pending.clear(number);
      List<Match> matches = added.get(number);
      take(number, matches, fired);
      matches.clear();
    }
  }

  private void enqueue(Rule rule, IntFunction<@Nullable String> values) {
    for (Use use : correlations.uses(rule)) {
      added.get(use.correlation()).add(new Match(use.member(), values));
      pending.set(use.correlation());
    }
  }

  private void take(int number, List<Match> matches, Consumer<Correlated> fired) {
    Correlation correlation = correlations.get(number);
    if (matches.size() == 1) {
      Counted counted = countedOf(correlation, matches.getFirst());
      if (counted != null) {
        take(number, correlation, counted.key(), List.of(counted), fired);
      }
      return;
    }
    matches.sort(Comparator.comparingInt(Match::member));
    Map<String, List<Counted>> byGroup = new LinkedHashMap<>();
    for (Match match : matches) {
      Counted counted = countedOf(correlation, match);
      if (counted != null) {
        byGroup.computeIfAbsent(counted.key(), _ -> new ArrayList<>()).add(counted);
      }
    }
    byGroup.forEach((key, counted) -> take(number, correlation, key, counted, fired));
  }

  /// The match with what counts of it; null if it does not count.
  private static @Nullable Counted countedOf(Correlation correlation, Match match) {
    String key = join(correlation.groupSlots().get(match.member()), match.values());
    String value = join(correlation.valueSlots().get(match.member()), match.values());
    return key == null || value == null || !isUsable(correlation, value)
        ? null
        : new Counted(match, key, value);
  }

  /// @param counted what an event adds to one group
  private void take(
      int number,
      Correlation correlation,
      String key,
      List<Counted> counted,
      Consumer<Correlated> fired) {
    long earliest = now - correlation.rule().timespan().toMillis();
    Group group = group(number, correlation, key, earliest);
    group.holds = group.holds && !hasLapsed(group, correlation, earliest);
    group.lastTime = now;
    counted.forEach(one -> group.window.announce(one.match().member(), now));
    boolean isEvent = correlation.rule().type() == CorrelationRule.Type.TEMPORAL_ORDERED;
    for (Counted one : counted) {
      int before = group.window.size();
      double result = group.window.add(one.match().member(), now, earliest, one.value());
      remembered += group.window.size() - before;
      boolean held = group.holds;
      group.holds = correlation.holds(result);
      if (group.holds && (!held || isEvent)) {
        fire(correlation, one.match(), result, fired);
      }
    }
  }

  /// Whether what was reported came to an end since, for want of further matches.
  private static boolean hasLapsed(Group group, Correlation correlation, long earliest) {
    boolean isEmpty = group.lastTime < earliest;
    return (isEmpty && !holdsOfNothing(correlation)) || group.window.hasLapsed(earliest);
  }

  /// Whether it holds while there are no matches: of none there is a number and a sum, but no
  /// average and no middle.
  private static boolean holdsOfNothing(Correlation correlation) {
    return switch (correlation.rule().type()) {
      case EVENT_COUNT, VALUE_COUNT, VALUE_SUM, TEMPORAL, TEMPORAL_ORDERED -> correlation.holds(0);
      case VALUE_AVG, VALUE_MEDIAN, VALUE_PERCENTILE -> false;
    };
  }

  /// A statistic is made of numbers.
  private static boolean isUsable(Correlation correlation, String value) {
    return switch (correlation.rule().type()) {
      case EVENT_COUNT, VALUE_COUNT, TEMPORAL, TEMPORAL_ORDERED -> true;
      case VALUE_SUM, VALUE_AVG, VALUE_MEDIAN, VALUE_PERCENTILE -> isNumber(value);
    };
  }

  private static boolean isNumber(String text) {
    return Math.abs(Numbers.parse(text)) <= LARGEST_NUMBER;
  }

  /// The values of the fields as one text; null if the match lacks one.
  private static @Nullable String join(List<Integer> slots, IntFunction<@Nullable String> values) {
    if (slots.size() <= 1) {
      return slots.isEmpty() ? "" : values.apply(slots.getFirst());
    }
    StringBuilder text = new StringBuilder();
    for (int slot : slots) {
      String value = values.apply(slot);
      if (value == null) {
        return null;
      }
      text.append(value.length()).append(':').append(value);
    }
    return text.toString();
  }

  private Group group(int number, Correlation correlation, String key, long earliest) {
    Map<String, Group> known = groups.get(number);
    Group group = known.get(key);
    if (group == null) {
      group = new Group(correlation.openWindow());
      remembered += group.window.size();
      known.put(key, group);
      forgetOldest(known, earliest);
    }
    return group;
  }

  private void forgetOldest(Map<String, Group> known, long earliest) {
    Iterator<Group> oldest = known.values().iterator();
    while (known.size() > 1) {
      Group group = oldest.next();
      boolean room = known.size() <= GROUPS_LIMIT && remembered <= REMEMBERED_LIMIT;
      if (group.lastTime >= earliest && room) {
        return;
      }
      forgotten += group.lastTime >= earliest ? 1 : 0;
      remembered -= group.window.size();
      oldest.remove();
    }
  }

  private void fire(
      Correlation correlation, Match last, double result, Consumer<Correlated> fired) {
    Map<String, String> group = new LinkedHashMap<>();
    List<String> names = correlation.rule().groupBy();
    List<Integer> slots = correlation.groupSlots().get(last.member());
    for (int i = 0; i < names.size(); i++) {
      String value = last.values().apply(slots.get(i));
      group.put(names.get(i), value == null ? "" : value);
    }
    fired.accept(new Correlated(correlation.rule(), group, result));
    enqueue(correlation.rule(), slot -> group.get(fields.name(slot)));
  }
}
