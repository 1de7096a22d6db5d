package redoubt.core.tuf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// All files below a directory, by their paths from there.
final class DirectoryContents {
  private DirectoryContents() {}

  static Map<String, byte[]> of(Path directory) throws IOException {
    Map<String, byte[]> contents = new TreeMap<>();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        contents.put(directory.relativize(file).toString(), Files.readAllBytes(file));
      }
    }
    return contents;
  }

  static void restore(Map<String, byte[]> contents, Path directory) throws IOException {
    for (Map.Entry<String, byte[]> file : contents.entrySet()) {
      Path to = directory.resolve(file.getKey());
      Files.createDirectories(to.resolveSibling(""));
      Files.write(to, file.getValue());
    }
  }
}
