package redoubt.server.plane;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.Optional;
import redoubt.core.wire.FleetCodec;
import redoubt.core.wire.FleetMessage;
import redoubt.server.store.HostEntry;
import redoubt.server.store.HostStore;

/// The connection of one host. Thread-safe.
public final class HostSession {
  /// How many messages may wait for a host that does not read.
  private static final int MOST_WAITING = 64;

  private final HostEntry host;
  private final ServerCallStreamObserver<byte[]> stream;
  private volatile Optional<HostStore.Seen> seen = Optional.empty();
  private int waiting;
  private boolean hasEnded;

  HostSession(HostEntry host, ServerCallStreamObserver<byte[]> stream) {
    this.host = host;
    this.stream = stream;
  }

  /// Whose it is, as it was when it came in.
  public HostEntry host() {
    return host;
  }

  /// When it was heard of last on this connection, and how it was; nothing before its first
  /// heartbeat.
  public Optional<HostStore.Seen> seen() {
    return seen;
  }

  void seen(HostStore.Seen now) {
    seen = Optional.of(now);
  }

  /// Sends something; does nothing if the connection has ended.
  public synchronized void send(FleetMessage message) {
    if (hasEnded) {
      return;
    }
    waiting = stream.isReady() ? 0 : waiting + 1;
    if (waiting > MOST_WAITING) {
      end(Status.RESOURCE_EXHAUSTED.withDescription("this host does not read what it is told"));
      return;
    }
    stream.onNext(FleetCodec.encode(message));
  }

  /// Ends the connection with a reason that the host sees.
  synchronized void end(Status reason) {
    if (!hasEnded) {
      hasEnded = true;
      if (reason.isOk()) {
        stream.onCompleted();
      } else {
        stream.onError(reason.asRuntimeException());
      }
    }
  }

  /// Nobody is there any more.
  synchronized void ended() {
    hasEnded = true;
  }
}
