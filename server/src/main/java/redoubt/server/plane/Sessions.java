package redoubt.server.plane;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import redoubt.core.model.HostId;

/// The connections of hosts, of each host the newest. Thread-safe.
public final class Sessions {
  private final Map<HostId, HostSession> all = new ConcurrentHashMap<>();

  /// None yet.
  public Sessions() {}

  /// That of one host, if it has one.
  public Optional<HostSession> of(HostId host) {
    return Optional.ofNullable(all.get(host));
  }

  /// All that there are at this moment.
  public Collection<HostSession> all() {
    return List.copyOf(all.values());
  }

  int count() {
    return all.size();
  }

  /// Takes the newest one of its host.
  ///
  /// @return the one that the host had before, if it had one
  Optional<HostSession> put(HostSession session) {
    return Optional.ofNullable(all.put(session.host().id(), session));
  }

  /// Lets one go.
  ///
  /// @return whether it was that of its host
  boolean remove(HostSession session) {
    return all.remove(session.host().id(), session);
  }
}
