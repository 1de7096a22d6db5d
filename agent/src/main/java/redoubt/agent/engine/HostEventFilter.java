package redoubt.agent.engine;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntConsumer;
import redoubt.core.model.EventClass;
import redoubt.core.model.EventField;
import redoubt.core.model.EventFilter;
import redoubt.core.search.Folding;
import redoubt.core.search.IntList;
import redoubt.core.search.LiteralIndex;

/// An engine's filter, ready to be held against events. An engine wrote it, so it is bounded in
/// what it costs: fields that are very long, and filters whose texts were chosen to be slow to look
/// for, let events through.
///
/// Not thread-safe.
public final class HostEventFilter {
  /// A field that is longer, in bytes, has every text.
  static final int FIELD_BYTES = 8 * 1024;

  /// Most steps at one place of a field: ten times what rules of the field need.
  static final int STEPS = 64;

  private final Map<EventClass, Needs> byClass = new EnumMap<>(EventClass.class);

  /// Makes a filter ready; takes time in proportion to its texts. One at a time, since each takes
  /// some megabytes meanwhile.
  public static synchronized HostEventFilter of(EventFilter filter) {
    return new HostEventFilter(filter);
  }

  private HostEventFilter(EventFilter filter) {
    Map<EventClass, List<EventFilter.Alternative>> sorted = new EnumMap<>(EventClass.class);
    for (EventFilter.Alternative alternative : filter.alternatives()) {
      sorted.computeIfAbsent(alternative.eventClass(), _ -> new ArrayList<>()).add(alternative);
    }
    sorted.forEach((eventClass, alternatives) -> byClass.put(eventClass, new Needs(alternatives)));
  }

  /// Whether it can be used; if not, all events of the classes that it names pass.
  boolean isCheap() {
    return byClass.values().stream().allMatch(needs -> needs.steps <= STEPS);
  }

  /// The classes of which some events may be needed.
  Set<EventClass> classes() {
    return byClass.keySet();
  }

  /// Whether the engine needs the event.
  public boolean needs(FoldedEvent event) {
    Needs needs = byClass.get(event.event().eventClass());
    return needs != null && needs.anyHolds(event);
  }

  /// What is needed of one class.
  private static final class Needs {
    private final boolean everything;
    private final EventField[] fields;
    private final LiteralIndex[] indexes;
    private final int[][] conditionsOfField;

    /// By condition, the alternatives that it is a part of.
    private final int[][] alternativesOf;

    /// By alternative, how many conditions it has.
    private final int[] wanted;

    private final int steps;

    // Of the event that is looked at: which conditions hold, how many of each alternative do.
    private final long[] heldIn;
    private final long[] countedIn;
    private final int[] held;
    private final IntConsumer found = this::found;
    private long run;
    private boolean holds;

    Needs(List<EventFilter.Alternative> alternatives) {
      Map<EventFilter.Condition, Integer> numbers = new HashMap<>();
      List<IntList> users = new ArrayList<>();
      Map<EventField, LiteralIndex.Builder> builders = new EnumMap<>(EventField.class);
      Map<EventField, IntList> byField = new EnumMap<>(EventField.class);
      wanted = new int[alternatives.size()];
      boolean all = false;
      for (int i = 0; i < wanted.length; i++) {
        List<EventFilter.Condition> conditions =
            alternatives.get(i).conditions().stream().distinct().toList();
        wanted[i] = conditions.size();
        all |= conditions.isEmpty();
        for (EventFilter.Condition condition : conditions) {
          Integer number = numbers.get(condition);
          if (number == null) {
            number = users.size();
            numbers.put(condition, number);
            users.add(new IntList());
            byField.computeIfAbsent(condition.field(), _ -> new IntList()).add(number);
            LiteralIndex.Builder builder =
                builders.computeIfAbsent(condition.field(), _ -> new LiteralIndex.Builder());
            for (EventFilter.SoughtText text : condition.texts()) {
              builder.add(Folding.fold(text.text()), text.place(), number);
            }
          }
          users.get(number).add(i);
        }
      }
      fields = builders.keySet().toArray(EventField[]::new);
      indexes =
          builders.values().stream().map(LiteralIndex.Builder::build).toArray(LiteralIndex[]::new);
      conditionsOfField = byField.values().stream().map(IntList::toArray).toArray(int[][]::new);
      alternativesOf = users.stream().map(IntList::toArray).toArray(int[][]::new);
      heldIn = new long[alternativesOf.length];
      countedIn = new long[wanted.length];
      held = new int[wanted.length];
      int most = 0;
      for (LiteralIndex index : indexes) {
        most = Math.max(most, index.mostSteps());
      }
      steps = most;
      everything = all || steps > STEPS;
    }

    boolean anyHolds(FoldedEvent event) {
      if (everything) {
        return true;
      }
      run++;
      holds = false;
      for (int i = 0; i < fields.length && !holds; i++) {
        byte[] text = event.text(fields[i]);
        if (text.length > FIELD_BYTES) {
          for (int condition : conditionsOfField[i]) {
            found(condition);
          }
        } else {
          indexes[i].scan(text, 0, text.length, found);
        }
      }
      return holds;
    }

    private void found(int condition) {
      if (heldIn[condition] == run) {
        return;
      }
      heldIn[condition] = run;
      for (int alternative : alternativesOf[condition]) {
        if (countedIn[alternative] != run) {
          countedIn[alternative] = run;
          held[alternative] = 0;
        }
        held[alternative]++;
        holds |= held[alternative] == wanted[alternative];
      }
    }
  }
}
