package redoubt.agent.slot;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import redoubt.agent.confinement.Spawner;
import redoubt.core.content.BundleFile;
import redoubt.core.content.ContentException;
import redoubt.core.content.FileDigest;
import redoubt.core.disk.FolderTree;

/// Tries a release of the platform as a host does that is to take it, without a host: for trial
/// runners and vendors. Stateless; root alone can.
public final class ReleaseTrial {
  private static final Duration END_LIMIT = Duration.ofSeconds(5);

  private ReleaseTrial() {}

  /// Makes it ready in a folder that is thrown away, and has it protect a file system of its own.
  /// Takes a minute or two.
  ///
  /// @param home the installation whose programs do it
  /// @return why no host would run it; empty if hosts like this one would
  /// @throws IOException if it could not be tried
  public static Optional<String> run(BundleFile bundle, Path home) throws IOException {
    Path directory = Files.createTempDirectory("redoubt-release-");
    try {
      Spawner spawner = Spawner.open(home.resolve("libexec/redoubt-spawner"), directory);
      try {
        run(bundle, home, directory, spawner);
        return Optional.empty();
      } finally {
        spawner.close();
        // It makes and removes a pipe there when it begins.
        spawner.awaitEnd(END_LIMIT);
      }
    } catch (ReleaseRefusedException | ContentException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } finally {
      FolderTree.delete(directory);
    }
  }

  private static void run(BundleFile bundle, Path home, Path directory, Spawner spawner)
      throws IOException, ReleaseRefusedException, ContentException {
    Path archive = directory.resolve("archive.tar");
    try (FileChannel out =
        FileChannel.open(archive, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      bundle.copyContentTo(out);
    }
    SlotMaker maker =
        new SpawnedSlotMaker(
            spawner, home.resolve("libexec/redoubt-slot"), directory.resolve("output"));
    Path tree = directory.resolve("tree");
    maker.make(archive, tree, FileDigest.of(bundle.file()));
    maker.tryOut(tree);
  }
}
