package redoubt.core.content.life;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import redoubt.core.disk.DiskSteps;
import redoubt.core.model.EngineId;

/// Where the lives of this host's engines lie, and the files of those that came as bundles: one
/// folder each below `releases/` and `engines/` in the state directory.
///
/// @param state the state directory
public record LifeFolders(Path state) {
  private Path folder() {
    return state.resolve("releases");
  }

  /// The engines of which something is known, in the order of their ids.
  ///
  /// @throws IOException if that cannot be read
  public List<EngineId> engines() throws IOException {
    List<EngineId> engines = new ArrayList<>();
    // Whoever may not look is told so.
    if (!Files.notExists(folder(), LinkOption.NOFOLLOW_LINKS)) {
      try (DirectoryStream<Path> folders = Files.newDirectoryStream(folder(), Files::isDirectory)) {
        for (Path each : folders) {
          engineOf(String.valueOf(each.getFileName()), engines);
        }
      }
    }
    Collections.sort(engines);
    return engines;
  }

  private static void engineOf(String name, List<EngineId> engines) {
    try {
      engines.add(new EngineId(name));
    } catch (IllegalArgumentException _) {
      // Somebody else's.
    }
  }

  /// Where the files of all releases of an engine lie.
  public Path programs(EngineId engine) {
    return state.resolve("engines").resolve(engine.value());
  }

  /// Where the files of a release of an engine lie.
  public Path program(EngineId engine, Release release) {
    return programs(engine).resolve(release.digest().toString());
  }

  /// The folder of an engine, for reading. It need not be there.
  public LifeStore of(EngineId engine) {
    return new LifeStore(folder().resolve(engine.value()), new DiskSteps.Real());
  }

  /// The folder of an engine, which is there when this returns.
  ///
  /// @throws IOException if it cannot be made
  public LifeStore make(EngineId engine) throws IOException {
    Path own = folder().resolve(engine.value());
    if (Files.notExists(own, LinkOption.NOFOLLOW_LINKS)) {
      DiskSteps disk = new DiskSteps.Real();
      Files.createDirectories(own);
      disk.syncDirectory(folder());
      disk.syncDirectory(state);
    }
    return of(engine);
  }
}
