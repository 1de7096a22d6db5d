package redoubt.server.made;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import redoubt.core.model.EngineId;
import redoubt.core.model.Sha256;
import redoubt.core.wire.BundleName;
import redoubt.fleet.rollout.Channel;
import redoubt.fleet.rollout.OwnerOrder;
import redoubt.fleet.rollout.RolloutStatus;
import redoubt.fleet.serving.DatabaseAddress;
import redoubt.server.FleetServer;
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
  /// @param arguments the folder, the port for hosts; then its database, if it is none in the
  ///   folder, and the password of that
  public static void main(String... arguments) throws Exception {
    Optional<DatabaseAddress> database =
        arguments.length == 2
            ? Optional.empty()
            : Optional.of(DatabaseAddress.parse(arguments[2]).withPassword(arguments[3]));
    FleetServer server =
        FleetServer.start(
            Storage.settings(
                Path.of(arguments[0]), Integer.parseInt(arguments[1]), "127.0.0.1", database));
    RolloutDesk desk = server.rollouts();
    if (desk.list().isEmpty()) {
      desk.prepare(bundle(), Channel.EMERGENCY, SOAK_SECONDS, List.of(), "ada");
    }
    RolloutView rollout = desk.list().getFirst();
    if (rollout.status().filter(status -> !status.running()).isPresent()) {
      desk.order(rollout.entry().id(), new OwnerOrder.Start(), "bob");
    }
    while (true) {
      RolloutStatus status = desk.list().getFirst().status().orElseThrow();
      System.out.println(
          status.exposed() + " " + status.healthy() + " " + server.audit().firstBroken().isEmpty());
      Thread.sleep(LOOK_MILLIS);
    }
  }
}
