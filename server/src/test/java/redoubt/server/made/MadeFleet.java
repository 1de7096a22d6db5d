package redoubt.server.made;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import redoubt.core.wire.BundleName;
import redoubt.core.wire.EnrolmentToken;
import redoubt.fleet.rollout.Channel;
import redoubt.fleet.rollout.DeviceClass;
import redoubt.fleet.rollout.OwnerOrder;
import redoubt.fleet.rollout.RolloutStatus;
import redoubt.fleet.serving.ServerSettings;
import redoubt.server.FleetServer;
import redoubt.server.rollouts.RolloutDesk;
import redoubt.server.store.TokenTerms;

/// A whole server and hosts that talk with it over real TLS, in a time that is made.
public final class MadeFleet implements AutoCloseable {
  private static final int STEP_SECONDS = 5;
  private static final int STEP_MILLIS = 100;
  private static final int MOST_STEPS = 400;

  private final ServerSettings settings;
  private final HandTime clock = new HandTime();
  private final List<TalkingHost> hosts = new ArrayList<>();
  private FleetServer server;

  /// @param hosts how many there are, two at each site
  public MadeFleet(ServerSettings settings, int hosts) throws Exception {
    this.settings = settings;
    server = FleetServer.start(settings, clock, clock);
    for (int i = 0; i < hosts; i++) {
      EnrolmentToken token =
          server.makeToken(
              new TokenTerms(
                  "site-" + i / 2, DeviceClass.SERVER, Optional.empty(), Duration.ofHours(1)),
              "test");
      TalkingHost host = TalkingHost.enrolled(server.hostPort(), token, "host-" + i);
      this.hosts.add(host);
    }
    connect();
  }

  /// Every host comes in, those that are cut off and those that are not.
  public void connect() throws Exception {
    for (TalkingHost host : hosts) {
      host.connect(server.hostPort());
    }
  }

  /// The server that runs now.
  public FleetServer server() {
    return server;
  }

  /// What drives its rollouts.
  public RolloutDesk desk() {
    return server.rollouts();
  }

  /// Prepares and starts an urgent rollout.
  ///
  /// @return its id
  public int started(BundleName bundle, int soakSeconds) {
    int id = desk().prepare(bundle, Channel.EMERGENCY, soakSeconds, List.of(), "ada").entry().id();
    desk().order(id, new OwnerOrder.Start(), "bob");
    return id;
  }

  /// How one stands.
  public RolloutStatus status(int id) {
    return desk().find(id).orElseThrow().status().orElseThrow();
  }

  /// The hosts, by their numbers.
  public List<TalkingHost> hosts() {
    return hosts;
  }

  /// Ends the server and starts it again on what is on disk; the hosts come back.
  public void restart() throws Exception {
    hosts.forEach(TalkingHost::disconnect);
    server.close();
    server = FleetServer.start(settings, clock, clock);
    connect();
  }

  /// Lets time pass until something is so.
  ///
  /// @return whether it came to be so
  public boolean passUntil(BooleanSupplier isSo) throws Exception {
    for (int step = 0; step < MOST_STEPS; step++) {
      if (isSo.getAsBoolean()) {
        return true;
      }
      pass();
    }
    return isSo.getAsBoolean();
  }

  /// The time here.
  public Instant now() {
    return clock.instant();
  }

  /// Much time has passed at once.
  public void jump(int seconds) {
    clock.pass(seconds);
  }

  /// Lets some time pass.
  public void pass(int seconds) throws Exception {
    for (int passed = 0; passed < seconds; passed += STEP_SECONDS) {
      pass();
    }
  }

  private void pass() throws Exception {
    clock.pass(STEP_SECONDS);
    for (TalkingHost host : hosts) {
      host.comeBack(server.hostPort());
      host.live(clock.instant().getEpochSecond());
    }
    Thread.sleep(STEP_MILLIS);
  }

  /// How its rollouts stand and what its hosts have done, for whoever asks why.
  @Override
  public String toString() {
    return desk().list() + " hosts: " + hosts;
  }

  @Override
  public void close() {
    hosts.forEach(TalkingHost::disconnect);
    server.close();
  }
}
