package redoubt.engine.sigma.event;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The fields that anybody asks for, each with a small number, its slot. Grows while rules are
/// loaded and does not change while events are read; thread-safe then.
public final class FieldTable {
  /// The slot of every field that nobody asks for.
  public static final int UNKNOWN = -1;

  private final Map<String, Integer> slots = new HashMap<>();
  private final List<String> names = new ArrayList<>();

  /// A table without fields.
  public FieldTable() {}

  /// The slot of a field, a new one if nobody asked for it before.
  public int slot(String field) {
    Integer known = slots.putIfAbsent(field, names.size());
    if (known != null) {
      return known;
    }
    names.add(field);
    return names.size() - 1;
  }

  /// The field of a slot.
  public String name(int slot) {
    return names.get(slot);
  }

  /// The slot of a field, or [#UNKNOWN].
  public int find(String field) {
    return slots.getOrDefault(field, UNKNOWN);
  }

  /// All fields with their slots.
  Map<String, Integer> slots() {
    return Map.copyOf(slots);
  }

  /// How many slots there are.
  public int size() {
    return names.size();
  }
}
