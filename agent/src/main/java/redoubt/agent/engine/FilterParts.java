package redoubt.agent.engine;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import redoubt.core.model.EventFilter;
import redoubt.core.wire.EngineMessage;
import redoubt.core.wire.WireLimits;

/// Puts an engine's filter together, which may come in several messages. Not thread-safe.
final class FilterParts {
  private final List<EventFilter.Alternative> alternatives = new ArrayList<>();
  private int texts;

  /// Takes a part.
  ///
  /// @return the whole filter with the last part, else null
  /// @throws IllegalArgumentException if all parts together are more than a filter may have
  @Nullable EventFilter take(EngineMessage.Filter part) {
    alternatives.addAll(part.alternatives());
    texts += new EventFilter(part.alternatives()).textCount();
    if (alternatives.size() > WireLimits.FILTER_ALTERNATIVES || texts > WireLimits.FILTER_TEXTS) {
      throw new IllegalArgumentException(
          "a filter that is too large: alternatives=" + alternatives.size() + " texts=" + texts);
    }
    if (part.more()) {
      return null;
    }
    EventFilter whole = new EventFilter(alternatives);
    alternatives.clear();
    texts = 0;
    return whole;
  }
}
