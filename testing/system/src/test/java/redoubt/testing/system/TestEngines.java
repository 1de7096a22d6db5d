package redoubt.testing.system;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Locale;

/// Registers engines of these tests with an agent: each a process of its own, started, confined and
/// spoken to like any vendor's.
///
/// Their classes are copied to where the engines' users can read them.
final class TestEngines implements AutoCloseable {
  /// What no path contains.
  private static final String NOTHING = "//";

  private final Path folder;

  TestEngines() throws IOException {
    folder = Files.createTempDirectory("redoubt-engines-");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path compiled = Path.of("target/test-classes/redoubt/testing/system");
    Path copies = Files.createDirectories(folder.resolve("classes/redoubt/testing/system"));
    try (DirectoryStream<Path> classes = Files.newDirectoryStream(compiled, "*Engine*.class")) {
      for (Path file : classes) {
        Files.copy(file, copies.resolve(file.getFileName()));
      }
    }
  }

  /// An engine that takes `pace` for each event, allows everything, and whose verdicts are not
  /// cached.
  ///
  /// @return its manifest, for `--engine`
  Path slow(String id, Duration pace) throws IOException {
    return paced(id, pace, NOTHING, "event");
  }

  /// An engine that takes `pace` for each event and denies each path that contains `word`, every
  /// one if it is empty.
  ///
  /// @return its manifest, for `--engine`
  Path denying(String id, Duration pace, String word) throws IOException {
    return paced(id, pace, word.isEmpty() ? "/" : word, "event");
  }

  /// As [#denying], with verdicts that stand for the content.
  Path remembering(String id, Duration pace, String word) throws IOException {
    return paced(id, pace, word, "file");
  }

  private Path paced(String id, Duration pace, String word, String scope) throws IOException {
    return manifest(id, PacedEngine.class, pace.toMillis() + " " + word + " " + scope);
  }

  /// An engine that stops at the stage that [#stopAt] names.
  ///
  /// @return its manifest, for `--engine`
  Path staged() throws IOException {
    stopAt(StagedEngine.Stage.ANSWERING);
    return manifest("scanner-staged", StagedEngine.class, stageFile().toString());
  }

  /// An engine that breaks the protocol.
  ///
  /// @return its manifest, for `--engine`
  Path hostile(HostileEngine.Way way) throws IOException {
    return manifest(idOf(way), HostileEngine.class, way.name());
  }

  /// The id of the engine that breaks the protocol so.
  static String idOf(HostileEngine.Way way) {
    return "hostile-" + way.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// From its next start on the staged engine stops there.
  void stopAt(StagedEngine.Stage stage) throws IOException {
    Files.writeString(stageFile(), stage.name());
  }

  private Path stageFile() {
    return folder.resolve("stage");
  }

  private Path manifest(String id, Class<?> program, String arguments) throws IOException {
    String command =
        String.join(
            " ",
            "${java} -Xmx32m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:-UsePerfData",
            "--enable-native-access=redoubt.core.linux --illegal-native-access=deny",
            "--module-path ${lib} --add-modules redoubt.engine.kit",
            "-cp " + folder.resolve("classes"),
            program.getName(),
            arguments);
    return Files.writeString(
        folder.resolve(id + ".engine"),
        "id="
            + id
            + "\ncommand="
            + command
            + "\nauth=exec,open,scan\nfileContent=yes\ncontent=hash-list\nruntime=java\nfiles="
            + folder
            + "\n");
  }

  @Override
  public void close() {
    Outcome.of("rm", "-rf", folder).requireSuccess();
  }
}
