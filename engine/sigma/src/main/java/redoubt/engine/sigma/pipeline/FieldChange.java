package redoubt.engine.sigma.pipeline;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Gives fields other names. Several names for a field: one of them has what is sought.
sealed interface FieldChange extends Change {
  /// The names of a field; empty if it keeps its own.
  Optional<List<String>> rename(String field);

  /// `field_name_mapping`.
  record ByName(Map<String, List<String>> names) implements FieldChange {
    public ByName {
      names = Map.copyOf(names);
    }

    @Override
    public Optional<List<String>> rename(String field) {
      return Optional.ofNullable(names.get(field));
    }
  }

  /// `field_name_prefix_mapping`: of the beginnings the first that fits.
  record ByBeginning(Map<String, List<String>> beginnings) implements FieldChange {
    public ByBeginning {
      beginnings = Collections.unmodifiableMap(new LinkedHashMap<>(beginnings));
    }

    @Override
    public Optional<List<String>> rename(String field) {
      for (Map.Entry<String, List<String>> beginning : beginnings.entrySet()) {
        if (field.startsWith(beginning.getKey())) {
          String rest = field.substring(beginning.getKey().length());
          return Optional.of(beginning.getValue().stream().map(other -> other + rest).toList());
        }
      }
      return Optional.empty();
    }
  }

  /// `field_name_prefix` and `field_name_suffix`.
  record Longer(String before, String after) implements FieldChange {
    @Override
    public Optional<List<String>> rename(String field) {
      return Optional.of(List.of(before + field + after));
    }
  }
}
