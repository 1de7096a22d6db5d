package redoubt.engine.sigma.event;

import java.util.ArrayList;
import java.util.List;

/// Fields of a source that rules know by other names.
final class Aliases {
  private final List<Slots> wanted = new ArrayList<>();

  /// A field and what rules call it.
  record Alias(String from, String to) {}

  private record Slots(int from, int to) {}

  /// Asks for the fields that rules ask for by other names.
  ///
  /// @param fields with all fields that the rules ask for
  /// @param aliases of several for one name the first that an event has counts
  Aliases(FieldTable fields, List<Alias> aliases) {
    for (Alias alias : aliases) {
      int to = fields.find(alias.to());
      if (to != FieldTable.UNKNOWN) {
        wanted.add(new Slots(fields.slot(alias.from()), to));
      }
    }
  }

  /// Gives the event the fields by their other names. A field that it has by that name already
  /// keeps its value.
  void add(Event event) {
    for (Slots name : wanted) {
      int value = event.first(name.from());
      if (value != Event.NONE && event.first(name.to()) == Event.NONE) {
        event.addCopy(name.to(), value);
      }
    }
  }
}
