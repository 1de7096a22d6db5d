package redoubt.agent.registry;

import java.nio.file.Path;
import java.util.List;

/// What an engine sees of the host's files, read-only: its own, and what its language needs.
///
/// @param runtime what its language needs
/// @param files its own files and directories, absolute
public record EngineView(Language runtime, List<Path> files) {
  /// The program that runs Python.
  public static final Path PYTHON = Path.of("/usr/bin/python3");

  /// What an engine in Java sees of the installation.
  public static final List<String> JAVA_PARTS = List.of("lib", "libexec", "aot");

  /// @throws IllegalArgumentException if a file is not named absolutely, or is the whole host
  public EngineView {
    files = List.copyOf(files);
    for (Path file : files) {
      if (!file.isAbsolute() || !file.equals(file.normalize()) || file.getNameCount() < 2) {
        throw new IllegalArgumentException(
            "own files must be absolute, at least two levels deep and without dots: files=" + file);
      }
    }
  }

  /// What a program of a language needs beside its own files.
  public enum Language {
    /// The C library and the others of the host's library directory.
    C,
    /// As C, and the shell, this host's Java and Redoubt's own modules.
    JAVA,
    /// As C, and the host's Python with its packages.
    PYTHON
  }
}
