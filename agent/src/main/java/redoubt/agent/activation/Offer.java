package redoubt.agent.activation;

import java.nio.file.Path;
import java.util.Optional;
import redoubt.core.content.life.Release;
import redoubt.core.model.EngineId;

/// A bundle that somebody wants in force.
///
/// @param file where it lies
/// @param target which one it must be, by its path in a repository; empty for any
/// @param origin on whose word it is taken, in words
public record Offer(Path file, Optional<String> target, String origin) {
  /// What was taken.
  ///
  /// @param engine the engine that it is for
  public record Taken(EngineId engine, Release release) {}

  /// One that nobody vouches for but the owner.
  ///
  /// @param uid the owner's user
  public static Offer unsigned(Path file, int uid) {
    return new Offer(file, Optional.empty(), "on its owner's word alone: uid=" + uid);
  }

  /// One that its vendor and a trial runner vouch for.
  ///
  /// @param repository what the owner calls the repository that it is from
  public static Offer signed(Path file, String target, String repository) {
    return new Offer(
        file,
        Optional.of(target),
        "signed by its vendor and a trial runner: repository=" + repository);
  }
}
