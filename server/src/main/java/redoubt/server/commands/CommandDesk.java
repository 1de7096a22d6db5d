package redoubt.server.commands;

import java.time.InstantSource;
import java.util.List;
import redoubt.core.model.HostId;
import redoubt.core.wire.FleetCodec;
import redoubt.core.wire.FleetMessage;
import redoubt.core.wire.HostMessage;
import redoubt.server.plane.HostEvents;
import redoubt.server.plane.HostSession;
import redoubt.server.plane.Sessions;
import redoubt.server.store.CommandStore;
import redoubt.server.store.HostCommand;
import redoubt.server.store.RefusedException;

/// Brings commands to hosts: at once to those that are there, to others when they come. A host is
/// told again at each connection until it has said what became of it; it does nothing twice.
/// Thread-safe.
public final class CommandDesk implements HostEvents {
  private final CommandStore store;
  private final Sessions sessions;
  private final Runnable changed;
  private final InstantSource clock;

  /// @param changed is run when somebody who looks at commands would see something else
  public CommandDesk(CommandStore store, Sessions sessions, Runnable changed, InstantSource clock) {
    this.store = store;
    this.sessions = sessions;
    this.changed = changed;
    this.clock = clock;
  }

  /// Has something done on a host. It is on disk when this returns, and on its way if the host is
  /// there.
  ///
  /// @param by who wants it
  /// @throws RefusedException if so much waits for this host already, or it is none of the fleet
  /// @throws IllegalArgumentException if no host could be told so
  public HostCommand order(HostId host, FleetMessage.Action action, String by) {
    // What cannot be said is not kept.
    FleetCodec.encode(new FleetMessage.Command(1, by, action));
    HostCommand command = store.add(host, action, by, clock.instant());
    sessions.of(host).ifPresent(session -> session.send(message(command)));
    changed.run();
    return command;
  }

  private static FleetMessage message(HostCommand command) {
    return new FleetMessage.Command(command.id(), command.operator(), command.action());
  }

  /// The newest of a host, newest first.
  ///
  /// @param most how many at most
  public List<HostCommand> newest(HostId host, int most) {
    return store.newest(host, most);
  }

  @Override
  public void arrived(HostSession session, HostMessage.Hello hello) {
    store
        .open(session.host().id(), clock.instant())
        .forEach(command -> session.send(message(command)));
  }

  @Override
  public void said(HostSession session, HostMessage message) {
    if (message instanceof HostMessage.CommandOutcome(long id, boolean isDone, var text)) {
      store.finish(session.host().id(), id, isDone, text, clock.instant());
      changed.run();
    }
  }

  @Override
  public void gone(HostSession session, boolean saidGoodbye) {
    // It is told what is still open when it is back.
  }
}
