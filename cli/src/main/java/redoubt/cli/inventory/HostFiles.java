package redoubt.cli.inventory;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import redoubt.core.linux.KernelFile;

/// The files of a host that its inventory is read from. Any thread may call.
final class HostFiles {
  private final String root;

  /// The host whose files lie below a folder; that of this process below `/`.
  HostFiles(Path root) {
    String folder = root.toString();
    this.root = folder.equals("/") ? "" : folder;
  }

  /// The whole text of a file.
  ///
  /// @throws IOException if it cannot be read, or is larger than 16 MiB
  String text(String path) throws IOException {
    return KernelFile.read(root + path);
  }

  /// What a file says in one line, or nothing where this host or this user has no such file.
  String word(String path) {
    try {
      return text(path).strip();
    } catch (IOException _) {
      return "";
    }
  }

  /// Where a symbolic link leads, as it is written; nothing where that cannot be read.
  String target(String path) {
    try {
      return Files.readSymbolicLink(at(path)).toString();
    } catch (IOException _) {
      return "";
    }
  }

  /// The numbers that name entries of a folder, the least first.
  List<Integer> numbers(String folder) throws IOException {
    List<Integer> numbers = new ArrayList<>(KernelFile.numbers(root + folder));
    Collections.sort(numbers);
    return numbers;
  }

  /// The names of a folder's entries, sorted.
  ///
  /// @throws IOException if the folder cannot be read
  List<String> names(String folder) throws IOException {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(at(folder))) {
      entries.forEach(entry -> names.add(entry.getFileName().toString()));
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    Collections.sort(names);
    return names;
  }

  /// Where a file of the host lies for this process.
  Path at(String path) {
    return Path.of(root + path);
  }
}
