package redoubt.server.policy;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import redoubt.core.model.HostId;
import redoubt.core.wire.FleetCodec;
import redoubt.core.wire.FleetMessage;
import redoubt.core.wire.HostMessage;
import redoubt.core.wire.WireLimits;
import redoubt.server.plane.HostEvents;
import redoubt.server.plane.HostSession;
import redoubt.server.plane.Sessions;
import redoubt.server.store.PolicyEntry;
import redoubt.server.store.PolicyStore;
import redoubt.server.store.RefusedException;

/// Brings what the owner of the fleet wants to count to its hosts: to those that are there at once,
/// to others when they come; a host gets all of it each time, in place of what it had. What hosts
/// say of it is kept in memory alone, since they say it again. Thread-safe.
public final class PolicyDesk implements HostEvents {
  private final PolicyStore store;
  private final Sessions sessions;
  private final Runnable changed;
  private final InstantSource clock;
  private final Map<HostId, HostMessage.PolicyInForce> reports = new ConcurrentHashMap<>();

  /// As it stands in the store: nobody else changes that.
  private volatile PolicyStore.Policy policy;

  /// @param changed is run when somebody who looks at policy would see something else
  public PolicyDesk(PolicyStore store, Sessions sessions, Runnable changed, InstantSource clock) {
    this.store = store;
    this.sessions = sessions;
    this.changed = changed;
    this.clock = clock;
    policy = store.all();
  }

  /// What counts, and what has ended.
  public PolicyStore.Policy all() {
    return policy;
  }

  /// What hosts that are there have said of it last.
  public Map<HostId, HostMessage.PolicyInForce> reports() {
    return Map.copyOf(reports);
  }

  /// Lets something run. It is on disk when this returns, and on its way to the hosts.
  ///
  /// @param by who wants it
  /// @throws RefusedException if the same is there, or as much as hosts can be told
  /// @throws IllegalArgumentException if no host could be told so, or not together with the rest
  public synchronized PolicyEntry add(PolicyEntry.Terms terms, String by) {
    Instant now = clock.instant();
    // What cannot be said is not kept, nor what cannot be said together.
    List<FleetMessage.Exemption> together = new ArrayList<>();
    policy.entries().forEach(entry -> together.add(entry.exemption()));
    if (together.size() < WireLimits.EXEMPTIONS) {
      together.add(new PolicyEntry(1, terms, by, now).exemption());
    }
    FleetCodec.encode(new FleetMessage.Policy(1, together));
    PolicyEntry entry = store.add(terms, by, now);
    changed();
    return entry;
  }

  /// Lets something run no more, unless engines do.
  ///
  /// @param by who wants it
  /// @throws RefusedException if there is no such thing
  public synchronized void remove(int id, String by) {
    store.remove(id, by, clock.instant());
    changed();
  }

  private void changed() {
    policy = store.all();
    tell(sessions.all());
    changed.run();
  }

  /// A host has other labels.
  public void labelled(HostId host) {
    sessions.of(host).ifPresent(session -> tell(List.of(session)));
  }

  /// Nobody is told what counted before after what counts now.
  private synchronized void tell(Collection<HostSession> some) {
    PolicyStore.Policy now = policy;
    Map<HostId, Set<String>> labels =
        now.goesByLabels()
            ? store.labels(some.stream().map(session -> session.host().id()).toList())
            : Map.of();
    Instant time = clock.instant();
    FleetMessage.Policy ofAll = now.of(Set.of(), time);
    for (HostSession session : some) {
      Set<String> own = labels.get(session.host().id());
      session.send(own == null ? ofAll : now.of(own, time));
    }
  }

  @Override
  public void arrived(HostSession session, HostMessage.Hello hello) {
    tell(List.of(session));
  }

  @Override
  public void said(HostSession session, HostMessage message) {
    if (message instanceof HostMessage.PolicyInForce report) {
      reports.put(session.host().id(), report);
      changed.run();
    }
  }

  /// What counts on a host that is not there nobody knows.
  @Override
  public void gone(HostSession session, boolean saidGoodbye) {
    reports.remove(session.host().id());
  }
}
