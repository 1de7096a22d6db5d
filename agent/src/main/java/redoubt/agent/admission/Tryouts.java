package redoubt.agent.admission;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import redoubt.agent.confinement.Spawner;
import redoubt.agent.health.TimeSource;
import redoubt.agent.process.SelfProcesses;

/// Where and as whom engines are tried, one at a time. Thread-safe.
public final class Tryouts {
  private final Spawner spawner;
  private final Place place;
  private final SelfProcesses self;
  private final TimeSource time;

  /// Whoever has it tries.
  private final ReentrantLock turn = new ReentrantLock(true);

  /// @param self is told which processes are ours
  public Tryouts(Spawner spawner, Place place, SelfProcesses self, TimeSource time) {
    this.spawner = spawner;
    this.place = place;
    this.self = self;
    this.time = time;
  }

  /// Where and as whom.
  ///
  /// @param directory for sockets and pipes; only this user may write there
  /// @param home the installation
  /// @param javaHome the Java that engines of the `java` runtime see
  /// @param group the name of their control groups
  /// @param uid the user id that is theirs
  /// @param agentVersion what engines are told
  /// @param helloLimit how long an engine may take from its start to its hello, in time of
  ///   processors
  public record Place(
      Path directory,
      Path home,
      Path javaHome,
      String group,
      int uid,
      String agentVersion,
      Duration helloLimit) {}

  Spawner spawner() {
    return spawner;
  }

  Place place() {
    return place;
  }

  SelfProcesses self() {
    return self;
  }

  TimeSource time() {
    return time;
  }

  /// Whose turn it is.
  ReentrantLock turn() {
    return turn;
  }
}
