package redoubt.server.plane;

import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.grpc.util.AdvancedTlsX509KeyManager;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import redoubt.core.model.HostId;
import redoubt.core.model.Octets;
import redoubt.core.rpc.FleetMethods;
import redoubt.core.wire.Enrolment;
import redoubt.core.wire.FleetCodec;
import redoubt.core.wire.FleetMessage;
import redoubt.core.wire.HostMessage;
import redoubt.core.wire.WireException;
import redoubt.core.wire.WireLimits;
import redoubt.server.identity.Authority;
import redoubt.server.identity.LeaseSigner;
import redoubt.server.log.Outage;
import redoubt.server.store.HostEntry;
import redoubt.server.store.HostStore;
import redoubt.server.store.RecordStore;
import redoubt.server.store.RefusedException;

/// Where hosts come in: takes new ones in by their tokens, and talks with those that have a
/// certificate. Thread-safe.
public final class HostPlane implements AutoCloseable {
  /// The version of the protocol that is spoken.
  private static final int PROTOCOL_VERSION = 1;

  private static final int HANDSHAKE_SECONDS = 20;
  private static final int KEEP_ALIVE_SECONDS = 60;
  private static final int LEAST_KEEP_ALIVE_SECONDS = 20;
  private static final int METADATA_BYTES = 8 * 1024;
  private static final int END_SECONDS = 5;

  private final Authority authority;
  private final LeaseSigner signer;
  private final HostStore hosts;
  private final RecordStore records;
  private final HostEvents events;
  private final Sessions sessions;
  private final InstantSource clock;
  private final int heartbeatSeconds;
  private final List<String> names;
  private final AdvancedTlsX509KeyManager keys = new AdvancedTlsX509KeyManager();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final ScheduledExecutorService renewal =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("certificate").daemon().factory());
  private final Outage outage = new Outage("hosts could not be served");
  private final Server server;

  /// Where it listens, and how it is called.
  ///
  /// @param names the names and addresses under which hosts reach it, for its certificate
  /// @param heartbeatSeconds how often hosts are to be heard of
  public record Place(InetSocketAddress address, List<String> names, int heartbeatSeconds) {
    public Place {
      names = List.copyOf(names);
    }
  }

  /// Begins to listen.
  ///
  /// @param sessions gets the connections of hosts
  /// @param events is told what hosts say
  /// @throws IOException if it cannot
  public HostPlane(
      Place place,
      Authority authority,
      LeaseSigner signer,
      HostStore hosts,
      RecordStore records,
      Sessions sessions,
      HostEvents events,
      InstantSource clock)
      throws IOException {
    this.authority = authority;
    this.signer = signer;
    this.hosts = hosts;
    this.records = records;
    this.sessions = sessions;
    this.events = events;
    this.clock = clock;
    heartbeatSeconds = place.heartbeatSeconds();
    names = place.names();
    renew();
    ServerServiceDefinition service =
        ServerServiceDefinition.builder(FleetMethods.SERVICE)
            .addMethod(FleetMethods.ENROL, ServerCalls.asyncUnaryCall(this::enrol))
            .addMethod(FleetMethods.CONNECT, ServerCalls.asyncBidiStreamingCall(this::connect))
            .build();
    server =
        NettyServerBuilder.forAddress(place.address())
            .sslContext(tls())
            .executor(threads)
            .maxInboundMessageSize(WireLimits.FLEET_MESSAGE_BYTES)
            .maxInboundMetadataSize(METADATA_BYTES)
            .maxConcurrentCallsPerConnection(2)
            .handshakeTimeout(HANDSHAKE_SECONDS, TimeUnit.SECONDS)
            .keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
            .permitKeepAliveTime(LEAST_KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
            .addService(ServerInterceptors.intercept(service, new PeerCertificate()))
            .build();
    server.start();
    long third = Authority.SERVER_LIFE.dividedBy(3).toMillis();
    var _ = renewal.scheduleAtFixedRate(this::renew, third, third, TimeUnit.MILLISECONDS);
  }

  /// Shows a certificate of ours, and asks for one of ours: whoever shows another gets no
  /// connection, and whoever shows none can do nothing but enrol.
  private SslContext tls() throws IOException {
    return GrpcSslContexts.configure(SslContextBuilder.forServer(keys))
        .trustManager(authority.certificate())
        .clientAuth(ClientAuth.OPTIONAL)
        .protocols("TLSv1.3")
        .build();
  }

  /// Shows another certificate from now on, long before the last one ends.
  private void renew() {
    Authority.Issued own = authority.issueServer(names, clock.instant());
    keys.updateIdentityCredentials(
        new X509Certificate[] {own.certificate(), authority.certificate()}, own.key());
  }

  /// The port that it listens at.
  public int port() {
    return server.getPort();
  }

  /// The connection of a host, if it has one.
  public Optional<HostSession> session(HostId host) {
    return sessions.of(host);
  }

  /// How many hosts are connected.
  public int connected() {
    return sessions.count();
  }

  /// Ends the connection of a host that was cast out, if it has one; called after that is written
  /// down.
  public void castOut(HostId host) {
    session(host)
        .ifPresent(session -> {
          session.end(unauthenticated());
          if (sessions.remove(session)) {
            events.gone(session, true);
          }
        });
  }

  // ---- enrolment

  private void enrol(byte[] bytes, StreamObserver<byte[]> answer) {
    try {
      Enrolment.Request request = FleetCodec.decodeEnrolRequest(ByteBuffer.wrap(bytes));
      Issuing issuing = new Issuing(request.certificateRequest());
      HostEntry host = hosts.enrol(request.secret(), request.inventory(), issuing, clock.instant());
      // Whoever still talks under an earlier enrolment of it does so no more.
      castOut(host.id());
      answer.onNext(
          FleetCodec.encode(
              new Enrolment.Reply(
                  host.id(), host.enrolment(), issuing.chain(), signer.publicKey())));
      answer.onCompleted();
    } catch (WireException | IllegalArgumentException e) {
      answer.onError(Status.INVALID_ARGUMENT.withDescription(e.getMessage()).asException());
    } catch (RefusedException e) {
      answer.onError(Status.PERMISSION_DENIED.withDescription(e.getMessage()).asException());
    } catch (RuntimeException e) {
      answer.onError(unavailable(e).asException());
    }
  }

  /// Issues one certificate, and remembers it.
  private final class Issuing implements HostStore.Issuer {
    private final Octets request;
    private Optional<X509Certificate> issued = Optional.empty();

    Issuing(Octets request) {
      this.request = request;
    }

    @Override
    public HostStore.Certified issue(HostId host) {
      X509Certificate certificate = authority.issueHost(request, host, clock.instant());
      issued = Optional.of(certificate);
      return new HostStore.Certified(serial(certificate), certificate.getNotAfter().toInstant());
    }

    List<Octets> chain() {
      return List.of(Authority.der(issued.orElseThrow()), Authority.der(authority.certificate()));
    }
  }

  private static String serial(X509Certificate certificate) {
    return certificate.getSerialNumber().toString(16).toLowerCase(Locale.ROOT);
  }

  // ---- connections

  private StreamObserver<byte[]> connect(StreamObserver<byte[]> answer) {
    ServerCallStreamObserver<byte[]> stream = (ServerCallStreamObserver<byte[]>) answer;
    Optional<HostEntry> host = PeerCertificate.shown().flatMap(this::admitted);
    if (host.isEmpty()) {
      stream.onError(unauthenticated().asRuntimeException());
      return new Nobody();
    }
    HostSession session = new HostSession(host.get(), stream);
    // Whoever sends to it meanwhile is not told: the conversation is.
    stream.setOnCancelHandler(session::ended);
    stream.disableAutoRequest();
    stream.request(1);
    return new Conversation(session, stream);
  }

  private Optional<HostEntry> admitted(X509Certificate certificate) {
    try {
      return hosts.admitted(Authority.hostOf(certificate), serial(certificate), clock.instant());
    } catch (IllegalArgumentException _) {
      return Optional.empty(); // It is one of ours, but none of a host.
    }
  }

  private boolean isStillIn(HostEntry before) {
    return hosts
        .find(before.id())
        .filter(now -> now.revoked().isEmpty() && now.enrolment() == before.enrolment())
        .isPresent();
  }

  private static Status unauthenticated() {
    return Status.UNAUTHENTICATED.withDescription(
        "this host is none of the fleet: enrol it anew with 'redoubt fleet join'");
  }

  /// The cause is for our log: what of it a stranger could read is nobody's business.
  private Status unavailable(RuntimeException cause) {
    outage.goesOn(cause);
    return Status.UNAVAILABLE.withDescription("the server cannot do this now");
  }

  /// What comes from somebody who was sent away.
  private static final class Nobody implements StreamObserver<byte[]> {
    @Override
    public void onNext(byte[] message) {}

    @Override
    public void onError(Throwable cause) {}

    @Override
    public void onCompleted() {}
  }

  /// What comes from one host, a message after the other.
  private final class Conversation implements StreamObserver<byte[]> {
    private final HostSession session;
    private final ServerCallStreamObserver<byte[]> stream;
    private boolean isKnown;
    private boolean saidGoodbye;

    Conversation(HostSession session, ServerCallStreamObserver<byte[]> stream) {
      this.session = session;
      this.stream = stream;
    }

    @Override
    public void onNext(byte[] bytes) {
      try {
        take(FleetCodec.decodeFromHost(ByteBuffer.wrap(bytes)));
        stream.request(1);
      } catch (WireException | IllegalArgumentException e) {
        session.end(Status.INVALID_ARGUMENT.withDescription(e.getMessage()));
      } catch (RefusedException e) {
        session.end(Status.PERMISSION_DENIED.withDescription(e.getMessage()));
      } catch (RuntimeException e) {
        session.end(unavailable(e));
      }
    }

    private void take(HostMessage message) {
      if (message instanceof HostMessage.Hello hello) {
        greet(hello);
        return;
      }
      if (!isKnown) {
        throw new IllegalArgumentException("the first message is Hello");
      }
      switch (message) {
        case HostMessage.Records(long first, var lines) -> {
          records.keep(session.host().id(), first, lines, clock.instant());
          outage.isOver();
          session.send(new FleetMessage.RecordsKept(first + lines.size()));
        }
        case HostMessage.Renewal(var request) -> {
          Issuing issuing = new Issuing(request);
          hosts.renew(session.host().id(), issuing, clock.instant());
          session.send(new FleetMessage.Certificates(issuing.chain()));
        }
        case HostMessage.Goodbye _ -> saidGoodbye = true;
        case HostMessage.Heartbeat beat -> {
          session.seen(new HostStore.Seen(clock.instant(), beat.state()));
          events.said(session, beat);
        }
        default -> events.said(session, message);
      }
    }

    private void greet(HostMessage.Hello hello) {
      if (isKnown) {
        throw new IllegalArgumentException("Hello comes once");
      }
      isKnown = true;
      HostId id = session.host().id();
      hosts.describe(id, hello.inventory());
      sessions
          .put(session)
          .ifPresent(before ->
              before.end(Status.ABORTED.withDescription("this host has another connection")));
      // Whoever cast it out meanwhile did not find this connection.
      if (!isStillIn(session.host())) {
        sessions.remove(session);
        session.end(unauthenticated());
        return;
      }
      session.send(
          new FleetMessage.Welcome(
              Math.min(hello.protocolVersion(), PROTOCOL_VERSION), heartbeatSeconds));
      events.arrived(session, hello);
    }

    @Override
    public void onError(Throwable cause) {
      leave();
    }

    @Override
    public void onCompleted() {
      leave();
      session.end(Status.OK);
    }

    private void leave() {
      if (isKnown && sessions.remove(session)) {
        events.gone(session, saidGoodbye);
      }
    }
  }

  @Override
  public void close() {
    server.shutdown();
    sessions
        .all()
        .forEach(
            session -> session.end(Status.UNAVAILABLE.withDescription("the server is stopping")));
    try {
      if (!server.awaitTermination(END_SECONDS, TimeUnit.SECONDS)) {
        server.shutdownNow();
      }
    } catch (InterruptedException _) {
      server.shutdownNow();
      Thread.currentThread().interrupt();
    }
    threads.shutdown();
    renewal.shutdown();
  }
}
