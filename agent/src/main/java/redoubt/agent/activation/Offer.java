package redoubt.agent.activation;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import redoubt.core.content.BundleFile;
import redoubt.core.content.ContentException;
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

  /// Opens the bundle, of which nothing but its manifest is read.
  ///
  /// @throws RefusedException if it is another one than its name says
  /// @throws ContentException if it is none
  /// @throws IOException if it cannot be read
  public BundleFile open() throws IOException, ContentException, RefusedException {
    BundleFile bundle = BundleFile.open(file);
    String is = bundle.manifest().target();
    if (!target.orElse(is).equals(is)) {
      throw new RefusedException(
          "it is another one than its name says: target=" + target.get() + " is=" + is);
    }
    return bundle;
  }

  /// One that nobody vouches for but the owner.
  ///
  /// @param uid the owner's user
  public static Offer unsigned(Path file, int uid) {
    return new Offer(file, Optional.empty(), "on its owner's word alone: uid=" + uid);
  }

  /// As [#signed], where the host's fleet wants it.
  public static Offer ofFleet(Path file, String target, String repository) {
    return new Offer(
        file,
        Optional.of(target),
        "for its fleet, signed by its vendor and a trial runner: repository=" + repository);
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
