package redoubt.testing.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import redoubt.core.model.Octets;
import redoubt.core.wire.Enrolment;
import redoubt.core.wire.EnrolmentToken;
import redoubt.core.wire.FleetCodec;
import redoubt.core.wire.FleetMessage;
import redoubt.core.wire.HostInventory;
import redoubt.core.wire.HostMessage;
import redoubt.courier.FleetClient;
import redoubt.courier.HostKey;

/// One host of many, with the courier's own client. Thread-safe.
final class LoadHost implements FleetClient.Listener {
  private static final Octets LINE =
      Octets.of("{\"class_uid\":0}".getBytes(StandardCharsets.US_ASCII));

  private final FleetClient.Way way;
  private final EnrolmentToken token;
  private final HostKey key;
  private final Enrolment.Reply reply;
  private final HostInventory inventory;
  private final CountDownLatch welcome = new CountDownLatch(1);
  private Runnable onWelcome = () -> {};
  private volatile long welcomedNanos;
  private volatile String ended = "";
  private @Nullable FleetClient client;
  private FleetClient.@Nullable Link link;
  private long number;
  private long kept;

  private LoadHost(
      FleetClient.Way way,
      EnrolmentToken token,
      HostKey key,
      Enrolment.Reply reply,
      HostInventory inventory) {
    this.way = way;
    this.token = token;
    this.key = key;
    this.reply = reply;
    this.inventory = inventory;
  }

  /// Takes one in.
  static LoadHost enrolled(String address, int port, String token, String name) throws IOException {
    HostKey key = HostKey.make();
    EnrolmentToken parsed = EnrolmentToken.parse(token);
    FleetClient.Way way = new FleetClient.Address(address, port);
    HostInventory inventory =
        new HostInventory(name, "Debian", "6.1.0-40", "x86_64", "Model", 8, 16_000, "0.1.0");
    try (FleetClient stranger = FleetClient.stranger(way, parsed.authority())) {
      return new LoadHost(
          way, parsed, key, stranger.enrol(parsed.secret(), key, inventory), inventory);
    }
  }

  /// Comes in.
  ///
  /// @param then is run when it is welcome
  synchronized void connect(Runnable then) throws IOException {
    onWelcome = then;
    // Held: whoever lets go of one without closing it is told so, at length.
    client =
        FleetClient.host(
            way, token.authority(), new FleetClient.Credentials(key.key(), reply.certificates()));
    link = client.connect(this);
    say(new HostMessage.Hello(1, inventory, "boot", 0, 0));
  }

  void awaitWelcome() throws InterruptedException {
    if (!welcome.await(FleetLoad.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      throw new IllegalStateException("not welcome: " + ended);
    }
  }

  /// When it was.
  long welcomed() {
    return welcomedNanos;
  }

  /// Says something.
  void say(HostMessage message) {
    if (link == null) {
      throw new IllegalStateException("it has not come in");
    }
    link.send(FleetCodec.encode(message));
  }

  /// Says all of it, and a line of its journal, and waits until that is on disk: the server answers
  /// nothing else, and when it does all before it is dealt with.
  ///
  /// @return how long that took, in nanoseconds
  long ask(List<HostMessage> messages) throws InterruptedException {
    long began = System.nanoTime();
    synchronized (this) {
      messages.forEach(this::say);
      keep(List.of(LINE));
    }
    return System.nanoTime() - began;
  }

  /// Sends lines, and waits until they are kept.
  synchronized void keep(List<Octets> lines) throws InterruptedException {
    kept = -1;
    say(new HostMessage.Records(number, lines));
    number += lines.size();
    awaitKept(number);
  }

  private void awaitKept(long before) throws InterruptedException {
    long end = System.nanoTime() + FleetLoad.PATIENCE.toNanos();
    while (kept < before) {
      if (!ended.isEmpty() || System.nanoTime() - end > 0) {
        throw new IllegalStateException("no answer: " + ended);
      }
      TimeUnit.NANOSECONDS.timedWait(this, TimeUnit.SECONDS.toNanos(1));
    }
  }

  @Override
  public void heard(byte[] bytes) {
    try {
      switch (FleetCodec.decodeToHost(ByteBuffer.wrap(bytes))) {
        case FleetMessage.Welcome _ -> {
          welcomedNanos = System.nanoTime();
          welcome.countDown();
          onWelcome.run();
        }
        case FleetMessage.RecordsKept(var before) -> {
          synchronized (this) {
            kept = before;
            notifyAll();
          }
        }
        default -> {
          // Nothing that is asked for here.
        }
      }
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void ended(String why, boolean isForGood) {
    ended = why.isEmpty() ? "ended" : why;
    System.err.println("fleet-bench: a host lost its connection: " + ended);
  }
}
