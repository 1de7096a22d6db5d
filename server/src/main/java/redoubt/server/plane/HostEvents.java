package redoubt.server.plane;

import java.util.List;
import redoubt.core.wire.HostMessage;

/// Takes what hosts say about themselves and about updates. Called by the threads of the hosts: for
/// one host one after the other, for several at once.
public interface HostEvents {
  /// A host is there and has said who it is.
  ///
  /// @param session to send to it, until [#gone]
  void arrived(HostSession session, HostMessage.Hello hello);

  /// It has said something.
  void said(HostSession session, HostMessage message);

  /// It is there no more: it has said goodbye, or its connection has ended. Not told of a
  /// connection that a newer one of the same host has replaced.
  ///
  /// @param saidGoodbye whether it meant to, or was cast out: nobody is to wait for it
  void gone(HostSession session, boolean saidGoodbye);

  /// Tells several, one after the other.
  static HostEvents each(List<HostEvents> all) {
    List<HostEvents> listeners = List.copyOf(all);
    return new HostEvents() {
      @Override
      public void arrived(HostSession session, HostMessage.Hello hello) {
        listeners.forEach(each -> each.arrived(session, hello));
      }

      @Override
      public void said(HostSession session, HostMessage message) {
        listeners.forEach(each -> each.said(session, message));
      }

      @Override
      public void gone(HostSession session, boolean saidGoodbye) {
        listeners.forEach(each -> each.gone(session, saidGoodbye));
      }
    };
  }
}
