package redoubt.core.tuf;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A JSON value as metadata may hold one: numbers are whole and fit in 64 bits. Immutable.
public sealed interface Json {
  /// Text without lone surrogates.
  record Text(String value) implements Json {}

  /// A whole number.
  record Whole(long value) implements Json {}

  /// A truth value.
  record Flag(boolean value) implements Json {}

  /// The value `null`.
  record Nothing() implements Json {}

  /// Values in order.
  record Items(List<Json> values) implements Json {
    /// Copies the list.
    public Items {
      values = List.copyOf(values);
    }
  }

  /// Named values, in the order in which they were written. The readers below insist on a member's
  /// presence and type.
  record Members(Map<String, Json> values) implements Json {
    /// Copies the map and keeps its order.
    public Members {
      values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /// Returns the member, or nothing.
    public Optional<Json> find(String name) {
      return Optional.ofNullable(values.get(name));
    }

    /// Returns the member.
    ///
    /// @throws TufException if there is none
    public Json require(String name) throws TufException {
      Json value = values.get(name);
      if (value == null) {
        throw TufException.malformed("member missing: name=" + name);
      }
      return value;
    }

    /// Returns a text.
    ///
    /// @throws TufException if there is none
    public String text(String name) throws TufException {
      if (require(name) instanceof Text text) {
        return text.value();
      }
      throw wrong(name, "text");
    }

    /// Returns a whole number of at least `least`.
    ///
    /// @throws TufException if there is none
    public long whole(String name, long least) throws TufException {
      if (require(name) instanceof Whole whole && whole.value() >= least) {
        return whole.value();
      }
      throw wrong(name, "whole number from " + least);
    }

    /// Returns a truth value.
    ///
    /// @throws TufException if there is none
    public boolean flag(String name) throws TufException {
      if (require(name) instanceof Flag flag) {
        return flag.value();
      }
      throw wrong(name, "truth value");
    }

    /// Returns the object of that name.
    ///
    /// @throws TufException if there is none
    public Members members(String name) throws TufException {
      if (require(name) instanceof Members members) {
        return members;
      }
      throw wrong(name, "object");
    }

    /// Returns a list of objects.
    ///
    /// @throws TufException if there is none
    public List<Members> objects(String name) throws TufException {
      if (require(name) instanceof Items items
          && items.values().stream().allMatch(Members.class::isInstance)) {
        return items.values().stream().map(Members.class::cast).toList();
      }
      throw wrong(name, "list of objects");
    }

    /// Returns a list of different texts.
    ///
    /// @throws TufException if there is none, or if it repeats itself
    public List<String> texts(String name) throws TufException {
      if (require(name) instanceof Items items
          && items.values().stream().allMatch(Text.class::isInstance)
          && items.values().stream().distinct().count() == items.values().size()) {
        return items.values().stream().map(item -> ((Text) item).value()).toList();
      }
      throw wrong(name, "list of different texts");
    }

    private static TufException wrong(String name, String wanted) {
      return TufException.malformed("not a " + wanted + ": name=" + name);
    }
  }
}
