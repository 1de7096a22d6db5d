package redoubt.testing.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The small C programs of these tests, `src/test/c/NAME.c`: each is compiled once per test run,
/// statically, so that it also runs in an empty root directory.
final class Programs {
  private static final Path SOURCES = Path.of("src/test/c").toAbsolutePath();
  private static final Path BINARIES = Path.of("target/programs").toAbsolutePath();
  private static final Map<String, byte[]> COMPILED = new ConcurrentHashMap<>();

  private Programs() {}

  /// The bytes of a compiled program.
  static byte[] bytes(String name) {
    return COMPILED.computeIfAbsent(name, Programs::compile);
  }

  /// Where a compiled program lies, on no scratch file system.
  static Path path(String name) {
    bytes(name);
    return BINARIES.resolve(name);
  }

  private static byte[] compile(String name) {
    try {
      Files.createDirectories(BINARIES);
      Path source = SOURCES.resolve(name + ".c");
      Path binary = BINARIES.resolve(name);
      Outcome.of(
              "gcc",
              "-std=gnu11",
              "-Wall",
              "-Wextra",
              "-Werror",
              "-O1",
              "-static",
              "-pthread",
              "-o",
              binary,
              source)
          .requireSuccess();
      return Files.readAllBytes(binary);
    } catch (IOException e) {
      throw new IllegalStateException("program not compiled: name=" + name, e);
    }
  }
}
