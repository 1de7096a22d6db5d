package redoubt.engine.sigma.correlation;

import java.util.ArrayList;
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
  private long now;
  private long remembered;
  private long forgotten;

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
    }
  }

  /// How many combinations of values were forgotten before their time, for want of room.
  public long forgotten() {
    return forgotten;
  }

  /// Takes note that a rule matched an event.
  ///
  /// @param time when events happened; one that does not say counts as of the latest before it
  public void matched(SigmaRule rule, Event event, EventTime time, Consumer<Correlated> fired) {
    if (!correlations.uses(rule).isEmpty()) {
      now = Math.max(now, time.millis(event));
      take(rule, event::find, fired);
    }
  }

  private void take(Rule rule, IntFunction<@Nullable String> values, Consumer<Correlated> fired) {
    for (Use use : correlations.uses(rule)) {
      take(use, values, fired);
    }
  }

  private void take(Use use, IntFunction<@Nullable String> values, Consumer<Correlated> fired) {
    Correlation correlation = correlations.get(use.correlation());
    List<Integer> groupSlots = correlation.groupSlots().get(use.member());
    String key = join(groupSlots, values);
    String value = join(correlation.valueSlots().get(use.member()), values);
    if (key == null || value == null || !isUsable(correlation, value)) {
      return;
    }
    long earliest = now - correlation.rule().timespan().toMillis();
    Group group = group(use.correlation(), correlation, key, earliest);
    group.lastTime = now;
    int before = group.window.size();
    double result = group.window.add(use.member(), now, earliest, value);
    remembered += group.window.size() - before;
    boolean held = group.holds;
    group.holds = correlation.holds(result);
    boolean isEvent = correlation.rule().type() == CorrelationRule.Type.TEMPORAL_ORDERED;
    if (group.holds && (!held || isEvent)) {
      fire(correlation, groupSlots, values, result, fired);
    }
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
    if (slots.size() == 1) {
      return values.apply(slots.getFirst());
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
      Correlation correlation,
      List<Integer> groupSlots,
      IntFunction<@Nullable String> values,
      double result,
      Consumer<Correlated> fired) {
    Map<String, String> group = new LinkedHashMap<>();
    List<String> names = correlation.rule().groupBy();
    for (int i = 0; i < names.size(); i++) {
      String value = values.apply(groupSlots.get(i));
      group.put(names.get(i), value == null ? "" : value);
    }
    fired.accept(new Correlated(correlation.rule(), group, result));
    take(correlation.rule(), slot -> group.get(fields.name(slot)), fired);
  }
}
