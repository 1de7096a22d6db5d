package redoubt.agent.engine;

import java.util.EnumMap;
import java.util.Map;
import redoubt.core.model.EventField;
import redoubt.core.model.HostEvent;
import redoubt.core.search.Folding;

/// An event of the host and its texts without regard to capitals, each folded once for all engines,
/// and only if one asks. Belongs to the thread that tells of the event.
public final class FoldedEvent {
  private final HostEvent event;
  private final Map<EventField, byte[]> folded = new EnumMap<>(EventField.class);

  /// One of which no field is folded yet.
  public FoldedEvent(HostEvent event) {
    this.event = event;
  }

  HostEvent event() {
    return event;
  }

  /// A field's text, folded; without bytes if it is not known.
  byte[] text(EventField field) {
    return folded.computeIfAbsent(field, each -> Folding.fold(each.in(event)));
  }
}
