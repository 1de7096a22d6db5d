package redoubt.agent.engine;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import redoubt.agent.health.Counter;
import redoubt.agent.health.Counters;
import redoubt.core.model.EventClass;
import redoubt.core.model.HostEvent;
import redoubt.core.wire.AgentMessage;
import redoubt.core.wire.WireLimits;

/// The events of the host that are on their way to one connected engine, several in one message.
///
/// Bounded in events and in bytes: what an engine does not handle in time it does not get, and it
/// is told how many. Never blocks. Thread-safe.
final class ActivityStream {
  private static final int MOST = WireLimits.HOST_EVENTS_UNHANDLED;

  private static final int ROOM = AgentMessage.Activity.ROOM_BYTES;

  private final EngineConnection connection;
  private final Counters counters;

  /// By id modulo their number: the events from [#firstUnhandled] on, sent or kept back.
  private final @Nullable HostEvent[] events = new @Nullable HostEvent[MOST];

  private final int[] sizes = new int[MOST];
  private long firstUnhandled = 1;
  private long firstKeptBack = 1;
  private long next = 1;
  private int bytes;
  private int keptBackBytes;
  private long lost;
  private @Nullable HostEventFilter filter;

  ActivityStream(EngineConnection connection, Counters counters) {
    this.connection = connection;
    this.counters = counters;
  }

  /// What became of an event.
  enum Offer {
    TAKEN,
    /// The engine has said that it does not need it.
    UNNEEDED,
    /// The engine has too much to do.
    DROPPED
  }

  /// Takes only what the filter lets through from now on.
  synchronized void filterBy(HostEventFilter needed) {
    filter = needed;
  }

  /// The classes of events that the filter may let through.
  synchronized Set<EventClass> needed() {
    return filter == null ? EnumSet.allOf(EventClass.class) : filter.classes();
  }

  /// Takes an event that the engine needs; drops it if the engine has too much to do. What it does
  /// not take is counted.
  Offer offer(FoldedEvent offered) {
    Offer became = take(offered);
    switch (became) {
      case TAKEN -> {}
      case UNNEEDED -> counters.add(Counter.NOTIFY_FILTERED);
      case DROPPED -> counters.add(Counter.NOTIFY_LOST);
    }
    return became;
  }

  /// As [#offer], where nobody misses what is not taken.
  synchronized Offer take(FoldedEvent offered) {
    if (filter != null && !filter.needs(offered)) {
      return Offer.UNNEEDED;
    }
    HostEvent event = offered.event();
    int size = AgentMessage.Activity.mostBytes(event);
    if (next - firstUnhandled == MOST || bytes + size > WireLimits.HOST_EVENT_BYTES_UNHANDLED) {
      lost++;
      return Offer.DROPPED;
    }
    events[slot(next)] = event;
    sizes[slot(next)] = size;
    next++;
    bytes += size;
    keptBackBytes += size;
    if (next - firstKeptBack >= WireLimits.HOST_EVENTS_PER_MESSAGE || keptBackBytes >= ROOM) {
      flush();
    }
    return Offer.TAKEN;
  }

  /// Sends what was kept back; what the engine's socket cannot take now goes when it has handled
  /// something.
  synchronized void flush() {
    while (firstKeptBack < next && sendMessage()) {
      // As long as there is some, and room for it.
    }
  }

  private boolean sendMessage() {
    List<HostEvent> batch = new ArrayList<>();
    int taken = 0;
    for (long id = firstKeptBack;
        id < next && batch.size() < WireLimits.HOST_EVENTS_PER_MESSAGE;
        id++) {
      HostEvent event = events[slot(id)];
      if (event == null || taken + sizes[slot(id)] > ROOM) {
        break;
      }
      batch.add(event);
      taken += sizes[slot(id)];
    }
    if (connection.send(new AgentMessage.Activity(lost, firstKeptBack, batch)) < 0) {
      return false;
    }
    firstKeptBack += batch.size();
    keptBackBytes -= taken;
    lost = 0;
    return true;
  }

  /// The engine has handled all events up to this one.
  ///
  /// @return false if that cannot be
  synchronized boolean handled(long throughId) {
    if (throughId < firstUnhandled || throughId >= firstKeptBack) {
      return false;
    }
    for (long id = firstUnhandled; id <= throughId; id++) {
      events[slot(id)] = null;
      bytes -= sizes[slot(id)];
    }
    firstUnhandled = throughId + 1;
    flush();
    return true;
  }

  /// Whether the engine has handled all that it was told.
  synchronized boolean isIdle() {
    return firstUnhandled == next;
  }

  /// An event that the engine has and has not handled yet.
  synchronized Optional<HostEvent> find(long id) {
    boolean with = id >= firstUnhandled && id < firstKeptBack;
    return with ? Optional.ofNullable(events[slot(id)]) : Optional.empty();
  }

  private static int slot(long id) {
    return (int) (id % MOST);
  }
}
