package redoubt.engine.sigma.match;

import org.safere.Pattern;
import redoubt.core.model.Place;
import redoubt.engine.sigma.event.Event;
import redoubt.engine.sigma.event.Numbers;
import redoubt.engine.sigma.rule.ValueTest;
import redoubt.engine.sigma.rule.ValueTest.Comparison;

/// A test of a rule, ready to run on an event. Immutable, thread-safe.
sealed interface ValueCheck {
  /// Whether a value of the field passes.
  ///
  /// @param slot the field
  boolean test(Event event, int slot);

  /// Whether one value passes, whichever field it belongs to; of a check that looks at single
  /// values.
  default boolean testValue(Event event, int value) {
    throw new IllegalStateException("not a check of single values: check=" + this);
  }

  /// A check that any value of the field may pass.
  sealed interface OfValue extends ValueCheck {
    @Override
    default boolean test(Event event, int slot) {
      for (int value = event.first(slot); value != Event.NONE; value = event.next(value)) {
        if (event.kind(value) != Event.Kind.NULL && testValue(event, value)) {
          return true;
        }
      }
      return false;
    }

    @Override
    boolean testValue(Event event, int value);
  }

  /// The value is as the pattern says, capitals aside or not.
  record Text(Glob glob, boolean cased) implements OfValue {
    @Override
    public boolean testValue(Event event, int value) {
      if (cased) {
        return glob.matches(event.text(), event.start(value), event.end(value));
      }
      int from = event.foldedStart(value);
      return glob.matches(event.folded(), from, event.foldedEnd(value));
    }
  }

  /// The expression is found in the value.
  record Regex(Pattern pattern) implements OfValue {
    @Override
    public boolean testValue(Event event, int value) {
      return pattern.matcher(event.string(value)).find();
    }
  }

  /// The value is a number that stands so to the rule's.
  record Compared(Comparison comparison, double number) implements OfValue {
    @Override
    public boolean testValue(Event event, int value) {
      double found = Numbers.parse(event.string(value));
      return !Double.isNaN(found) && comparison.holds(found, number);
    }
  }

  /// The value is an address of the network.
  record Network(NetworkPrefix prefix) implements OfValue {
    @Override
    public boolean testValue(Event event, int value) {
      return prefix.contains(event.string(value));
    }
  }

  /// A part of the date in the value stands so to the rule's.
  record TimePart(ValueTest.TimePart part) implements OfValue {
    @Override
    public boolean testValue(Event event, int value) {
      return Dates.test(part, event.string(value));
    }
  }

  /// The event has the field, or has it not.
  record Exists(boolean expected) implements ValueCheck {
    @Override
    public boolean test(Event event, int slot) {
      return (event.first(slot) != Event.NONE) == expected;
    }
  }

  /// The event has no such field, or one without a value.
  record Null() implements ValueCheck {
    @Override
    public boolean test(Event event, int slot) {
      int first = event.first(slot);
      if (first == Event.NONE) {
        return true;
      }
      for (int value = first; value != Event.NONE; value = event.next(value)) {
        if (event.kind(value) == Event.Kind.NULL) {
          return true;
        }
      }
      return false;
    }
  }

  /// A value of the field stands so to one of another field.
  record OtherField(int other, Place place, boolean cased) implements ValueCheck {
    /// How many pairs of values of both fields are looked at.
    private static final int PAIRS_LIMIT = 1_000;

    @Override
    public boolean test(Event event, int slot) {
      int pairs = 0;
      for (int value = event.first(slot); value != Event.NONE; value = event.next(value)) {
        for (int with = event.first(other); with != Event.NONE; with = event.next(with)) {
          if (++pairs > PAIRS_LIMIT) {
            return false;
          }
          if (event.kind(value) != Event.Kind.NULL
              && event.kind(with) != Event.Kind.NULL
              && stands(event, value, with)) {
            return true;
          }
        }
      }
      return false;
    }

    private boolean stands(Event event, int value, int with) {
      int from = cased ? event.start(value) : event.foldedStart(value);
      int to = cased ? event.end(value) : event.foldedEnd(value);
      int withFrom = cased ? event.start(with) : event.foldedStart(with);
      int withTo = cased ? event.end(with) : event.foldedEnd(with);
      byte[] bytes = cased ? event.text() : event.folded();
      return Ranges.stands(bytes, from, to, withFrom, withTo, place);
    }
  }
}
