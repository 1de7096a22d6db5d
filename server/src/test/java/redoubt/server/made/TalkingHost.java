package redoubt.server.made;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import redoubt.core.wire.ActivationLease;
import redoubt.core.wire.BundleName;
import redoubt.core.wire.Enrolment;
import redoubt.core.wire.EnrolmentToken;
import redoubt.core.wire.FleetCodec;
import redoubt.core.wire.FleetMessage;
import redoubt.core.wire.HostInventory;
import redoubt.core.wire.HostMessage;
import redoubt.courier.FleetClient;
import redoubt.courier.HostKey;

/// A host that does as it is told, with the courier's own client. Thread-safe.
public final class TalkingHost {
  private static final int USUAL_SOAK_SECONDS = 120;
  private static final int ASK_AGAIN_SECONDS = 60;
  private static final HostMessage.Heartbeat BEAT =
      new HostMessage.Heartbeat(HostMessage.State.ENFORCING, 1, 0, 0, 0, 0, 0);

  private final String name;
  private final int soakSeconds;
  private final EnrolmentToken token;
  private final HostKey key;
  private final Enrolment.Reply reply;
  private final Random random = new Random(1);
  private final List<ActivationLease> leases = new ArrayList<>();
  private final List<String> did = new ArrayList<>();
  private final List<FleetMessage.Command> commands = new ArrayList<>();
  private final List<FleetMessage.Policy> policies = new ArrayList<>();
  private final List<FleetMessage.PartKept> parts = new ArrayList<>();
  private @Nullable FleetClient client;
  private FleetClient.@Nullable Link link;
  private @Nullable Listening listening;
  private @Nullable BundleName offered;
  private long nonce;
  private long startedSeconds;
  private long askedSeconds;
  private long now;
  private boolean isBad;
  private boolean runs;
  private boolean hasConfirmed;
  private boolean isToComeBack;
  private int endings;
  private long kept;
  private Optional<FleetMessage.Reason> refusal = Optional.empty();

  private TalkingHost(
      String name, int soakSeconds, EnrolmentToken token, HostKey key, Enrolment.Reply reply) {
    this.name = name;
    this.soakSeconds = soakSeconds;
    this.token = token;
    this.key = key;
    this.reply = reply;
  }

  static TalkingHost enrolled(int port, EnrolmentToken token, String name) throws Exception {
    return enrolled(port, token, name, USUAL_SOAK_SECONDS);
  }

  /// Takes one in.
  ///
  /// @param soakSeconds how long it runs what it is given before it says that it is well
  public static TalkingHost enrolled(int port, EnrolmentToken token, String name, int soakSeconds)
      throws Exception {
    HostKey key = HostKey.make();
    try (FleetClient stranger = FleetClient.stranger(address(port), token.authority())) {
      return new TalkingHost(
          name, soakSeconds, token, key, stranger.enrol(token.secret(), key, inventory(name)));
    }
  }

  private static FleetClient.Address address(int port) {
    return new FleetClient.Address("127.0.0.1", port);
  }

  private static HostInventory inventory(String name) {
    return new HostInventory(name, "Debian", "6.1", "x86_64", "", 2, 4_000, "0.1.0");
  }

  /// Who it is in the fleet.
  public String id() {
    return reply.host().toString();
  }

  /// With whatever comes from now on, this host is not well.
  public synchronized void becomeBad() {
    isBad = true;
  }

  /// Whether it runs what was rolled out.
  public synchronized boolean runs() {
    return runs;
  }

  /// What it did, in order: `started`, `confirmed`, `rolled back`.
  public synchronized List<String> did() {
    return List.copyOf(did);
  }

  /// What it was told to do, each time that it was.
  public synchronized List<FleetMessage.Command> commands() {
    return List.copyOf(commands);
  }

  /// What may run on it, each time that it was told.
  public synchronized List<FleetMessage.Policy> policies() {
    return List.copyOf(policies);
  }

  /// What it was told of parts that it brought.
  public synchronized List<FleetMessage.PartKept> parts() {
    return List.copyOf(parts);
  }

  /// Before which of its lines all are kept, as it was told.
  public synchronized long kept() {
    return kept;
  }

  /// How often the server has ended its connection.
  public synchronized int endings() {
    return endings;
  }

  /// The leases that it used.
  public synchronized List<ActivationLease> leases() {
    return List.copyOf(leases);
  }

  /// Why it got no lease last.
  public synchronized Optional<FleetMessage.Reason> refusal() {
    return refusal;
  }

  @Override
  public synchronized String toString() {
    return name + " did=" + did + " leases=" + leases + " refusal=" + refusal;
  }

  /// Comes in.
  public synchronized void connect(int port) throws Exception {
    disconnect();
    client =
        FleetClient.host(
            address(port),
            token.authority(),
            new FleetClient.Credentials(key.key(), reply.certificates()));
    listening = new Listening();
    link = client.connect(listening);
    say(new HostMessage.Hello(1, inventory(name), "boot", leases.size(), 0));
    if (runs) {
      say(activation(hasConfirmed ? HostMessage.Step.CONFIRMED : HostMessage.Step.STARTED));
    }
  }

  /// Its connection ends.
  public synchronized void disconnect() {
    if (link != null) {
      link.end();
    }
    if (client != null) {
      client.close();
    }
    link = null;
    client = null;
    listening = null;
    isToComeBack = false;
  }

  /// Comes in again if the server has ended its connection, unless that was for good.
  void comeBack(int port) throws Exception {
    boolean comes;
    synchronized (this) {
      comes = isToComeBack;
    }
    if (comes) {
      connect(port);
    }
  }

  /// Says something.
  public synchronized void say(HostMessage message) {
    if (link != null) {
      link.send(FleetCodec.encode(message));
    }
  }

  /// Some time has passed.
  public synchronized void live(long seconds) {
    now = seconds;
    say(BEAT);
    if (offered != null && did.isEmpty() && now - askedSeconds >= ASK_AGAIN_SECONDS) {
      ask(offered);
    }
    if (runs && !hasConfirmed && now - startedSeconds >= soakSeconds) {
      hasConfirmed = true;
      did.add("confirmed");
      say(activation(HostMessage.Step.CONFIRMED));
    }
  }

  /// As real hosts do, again and again until there is a lease.
  private void ask(BundleName bundle) {
    if (!runs) {
      askedSeconds = now;
      nonce = random.nextLong();
      say(new HostMessage.LeaseRequest(bundle, nonce));
    }
  }

  private HostMessage.Activation activation(HostMessage.Step step) {
    if (offered == null) {
      throw new IllegalStateException("nothing was offered");
    }
    return new HostMessage.Activation(
        offered, Math.max(1, leases.isEmpty() ? 1 : leases.getLast().counter()), step, "");
  }

  /// One connection: what comes of one that is over already counts for nothing.
  private final class Listening implements FleetClient.Listener {
    @Override
    public void heard(byte[] message) {
      synchronized (TalkingHost.this) {
        if (this == listening) {
          try {
            take(FleetCodec.decodeToHost(ByteBuffer.wrap(message)));
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        }
      }
    }

    @Override
    public void ended(String why, boolean isForGood) {
      synchronized (TalkingHost.this) {
        if (this == listening) {
          endings++;
          isToComeBack = !isForGood;
        }
      }
    }
  }

  private void take(FleetMessage message) throws Exception {
    switch (message) {
      case FleetMessage.Offer(var bundle) -> {
        offered = bundle;
        ask(bundle);
      }
      case FleetMessage.LeaseGrant(var bytes, _) ->
          granted(FleetCodec.decodeLease(ByteBuffer.wrap(bytes.toArray())));
      case FleetMessage.Command command -> commands.add(command);
      case FleetMessage.Policy policy -> policies.add(policy);
      case FleetMessage.PartKept part -> parts.add(part);
      case FleetMessage.RecordsKept(var before) -> kept = before;
      case FleetMessage.LeaseRefusal(_, var reason) -> refusal = Optional.of(reason);
      case FleetMessage.RollBack(var bundle, _) -> {
        offered = bundle;
        rollBack();
      }
      default -> {
        // Nothing about updates.
      }
    }
  }

  private void granted(ActivationLease lease) {
    if (lease.nonce() != nonce || runs) {
      return;
    }
    leases.add(lease);
    runs = true;
    hasConfirmed = false;
    startedSeconds = now;
    did.add("started");
    say(activation(HostMessage.Step.STARTED));
    if (isBad) {
      rollBack();
    }
  }

  private void rollBack() {
    if (runs) {
      did.add("rolled back");
    }
    runs = false;
    say(activation(HostMessage.Step.ROLLED_BACK));
  }
}
