package redoubt.testing.conformance;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a run is about.
///
/// @param command the engine and its arguments
/// @param content a file of content that the engine must take; null to make a hash list
/// @param badContent a file of content that the engine must refuse; null for one made up
/// @param seed of everything random
/// @param fuzzInputs how many malformed inputs are tried
/// @param patienceMillis how long is waited for an answer or an end that has to come, however late
record Settings(
    List<String> command,
    @Nullable Path content,
    @Nullable Path badContent,
    long seed,
    int fuzzInputs,
    int patienceMillis) {
  /// From the engine's start to its Hello.
  static final int HELLO_MILLIS = 10_000;

  /// From Hello to Ready.
  static final int READY_MILLIS = 60_000;

  /// How long is listened for what must not come.
  static final int SILENCE_MILLIS = 200;

  /// The soft deadline that the kit promises, the agent's default.
  static final int DEADLINE_MILLIS = 250;

  Settings {
    command = List.copyOf(command);
  }
}
