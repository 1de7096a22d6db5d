package redoubt.server;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import redoubt.core.model.HostId;
import redoubt.core.wire.HostMessage;
import redoubt.server.api.EngineRoutes;
import redoubt.server.plane.HostEvents;
import redoubt.server.plane.HostSession;

/// What the engines of each host have done and cost, as it said last: in memory alone, since hosts
/// say it again. Thread-safe.
final class EngineReports implements HostEvents, EngineRoutes.Source {
  private final Map<HostId, HostMessage.Engines> reports = new ConcurrentHashMap<>();

  @Override
  public void arrived(HostSession session, HostMessage.Hello hello) {
    // It says with its first heartbeat.
  }

  @Override
  public void said(HostSession session, HostMessage message) {
    if (message instanceof HostMessage.Engines engines) {
      reports.put(session.host().id(), engines);
    }
  }

  /// What a host that is not there costs nobody knows.
  @Override
  public void gone(HostSession session, boolean saidGoodbye) {
    reports.remove(session.host().id());
  }

  @Override
  public Map<HostId, HostMessage.Engines> all() {
    return Map.copyOf(reports);
  }
}
