package redoubt.courier;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import redoubt.core.model.Octets;
import redoubt.core.wire.CourierOrder;
import redoubt.core.wire.CourierReport;
import redoubt.core.wire.Enrolment;
import redoubt.core.wire.FleetCodec;
import redoubt.core.wire.FleetMessage;
import redoubt.core.wire.HostMessage;
import redoubt.core.wire.WireException;

/// Does what its agent orders: makes the host one of a fleet, or holds its connection. Reads
/// nothing of what it carries but what is about certificates, which are its own business.
///
/// [#run] is for one thread; what the server says comes on another.
final class Courier {
  /// How often it is looked whether the certificate is to be renewed.
  private static final Duration LOOK = Duration.ofMinutes(10);

  private static final Duration FIRST_LOOK = Duration.ofSeconds(2);

  private final AgentChannel agent;
  private final Path relay;
  private final InstantSource clock;
  private @Nullable HostKey asked;
  private volatile Instant renewAt = Instant.MAX;

  /// @param relay a socket whose other side is the server
  Courier(AgentChannel agent, Path relay, InstantSource clock) {
    this.agent = agent;
    this.relay = relay;
    this.clock = clock;
  }

  /// Does one thing, and returns when it is over.
  ///
  /// @throws WireException if the agent orders what cannot be
  void run() throws WireException {
    try {
      switch (agent.next().orElse(null)) {
        case CourierOrder.Enrol order -> enrol(order);
        case CourierOrder.Connect order -> serve(order);
        case CourierOrder.Send _ -> throw new WireException("the first order connects");
        case null -> {}
      }
    } catch (IOException e) {
      agent.tell(new CourierReport.Ended(String.valueOf(e.getMessage()), false));
    }
  }

  private void enrol(CourierOrder.Enrol order) throws IOException {
    HostKey key = HostKey.make();
    try (FleetClient client =
        FleetClient.stranger(new FleetClient.Relay(order.server(), relay), order.authority())) {
      Enrolment.Reply reply = client.enrol(order.secret(), key, order.inventory());
      agent.tell(
          new CourierReport.Enrolled(
              Octets.of(FleetCodec.encode(reply)), Octets.of(key.key().getEncoded())));
    }
  }

  private void serve(CourierOrder.Connect order) throws IOException, WireException {
    FleetClient.Credentials own =
        new FleetClient.Credentials(HostKey.read(order.key()), order.certificates());
    renewAt = halfOf(order.certificates());
    try (FleetClient client =
            FleetClient.host(new FleetClient.Relay(order.server(), relay), order.authority(), own);
        ScheduledExecutorService renewals =
            Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("renewal").daemon().factory())) {
      FleetClient.Link link = client.connect(new Ears());
      var _ =
          renewals.scheduleWithFixedDelay(
              () -> renew(link), FIRST_LOOK.toSeconds(), LOOK.toSeconds(), TimeUnit.SECONDS);
      carry(link);
      renewals.shutdownNow();
    }
  }

  /// Sends what the agent says, as fast as the server takes it, until the agent ends this.
  private void carry(FleetClient.Link link) throws WireException {
    try {
      for (Optional<CourierOrder> next = agent.next(); next.isPresent(); next = agent.next()) {
        if (!(next.get() instanceof CourierOrder.Send(var message))) {
          throw new WireException("one connection for each courier");
        }
        if (!link.send(message.toArray())) {
          link.awaitReady();
        }
      }
      link.end();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  // ---- certificates

  /// When half of the time of a host's certificate is over.
  private static Instant halfOf(List<Octets> certificates) throws IOException {
    X509Certificate own = FleetTrust.read(certificates).getFirst();
    Instant begin = own.getNotBefore().toInstant();
    return begin.plus(Duration.between(begin, own.getNotAfter().toInstant()).dividedBy(2));
  }

  private void renew(FleetClient.Link link) {
    if (clock.instant().isBefore(renewAt)) {
      return;
    }
    HostKey fresh = HostKey.make();
    synchronized (this) {
      asked = fresh;
    }
    link.send(FleetCodec.encode(new HostMessage.Renewal(fresh.request())));
  }

  private void renewed(List<Octets> certificates) {
    HostKey key;
    synchronized (this) {
      key = asked;
      asked = null;
    }
    if (key == null) {
      return; // Nobody asked.
    }
    try {
      renewAt = halfOf(certificates);
      agent.tell(new CourierReport.Renewed(Octets.of(key.key().getEncoded()), certificates));
    } catch (IOException _) {
      // It is asked for again.
    }
  }

  /// Passes on what the server says.
  private final class Ears implements FleetClient.Listener {
    @Override
    public void heard(byte[] message) {
      try {
        if (FleetCodec.decodeToHost(ByteBuffer.wrap(message))
            instanceof FleetMessage.Certificates(var certificates)) {
          renewed(certificates);
          return;
        }
      } catch (WireException _) {
        // The agent finds out, and says so.
      }
      agent.tell(new CourierReport.Heard(Octets.of(message)));
    }

    @Override
    public void ended(String why, boolean isForGood) {
      agent.tell(new CourierReport.Ended(why, isForGood));
    }
  }
}
