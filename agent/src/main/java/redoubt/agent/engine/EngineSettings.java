package redoubt.agent.engine;

import java.nio.file.Path;
import java.time.Duration;
import java.util.function.LongSupplier;
import redoubt.agent.confinement.EngineUsers;
import redoubt.agent.decision.DecisionLimits;

/// What every engine gets alike.
///
/// @param socketDirectory where each engine's socket is made
/// @param firstUid the user id of the engine in slot 0; those that follow are the others', see
///   [#uid]
/// @param softDeadline how long a verdict is waited for
/// @param helloLimit how long an engine has from its start to its hello
/// @param agentVersion what engines are told
/// @param javaHome the Java that engines of the `java` runtime see
/// @param installation where Redoubt's modules and programs are
/// @param group the name of the control groups' common room
/// @param provenanceGeneration counts changes of what is known of where files come from
public record EngineSettings(
    Path socketDirectory,
    int firstUid,
    Duration softDeadline,
    Duration helloLimit,
    String agentVersion,
    Path javaHome,
    Path installation,
    String group,
    LongSupplier provenanceGeneration) {
  /// The name of [#filter].
  public static final String FILTER = "system-calls.bpf";

  private static final Duration LEAST_HELLO_LIMIT = Duration.ofSeconds(1);
  private static final Duration MOST_HELLO_LIMIT = Duration.ofMinutes(10);

  /// Checks what an owner wants engines to have from their start to their hello.
  ///
  /// @throws IllegalArgumentException if that is less than a second or more than ten minutes
  public static void requireHelloLimit(Duration limit) {
    if (limit.compareTo(LEAST_HELLO_LIMIT) < 0 || limit.compareTo(MOST_HELLO_LIMIT) > 0) {
      throw new IllegalArgumentException(
          "hello limit must be 1000 to 600000 ms: helloLimitMillis=" + limit.toMillis());
    }
  }

  /// The file with the filter of system calls, which the spawner hands to each engine.
  public Path filter() {
    return socketDirectory.resolve(FILTER);
  }

  /// The user id of an engine's processes in the first or the second of its places: behind those of
  /// all slots are their relays', those of engines that are tried, and then the second ones.
  int uid(int slot, boolean second) {
    return firstUid + slot + (second ? 2 * DecisionLimits.ENGINES + EngineUsers.TRIERS : 0);
  }

  /// The user id of the relays of such a process.
  int relayUid(int slot, boolean second) {
    return uid(slot, second) + DecisionLimits.ENGINES;
  }

  /// How long an engine has from its start to its hello where the owner says nothing else.
  public static final Duration HELLO_LIMIT = Duration.ofSeconds(10);

  /// How many times as long it then has until it is ready, content included.
  private static final int READY_TIMES = 6;

  /// How long an engine has from its hello to its being ready, content included.
  Duration readyLimit() {
    return helloLimit.multipliedBy(READY_TIMES);
  }

  /// How long a demoted engine may be silent before it is started again.
  static final Duration SILENCE_LIMIT = Duration.ofSeconds(30);
}
