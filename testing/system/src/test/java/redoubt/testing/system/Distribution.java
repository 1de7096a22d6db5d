package redoubt.testing.system;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// The product as built from this tree: what its users type is `./redoubt`.
final class Distribution {
  private static final Duration BUILD_LIMIT = Duration.ofMinutes(15);
  private static final Path FRONT_DOOR = build();

  private Distribution() {}

  /// The command `redoubt`; the first call builds what is missing or older than its sources.
  static Path frontDoor() {
    return FRONT_DOOR;
  }

  private static Path build() {
    try {
      Path frontDoor = Path.of("../../redoubt").toRealPath();
      Process build = new ProcessBuilder(frontDoor.toString(), "--build").inheritIO().start();
      if (!build.waitFor(BUILD_LIMIT.toSeconds(), TimeUnit.SECONDS) || build.exitValue() != 0) {
        build.destroyForcibly();
        throw new IllegalStateException("the product does not build: command=./redoubt --build");
      }
      return frontDoor;
    } catch (IOException e) {
      throw new IllegalStateException("the product is not here: path=../../redoubt", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while building", e);
    }
  }
}
