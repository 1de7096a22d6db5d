package redoubt.courier;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ClientResponseObserver;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import redoubt.core.model.Octets;
import redoubt.core.model.Sha256;
import redoubt.core.rpc.FleetMethods;
import redoubt.core.wire.Enrolment;
import redoubt.core.wire.EnrolmentToken;
import redoubt.core.wire.FleetCodec;
import redoubt.core.wire.HostInventory;
import redoubt.core.wire.WireException;
import redoubt.core.wire.WireLimits;

/// A host's way to the server of its fleet. Thread-safe; [#close] ends all connections.
public final class FleetClient implements AutoCloseable {
  private static final int ENROL_SECONDS = 30;
  private static final int KEEP_ALIVE_SECONDS = 60;
  private static final int METADATA_BYTES = 8 * 1024;
  private static final int END_SECONDS = 5;

  private final ManagedChannel channel;

  private FleetClient(ManagedChannel channel) {
    this.channel = channel;
  }

  /// Where the server is.
  ///
  /// @param host its name or address, as in its certificate
  public record Address(String host, int port) {}

  /// Who the host is.
  ///
  /// @param certificates its own, and those up to the one that it trusts
  public record Credentials(PrivateKey key, List<Octets> certificates) {
    public Credentials {
      certificates = List.copyOf(certificates);
    }

    /// Names nothing of the key, so that no log has it.
    @Override
    public String toString() {
      return "Credentials[]";
    }
  }

  /// Takes what the server says. Called by one thread at a time.
  public interface Listener {
    /// A message.
    void heard(byte[] message);

    /// The connection has ended; nothing more comes.
    ///
    /// @param why for people
    /// @param isForGood whether it is of no use to try again with the same certificate
    void ended(String why, boolean isForGood);
  }

  /// The way of one who has no certificate yet: good for [#enrol] alone.
  ///
  /// @param authority the digest of the certificate that the server stands on
  /// @throws IOException if TLS cannot be set up
  public static FleetClient stranger(Address server, Sha256 authority) throws IOException {
    return new FleetClient(channel(server, authority, null));
  }

  /// The way of a host of the fleet.
  ///
  /// @param authority as in [#stranger]
  /// @throws IOException if TLS cannot be set up, or the credentials are damaged
  public static FleetClient host(Address server, Sha256 authority, Credentials own)
      throws IOException {
    return new FleetClient(channel(server, authority, own));
  }

  private static ManagedChannel channel(Address server, Sha256 authority, @Nullable Credentials own)
      throws IOException {
    SslContextBuilder tls =
        GrpcSslContexts.forClient().trustManager(new FleetTrust(authority)).protocols("TLSv1.3");
    if (own != null) {
      tls.keyManager(
          own.key(), FleetTrust.read(own.certificates()).toArray(X509Certificate[]::new));
    }
    return NettyChannelBuilder.forAddress(server.host(), server.port())
        .sslContext(tls.build())
        .maxInboundMessageSize(WireLimits.FLEET_MESSAGE_BYTES)
        .maxInboundMetadataSize(METADATA_BYTES)
        .keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
        .build();
  }

  /// Makes this host one of the fleet.
  ///
  /// @return what the server says; it has been read, but nothing of it verified
  /// @throws IOException with the cause, for people, if it does not let the host in
  public Enrolment.Reply enrol(EnrolmentToken token, HostKey key, HostInventory inventory)
      throws IOException {
    byte[] request =
        FleetCodec.encode(new Enrolment.Request(token.secret(), key.request(), inventory));
    try {
      byte[] reply =
          ClientCalls.blockingUnaryCall(
              channel,
              FleetMethods.ENROL,
              CallOptions.DEFAULT.withDeadlineAfter(ENROL_SECONDS, TimeUnit.SECONDS),
              request);
      return FleetCodec.decodeEnrolReply(ByteBuffer.wrap(reply));
    } catch (StatusRuntimeException e) {
      throw new IOException(words(e.getStatus()), e);
    } catch (WireException e) {
      throw new IOException("the server speaks otherwise: " + e.getMessage(), e);
    }
  }

  /// Begins to talk.
  public Link connect(Listener listener) {
    Link link = new Link();
    ClientCalls.asyncBidiStreamingCall(
        channel.newCall(FleetMethods.CONNECT, CallOptions.DEFAULT), new Ears(link, listener));
    return link;
  }

  private static String words(Status status) {
    String what =
        status.getDescription() == null ? status.getCode().name() : status.getDescription();
    Throwable cause = status.getCause();
    while (cause != null && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause == null ? what : what + ": " + cause.getMessage();
  }

  /// A connection. Thread-safe.
  public static final class Link {
    private @Nullable ClientCallStreamObserver<byte[]> stream;

    private Link() {}

    /// Sends a message, after those before it, unless the connection has ended.
    ///
    /// @return whether more can be sent now; whoever goes on regardless fills memory
    public synchronized boolean send(byte[] message) {
      if (stream == null) {
        return false;
      }
      stream.onNext(message);
      return stream.isReady();
    }

    /// Says that nothing more comes from this side.
    public synchronized void end() {
      if (stream != null) {
        stream.onCompleted();
        stream = null;
      }
    }

    private synchronized void begin(ClientCallStreamObserver<byte[]> begun) {
      stream = begun;
    }

    private synchronized void ended() {
      stream = null;
    }
  }

  /// Passes on what comes.
  private record Ears(Link link, Listener listener)
      implements ClientResponseObserver<byte[], byte[]> {
    @Override
    public void beforeStart(ClientCallStreamObserver<byte[]> request) {
      link.begin(request);
    }

    @Override
    public void onNext(byte[] message) {
      listener.heard(message);
    }

    @Override
    public void onError(Throwable cause) {
      link.ended();
      Status status = Status.fromThrowable(cause);
      listener.ended(words(status), status.getCode() == Status.Code.UNAUTHENTICATED);
    }

    @Override
    public void onCompleted() {
      link.ended();
      listener.ended("the server has ended the connection", false);
    }
  }

  @Override
  public void close() {
    channel.shutdownNow();
    try {
      channel.awaitTermination(END_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
