package redoubt.server;

import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import redoubt.core.model.HostId;
import redoubt.core.wire.HostMessage;
import redoubt.server.plane.HostEvents;
import redoubt.server.plane.HostSession;
import redoubt.server.store.HostStore;

/// Which hosts are heard of, and when: in memory, and in the database once a minute. Thread-safe.
final class LiveHosts implements HostEvents, AutoCloseable {
  private static final int KEEP_SECONDS = 60;

  private final HostStore hosts;
  private final InstantSource clock;
  private final Map<HostId, HostStore.Seen> fresh = new ConcurrentHashMap<>();
  private final ScheduledExecutorService keeper =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("seen-hosts").daemon().factory());

  LiveHosts(HostStore hosts, InstantSource clock) {
    this.hosts = hosts;
    this.clock = clock;
    var _ = keeper.scheduleWithFixedDelay(this::keep, KEEP_SECONDS, KEEP_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public void arrived(HostSession session, HostMessage.Hello hello) {
    // Its first heartbeat says how it is.
  }

  @Override
  public void said(HostSession session, HostMessage message) {
    if (message instanceof HostMessage.Heartbeat beat) {
      fresh.put(session.host().id(), new HostStore.Seen(clock.instant(), beat.state()));
    }
  }

  @Override
  public void gone(HostSession session, boolean saidGoodbye) {
    // When it was heard of last, it has said.
  }

  /// What cannot be kept now is kept with the next turn, unless there is news by then.
  private void keep() {
    Map<HostId, HostStore.Seen> now = Map.copyOf(fresh);
    if (now.isEmpty()) {
      return;
    }
    try {
      hosts.seen(now);
      now.forEach(fresh::remove);
    } catch (RuntimeException _) {
      // The database is gone for a moment; nothing that anybody waits for.
    }
  }

  @Override
  public void close() {
    keeper.shutdownNow();
    keep();
  }
}
