package redoubt.engine.kit;

import java.util.Optional;
import java.util.Set;
import redoubt.core.model.EventClass;
import redoubt.core.model.EventFilter;
import redoubt.core.wire.EngineMessage;

/// Tells the agent which events of the host the engine needs. Used by one thread at a time.
final class FilterTeller {
  private final Engine engine;
  private final Outbox outbox;
  private final Set<EventClass> wanted;
  private boolean told;

  /// @param wanted the classes that the engine wants to hear of
  FilterTeller(Engine engine, Outbox outbox, Set<EventClass> wanted) {
    this.engine = engine;
    this.outbox = outbox;
    this.wanted = Set.copyOf(wanted.stream().filter(each -> !each.isAnswerable()).toList());
  }

  /// Asks the engine and tells the agent.
  void tell() {
    Optional<EventFilter> filter = wanted.isEmpty() ? Optional.empty() : engine.filter();
    if (filter.isEmpty() && !told) {
      return; // as the agent takes it anyway
    }
    send(filter.orElseGet(() -> EventFilter.everything(wanted)));
    told = true;
  }

  private void send(EventFilter filter) {
    try {
      EngineMessage.Filter.parts(filter).forEach(outbox::send);
    } catch (IllegalArgumentException e) {
      Diagnostics.line("hears of all events: " + e.getMessage());
      EngineMessage.Filter.parts(EventFilter.everything(wanted)).forEach(outbox::send);
    }
  }
}
