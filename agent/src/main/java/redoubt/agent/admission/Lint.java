package redoubt.agent.admission;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.LongConsumer;
import redoubt.agent.confinement.EngineUsers;
import redoubt.agent.confinement.Spawner;
import redoubt.agent.engine.EngineSettings;
import redoubt.agent.health.TimeSource;
import redoubt.agent.process.SelfProcesses;
import redoubt.agent.registry.EngineManifest;
import redoubt.core.content.BundleFile;

/// Tries bundles where no agent runs: for whoever makes them, and before they are published.
/// Stateless.
public final class Lint {
  private static final Duration END_LIMIT = Duration.ofSeconds(2);

  private Lint() {}

  /// Tries a bundle as a host does that is to admit it. Needs root, since an engine is confined by
  /// namespaces and a user id of its own.
  ///
  /// @param home the installation
  /// @param progress takes how many vectors are done, now and then
  /// @throws IOException if the bundle cannot be read, or the engine not be started
  public static AdmissionReport run(
      BundleFile bundle, EngineManifest engine, Path home, LongConsumer progress)
      throws IOException {
    Path directory = Files.createTempDirectory("redoubt-lint-");
    Spawner spawner = Spawner.open(home.resolve("libexec/redoubt-spawner"), directory);
    try {
      Tryouts.Place place =
          new Tryouts.Place(
              directory,
              home,
              Path.of(System.getProperty("java.home")),
              "redoubt-lint-" + ProcessHandle.current().pid(),
              EngineUsers.LINTED,
              Lint.class.getModule().getDescriptor().rawVersion().orElse("unknown"),
              EngineSettings.HELLO_LIMIT);
      // No hook has to be told which processes are ours.
      SelfProcesses nobody = new SelfProcesses(_ -> 0);
      return new Admission(new Tryouts(spawner, place, nobody, TimeSource.system()))
          .admit(bundle, engine, progress);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } finally {
      spawner.close();
      // It makes and removes a pipe there when it begins.
      spawner.awaitEnd(END_LIMIT);
      remove(directory);
    }
  }

  private static void remove(Path directory) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        Files.deleteIfExists(file);
      }
      Files.deleteIfExists(directory);
    } catch (IOException _) {
      // A folder that is left harms nobody; the report counts.
    }
  }
}
