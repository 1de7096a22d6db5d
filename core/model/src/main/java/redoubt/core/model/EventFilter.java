package redoubt.core.model;

import java.util.Collection;
import java.util.List;

/// Which events of the host an engine needs: those for which at least one alternative holds. An
/// engine that says so is sent no others. Immutable.
///
/// A filter is no verdict: it may let more events through than the engine has a use for.
public record EventFilter(List<Alternative> alternatives) {
  public EventFilter {
    alternatives = List.copyOf(alternatives);
  }

  /// Lets every event of these classes through, and none of others.
  public static EventFilter everything(Collection<EventClass> classes) {
    return new EventFilter(
        classes.stream()
            .sorted()
            .map(eventClass -> new Alternative(eventClass, List.of()))
            .toList());
  }

  /// One way in which an event may be needed: all conditions hold.
  ///
  /// @param eventClass of which class it must be
  /// @param conditions none if every event of the class is needed
  public record Alternative(EventClass eventClass, List<Condition> conditions) {
    public Alternative {
      conditions = List.copyOf(conditions);
    }
  }

  /// A field in which at least one of the texts is found.
  ///
  /// @param texts at least one
  public record Condition(EventField field, List<SoughtText> texts) {
    public Condition {
      texts = List.copyOf(texts);
      if (texts.isEmpty()) {
        throw new IllegalArgumentException("condition without texts: field=" + field);
      }
    }
  }

  /// A text that is sought, capitals aside.
  ///
  /// @param place where in the field it must stand
  /// @param text not empty
  public record SoughtText(Place place, String text) {
    public SoughtText {
      if (text.isEmpty()) {
        throw new IllegalArgumentException("nothing is sought: place=" + place);
      }
    }
  }
}
