package redoubt.engine.sigma.vectors;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What an event shall have: values by field. Fields that it says nothing about get usual ones. Not
/// thread-safe.
///
/// @param values by field, in the words of rules; no value if the field shall not be there
record Draft(Map<String, List<String>> values) {
  Draft() {
    this(new LinkedHashMap<>());
  }

  Draft copy() {
    return new Draft(new LinkedHashMap<>(values));
  }

  /// The same with another value of one field.
  Draft with(String field, String value) {
    Draft other = copy();
    other.values.put(field, List.of(value));
    return other;
  }

  /// The first value of a field, empty if it shall not be there.
  String text(String field, String usual) {
    List<String> all = values.get(field);
    if (all == null) {
      return usual;
    }
    return all.isEmpty() ? "" : all.getFirst();
  }

  List<String> all(String field, List<String> usual) {
    return values.getOrDefault(field, usual);
  }
}
