package redoubt.server;

import redoubt.core.wire.HostMessage;
import redoubt.server.api.Changes;
import redoubt.server.plane.HostEvents;
import redoubt.server.plane.HostSession;

/// Tells whoever looks that hosts come and go.
record HostNews(Changes changes) implements HostEvents {
  @Override
  public void arrived(HostSession session, HostMessage.Hello hello) {
    changes.tell();
  }

  @Override
  public void said(HostSession session, HostMessage message) {
    // Whoever looks at what a host says looks again now and then.
  }

  @Override
  public void gone(HostSession session, boolean saidGoodbye) {
    changes.tell();
  }
}
