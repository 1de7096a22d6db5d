package redoubt.agent.fleet;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import redoubt.agent.health.Notices;
import redoubt.core.model.Octets;
import redoubt.core.model.PlatformNotice;
import redoubt.core.wire.CourierOrder;
import redoubt.core.wire.CourierReport;
import redoubt.core.wire.FleetCodec;
import redoubt.core.wire.FleetMessage;
import redoubt.core.wire.HostMessage;
import redoubt.core.wire.WireException;

/// The connection of this host to its fleet's server, kept up as long as it is a member.
///
/// One thread runs [#run], and has a second one while the connection stands, which sends; [#close]
/// may come from any.
final class FleetLink implements AutoCloseable {
  /// With every how many heartbeats the server is told of the engines.
  private static final int BEATS_A_REPORT = 5;

  private static final int PROTOCOL_VERSION = 1;

  private static final Duration LEAST_PAUSE = Duration.ofSeconds(5);
  private static final Duration MOST_PAUSE = Duration.ofMinutes(5);

  /// What a connection has to last for the next pause to be short again.
  private static final Duration LASTING = Duration.ofMinutes(2);

  /// How long news of the journal waits at most.
  private static final long LOOK_NANOS = 1_000_000_000L;

  private final CourierHome home;
  private final MembershipFile file;
  private final RecordQueue records;
  private final LeaseBook leases;
  private final HostView view;
  private final UpdateOrders updates;
  private final PolicyOrders policies;
  private final CommandQueue commands;
  private final Notices notices;
  private final Semaphore awake = new Semaphore(0);
  private KeptMembership kept;
  private volatile boolean stopping;
  private volatile boolean isConnected;
  private volatile String problem = "";
  private volatile @Nullable CourierProcess courier;
  private Duration pause = LEAST_PAUSE;

  FleetLink(
      CourierHome home,
      MembershipFile file,
      KeptMembership kept,
      RecordQueue records,
      LeaseBook leases,
      HostView view,
      UpdateOrders updates,
      PolicyOrders policies,
      CommandQueue commands,
      Notices notices) {
    this.home = home;
    this.file = file;
    this.kept = kept;
    this.records = records;
    this.leases = leases;
    this.view = view;
    this.updates = updates;
    this.policies = policies;
    this.commands = commands;
    this.notices = notices;
  }

  /// Whether the server has welcomed this host on a connection that stands.
  boolean isConnected() {
    return isConnected;
  }

  /// Why there is no connection, for people; empty while there is one.
  String problem() {
    return problem;
  }

  /// Connects, again and again, until [#close].
  void run() {
    while (!stopping) {
      long began = System.nanoTime();
      Optional<CourierReport.Ended> ended;
      try (CourierProcess started = CourierProcess.start(home, kept.place())) {
        courier = started;
        if (stopping) {
          return;
        }
        records.sendAgain();
        started.order(
            new CourierOrder.Connect(
                kept.place().name(), kept.place().authority(), kept.key(), kept.certificates()));
        say(started, hello());
        ended = hear(started);
      } catch (IOException e) {
        ended = Optional.of(new CourierReport.Ended(String.valueOf(e.getMessage()), false));
      } finally {
        courier = null;
      }
      if (stopping) {
        return;
      }
      if (ended.isPresent()) {
        lost(ended.get().why());
        boolean lasted = System.nanoTime() - began > LASTING.toNanos();
        pause = lasted ? LEAST_PAUSE : pause.multipliedBy(2);
        if (ended.get().isForGood() || pause.compareTo(MOST_PAUSE) > 0) {
          pause = MOST_PAUSE;
        }
        rest();
      }
    }
  }

  private void lost(String why) {
    boolean isNews = isConnected || problem.isEmpty();
    isConnected = false;
    problem = why;
    if (isNews) {
      notices.report(
          PlatformNotice.Kind.FLEET, kept.place().address(), "not connected to the fleet: " + why);
    }
  }

  private void rest() {
    try {
      // Not all hosts of a fleet at once.
      long jitter = (long) (pause.toMillis() * (0.5 + Math.random() / 2));
      var _ = awake.tryAcquire(jitter, TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      stopping = true;
    }
  }

  private HostMessage hello() {
    return new HostMessage.Hello(
        PROTOCOL_VERSION, view.inventory().get(), view.bootId(), leases.counter(), records.first());
  }

  private static void say(CourierProcess courier, HostMessage message) throws IOException {
    courier.order(new CourierOrder.Send(Octets.of(FleetCodec.encode(message))));
  }

  /// Takes what comes until the connection ends.
  ///
  /// @return how it ended; nothing if it is to be made anew at once, with another certificate
  private Optional<CourierReport.Ended> hear(CourierProcess from) throws IOException {
    Sender sender = null;
    try {
      while (true) {
        switch (from.next().orElseThrow(() -> new IOException("the courier has ended"))) {
          case CourierReport.Ended ended -> {
            return Optional.of(ended);
          }
          case CourierReport.Renewed(var key, var certificates) -> {
            kept = kept.with(key, certificates);
            file.write(kept);
            return Optional.empty();
          }
          case CourierReport.Heard(var message) -> {
            FleetMessage heard = read(message);
            if (heard instanceof FleetMessage.Welcome(_, int seconds)) {
              if (sender == null) {
                sender = new Sender(from, Duration.ofSeconds(seconds));
                welcomed();
              }
            } else {
              take(heard);
              Optional.ofNullable(sender).ifPresent(Sender::wake);
            }
          }
          case CourierReport.Enrolled _ ->
              throw new IOException("the courier broke its protocol: it was to connect");
        }
      }
    } finally {
      if (sender != null) {
        sender.end();
      }
    }
  }

  private static FleetMessage read(Octets message) throws IOException {
    try {
      return FleetCodec.decodeToHost(ByteBuffer.wrap(message.toArray()));
    } catch (WireException e) {
      throw new IOException("the server speaks otherwise: " + e.getMessage(), e);
    }
  }

  private void welcomed() {
    isConnected = true;
    problem = "";
    notices.report(
        PlatformNotice.Kind.FLEET,
        kept.place().address(),
        "connected to the fleet: host=" + kept.own().host());
    updates.connected();
  }

  /// Says something, if there is a connection: what matters is said again on the next one.
  void say(HostMessage message) {
    CourierProcess running = courier;
    if (running != null && isConnected) {
      try {
        say(running, message);
      } catch (IOException _) {
        // Whoever hears is told that it has ended.
        running.cut();
      }
    }
  }

  private void take(FleetMessage message) throws IOException {
    switch (message) {
      case FleetMessage.RecordsKept(long next) -> records.kept(next);
      case FleetMessage.Command command -> commands.take(command);
      case FleetMessage.PartKept kept -> commands.kept(kept);
      case FleetMessage.Offer(var bundle) -> updates.offered(bundle);
      case FleetMessage.LeaseGrant grant -> granted(grant);
      case FleetMessage.LeaseRefusal(var bundle, var reason) -> updates.refused(bundle, reason);
      case FleetMessage.RollBack(var bundle, var reason) -> updates.rollBack(bundle, reason);
      case FleetMessage.Policy policy -> say(policies.take(policy));
      // The courier keeps those.
      case FleetMessage.Certificates _, FleetMessage.Welcome _ -> {}
    }
  }

  private void granted(FleetMessage.LeaseGrant grant) {
    try {
      // Whoever waits for it asks every few seconds.
      var _ = leases.take(grant);
    } catch (LeaseException e) {
      notices.report(
          PlatformNotice.Kind.FLEET,
          kept.place().address(),
          "a lease is as none: " + e.getMessage());
    }
  }

  /// Sends heartbeats and records while a connection stands.
  private final class Sender {
    private final CourierProcess to;
    private final Duration heartbeat;
    private final Thread thread;
    private volatile boolean ending;

    Sender(CourierProcess to, Duration heartbeat) {
      this.to = to;
      this.heartbeat = heartbeat;
      thread = Thread.ofPlatform().daemon().name("fleet-sender").start(this::run);
    }

    private void run() {
      try {
        long nextBeat = System.nanoTime();
        int beats = 0;
        while (!ending) {
          if (System.nanoTime() - nextBeat >= 0) {
            say(to, beat());
            if (beats++ % BEATS_A_REPORT == 0) {
              say(to, view.engines().get());
            }
            nextBeat = System.nanoTime() + heartbeat.toNanos();
          }
          Optional<HostMessage.Records> batch = records.next();
          if (batch.isPresent()) {
            say(to, batch.get());
          } else {
            LockSupport.parkNanos(LOOK_NANOS);
          }
        }
      } catch (IOException _) {
        // Whoever hears is told that it has ended.
        to.cut();
      }
    }

    /// There is room for more records.
    void wake() {
      LockSupport.unpark(thread);
    }

    private HostMessage.Heartbeat beat() {
      HostMessage.Heartbeat now = view.heartbeat().get();
      return new HostMessage.Heartbeat(
          now.state(),
          now.operations(),
          now.denials(),
          now.deadlineMisses(),
          now.engineFailures(),
          records.waiting(),
          records.lost());
    }

    void end() {
      ending = true;
      wake();
      try {
        thread.join();
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public void close() {
    stopping = true;
    CourierProcess running = courier;
    if (running != null) {
      try {
        say(running, new HostMessage.Goodbye());
      } catch (IOException _) {
        // It notices all the same.
      }
      running.cut();
    }
    awake.release();
  }
}
