package redoubt.server.made;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import redoubt.core.model.EngineId;
import redoubt.core.model.Sha256;
import redoubt.core.wire.BundleName;
import redoubt.fleet.rollout.Channel;
import redoubt.fleet.rollout.OwnerOrder;
import redoubt.fleet.rollout.RolloutStatus;
import redoubt.server.FleetServer;
import redoubt.server.plane.HostPlane;
import redoubt.server.rollouts.RolloutDesk;
import redoubt.server.rollouts.RolloutView;

/// A server in a process of its own, which goes on with what is in its folder, or begins a rollout
/// there, and says five times a second how that is, until it is killed.
public final class ServerToBeKilled {
  /// How long a host runs what is rolled out before it counts as well.
  public static final int SOAK_SECONDS = 2;

  private static final int LOOK_MILLIS = 200;

  private ServerToBeKilled() {}

  /// The bundle that it rolls out.
  public static BundleName bundle() {
    return new BundleName("acme", new EngineId("sigma"), "rules", 7, Sha256.ofText("rules"));
  }

  /// Goes on until it is killed.
  ///
  /// @param arguments the folder, the port for hosts, and `start` if a rollout is to be begun
  public static void main(String... arguments) throws Exception {
    InetAddress here = InetAddress.getLoopbackAddress();
    FleetServer server =
        FleetServer.start(
            Path.of(arguments[0]),
            new HostPlane.Place(
                new InetSocketAddress(here, Integer.parseInt(arguments[1])),
                List.of("127.0.0.1"),
                30),
            new InetSocketAddress(here, 0),
            InstantSource.system());
    RolloutDesk desk = server.rollouts();
    if (arguments[2].equals("start")) {
      if (desk.list().isEmpty()) {
        desk.prepare(bundle(), Channel.EMERGENCY, SOAK_SECONDS, "ada");
      }
      RolloutView rollout = desk.list().getFirst();
      if (rollout.status().filter(status -> !status.running()).isPresent()) {
        desk.order(rollout.entry().id(), new OwnerOrder.Start(), "bob");
      }
    }
    while (true) {
      List<RolloutView> all = desk.list();
      RolloutStatus status =
          all.isEmpty() ? null : all.getFirst().status().orElseThrow(IllegalStateException::new);
      System.out.println(
          status == null
              ? "0 0 " + server.audit().firstBroken().isEmpty()
              : status.exposed()
                  + " "
                  + status.healthy()
                  + " "
                  + server.audit().firstBroken().isEmpty());
      Thread.sleep(LOOK_MILLIS);
    }
  }
}
