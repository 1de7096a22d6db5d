package redoubt.courier;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslProvider;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ClientResponseObserver;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import redoubt.core.model.Octets;
import redoubt.core.model.Sha256;
import redoubt.core.rpc.FleetMethods;
import redoubt.core.wire.Enrolment;
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
  private final @Nullable EventLoopGroup threads;

  /// @param threads those of the channel, if it has its own
  private FleetClient(ManagedChannel channel, @Nullable EventLoopGroup threads) {
    this.channel = channel;
    this.threads = threads;
  }

  /// Where the server is.
  public sealed interface Way {
    /// The name or address under which it has to know itself, as in its certificate.
    String name();
  }

  /// At an address of the network.
  ///
  /// @param name as it is looked up, and in the certificate
  public record Address(String name, int port) implements Way {}

  /// Behind a socket of this host, whose other side somebody else connects to the server.
  public record Relay(String name, Path socket) implements Way {}

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
  public static FleetClient stranger(Way server, Sha256 authority) throws IOException {
    return client(server, authority, null);
  }

  /// The way of a host of the fleet.
  ///
  /// @param authority as in [#stranger]
  /// @throws IOException if TLS cannot be set up, or the credentials are damaged
  public static FleetClient host(Way server, Sha256 authority, Credentials own) throws IOException {
    return client(server, authority, own);
  }

  /// Over a relay everything is Java's: the process that uses one may load no library of its own.
  private static FleetClient client(Way server, Sha256 authority, @Nullable Credentials own)
      throws IOException {
    return switch (server) {
      case Address(var name, int port) ->
          new FleetClient(
              set(
                  NettyChannelBuilder.forAddress(name, port),
                  tls(GrpcSslContexts.forClient(), authority, own)),
              null);
      case Relay(var name, var socket) -> {
        EventLoopGroup threads = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        SslContextBuilder tls =
            GrpcSslContexts.configure(SslContextBuilder.forClient(), SslProvider.JDK);
        yield new FleetClient(
            set(
                NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(socket))
                    .channelType(NioDomainSocketChannel.class, UnixDomainSocketAddress.class)
                    .eventLoopGroup(threads)
                    .overrideAuthority(name),
                tls(tls, authority, own)),
            threads);
      }
    };
  }

  private static SslContext tls(SslContextBuilder tls, Sha256 authority, @Nullable Credentials own)
      throws IOException {
    tls.trustManager(new FleetTrust(authority)).protocols("TLSv1.3");
    if (own != null) {
      tls.keyManager(
          own.key(), FleetTrust.read(own.certificates()).toArray(X509Certificate[]::new));
    }
    return tls.build();
  }

  private static ManagedChannel set(NettyChannelBuilder channel, SslContext tls) {
    return channel
        .sslContext(tls)
        .maxInboundMessageSize(WireLimits.FLEET_MESSAGE_BYTES)
        .maxInboundMetadataSize(METADATA_BYTES)
        .keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
        .build();
  }

  /// Makes this host one of the fleet.
  ///
  /// @param secret what the token keeps secret
  /// @return what the server says; it has been read, but nothing of it verified
  /// @throws IOException with the cause, for people, if it does not let the host in
  public Enrolment.Reply enrol(Octets secret, HostKey key, HostInventory inventory)
      throws IOException {
    byte[] request = FleetCodec.encode(new Enrolment.Request(secret, key.request(), inventory));
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

    /// Waits until more can be sent, or the connection has ended.
    public synchronized void awaitReady() throws InterruptedException {
      while (stream != null && !stream.isReady()) {
        wait();
      }
    }

    private synchronized void ready() {
      notifyAll();
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
      notifyAll();
    }
  }

  /// Passes on what comes.
  private record Ears(Link link, Listener listener)
      implements ClientResponseObserver<byte[], byte[]> {
    @Override
    public void beforeStart(ClientCallStreamObserver<byte[]> request) {
      link.begin(request);
      request.setOnReadyHandler(link::ready);
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
    if (threads != null) {
      var _ = threads.shutdownGracefully(0, END_SECONDS, TimeUnit.SECONDS);
    }
  }
}
