package redoubt.agent.decision;

import org.jspecify.annotations.Nullable;
import redoubt.core.model.EngineMode;
import redoubt.core.model.EventClass;

/// The engines of the host by slot. A slot stays an engine's own as long as the agent runs,
/// whatever becomes of the engine's process, so that the cache can index by it. Immutable; changes
/// make a new panel.
public final class Panel {
  private final @Nullable EngineLink[] links;

  private Panel(@Nullable EngineLink[] links) {
    this.links = links;
  }

  /// A panel without engines.
  public static Panel empty() {
    return new Panel(new @Nullable EngineLink[DecisionLimits.ENGINES]);
  }

  /// Returns this panel with an engine in a slot, or with nobody there.
  public Panel with(int slot, @Nullable EngineLink link) {
    @Nullable EngineLink[] copy = links.clone();
    copy[slot] = link;
    return new Panel(copy);
  }

  int slots() {
    return links.length;
  }

  @Nullable EngineLink link(int slot) {
    return links[slot];
  }

  /// The engines to ask about a class of events, by slot; null elsewhere.
  public @Nullable EngineLink[] judging(EventClass eventClass) {
    @Nullable EngineLink[] judging = links.clone();
    for (int slot = 0; slot < judging.length; slot++) {
      EngineLink link = judging[slot];
      if (link != null && !link.judges(eventClass)) {
        judging[slot] = null;
      }
    }
    return judging;
  }

  /// Whether an engine in enforce mode judges such events now.
  boolean enforces(EventClass eventClass) {
    for (EngineLink link : links) {
      if (link != null && link.mode() == EngineMode.ENFORCE && link.judges(eventClass)) {
        return true;
      }
    }
    return false;
  }
}
