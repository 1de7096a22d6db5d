package redoubt.testing.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The small C programs of these tests, `src/test/c/NAME.c`: each is compiled once per test run.
final class Programs {
  private static final Path SOURCES = Path.of("src/test/c").toAbsolutePath();
  private static final Path BINARIES = Path.of("target/programs").toAbsolutePath();
  private static final Map<Binary, byte[]> COMPILED = new ConcurrentHashMap<>();

  /// What a source becomes.
  enum Form {
    /// A program that also runs in an empty root directory.
    STATIC("-static"),
    /// A program that the loader puts together.
    DYNAMIC("-pie"),
    LIBRARY("-shared");

    private final String option;

    Form(String option) {
      this.option = option;
    }
  }

  private record Binary(String name, Form form) {
    Path path() {
      return BINARIES.resolve(name + "." + form);
    }
  }

  private Programs() {}

  /// The bytes of a static program.
  static byte[] bytes(String name) {
    return bytes(name, Form.STATIC);
  }

  /// The bytes of what a source becomes.
  static byte[] bytes(String name, Form form) {
    return COMPILED.computeIfAbsent(new Binary(name, form), Programs::compile);
  }

  /// Where a static program lies, on no scratch file system.
  static Path path(String name) {
    Binary binary = new Binary(name, Form.STATIC);
    COMPILED.computeIfAbsent(binary, Programs::compile);
    return binary.path();
  }

  /// The dynamic loader that this host's own programs name.
  static Path loader() {
    String libraries = Outcome.of("ldd", "/bin/sh").requireSuccess().output();
    return libraries
        .lines()
        .map(line -> line.strip().split(" ")[0])
        .filter(name -> name.startsWith("/"))
        .map(Path::of)
        .findFirst()
        .orElseThrow(() -> new AssertionError("no loader: " + libraries));
  }

  private static byte[] compile(Binary binary) {
    try {
      Files.createDirectories(BINARIES);
      List<Object> command =
          new ArrayList<>(
              List.of("gcc", "-std=gnu11", "-Wall", "-Wextra", "-Werror", "-O1", "-fPIC"));
      command.addAll(List.of("-pthread", binary.form.option, "-o", binary.path()));
      command.add(SOURCES.resolve(binary.name + ".c"));
      Outcome.of(command.toArray()).requireSuccess();
      return Files.readAllBytes(binary.path());
    } catch (IOException e) {
      throw new IllegalStateException("not compiled: binary=" + binary, e);
    }
  }
}
