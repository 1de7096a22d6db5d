package redoubt.agent.sensor;

import redoubt.core.model.Endpoint;

/// A socket of a connected protocol has another state.
///
/// @param timeNanos when, on the clock of [System#nanoTime]
/// @param processId the process in which it happened; says nothing of what a packet brought about
/// @param socket tells sockets apart that live at the same time
/// @param before one of the states below, or another of the kernel's
/// @param now the same
/// @param protocol by its IANA number
record SocketChange(
    long timeNanos,
    int processId,
    long socket,
    int before,
    int now,
    int protocol,
    Endpoint local,
    Endpoint remote) {
  /// The kernel's numbers of states, from `net/tcp_states.h`.
  static final int TCP_ESTABLISHED = 1;

  static final int TCP_SYN_SENT = 2;
  static final int TCP_CLOSE = 7;
  static final int TCP_LISTEN = 10;
}
