package redoubt.agent.engine;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import redoubt.core.model.EventFilter;
import redoubt.core.wire.EngineMessage;

/// Puts an engine's filter together, which may come in several messages. Not thread-safe.
public final class FilterParts {
  private final List<EventFilter.Alternative> alternatives = new ArrayList<>();

  /// Of which no part has come yet.
  public FilterParts() {}

  /// Takes a part.
  ///
  /// @return the whole filter with the last part, else null
  /// @throws IllegalArgumentException if all parts together are more than a filter may have
  public @Nullable EventFilter take(EngineMessage.Filter part) {
    alternatives.addAll(part.alternatives());
    EventFilter whole = new EventFilter(alternatives);
    EngineMessage.Filter.check(whole);
    if (part.more()) {
      return null;
    }
    alternatives.clear();
    return whole;
  }
}
