package redoubt.engine.sigma.match;

import org.jspecify.annotations.Nullable;
import redoubt.engine.sigma.event.Event;

/// A reason for a match: a value in which a rule found what it looked for.
///
/// @param slot the field, or -1 if all fields were looked at or the value's name is not kept
/// @param value null if the reason is that there is none
public record FieldMatch(int slot, @Nullable String value) {
  static FieldMatch of(Pattern pattern, Event event) {
    if (pattern.slot() == Pattern.EVERY_FIELD) {
      for (int value = 0; value < event.count(); value++) {
        if (event.kind(value) != Event.Kind.NULL && pattern.check().testValue(event, value)) {
          return new FieldMatch(-1, event.string(value));
        }
      }
      return new FieldMatch(-1, null);
    }
    int first = event.first(pattern.slot());
    for (int value = first; value != Event.NONE; value = event.next(value)) {
      if (pattern.check() instanceof ValueCheck.OfValue check
          && event.kind(value) != Event.Kind.NULL
          && check.testValue(event, value)) {
        return new FieldMatch(pattern.slot(), event.string(value));
      }
    }
    return new FieldMatch(pattern.slot(), first == Event.NONE ? null : event.string(first));
  }
}
