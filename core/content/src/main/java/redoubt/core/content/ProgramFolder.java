package redoubt.core.content;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import redoubt.core.disk.FolderTree;
import redoubt.core.wire.BundleManifest.ProgramFile;

/// The files of engines themselves, as their bundles brought them: a folder for each release, which
/// others can read and not write. For one thread at a time.
public final class ProgramFolder {
  /// What an engine says of itself: its manifest, in the folder of its files.
  public static final String MANIFEST = "manifest.engine";

  private static final Set<PosixFilePermission> PLAIN =
      PosixFilePermissions.fromString("rw-r--r--");
  private static final Set<PosixFilePermission> PROGRAM =
      PosixFilePermissions.fromString("rwxr-xr-x");
  private static final String FRESH = ".new";

  private ProgramFolder() {}

  /// Insists that a folder holds the engine of a bundle and nothing else. What is torn or changed
  /// there is written anew; it is on disk, and there in one step.
  ///
  /// @throws ContentException if the bundle is not what its manifest says
  /// @throws IOException if it cannot be read or written
  public static void bring(BundleFile bundle, Path folder) throws IOException, ContentException {
    Path parent = folder.resolveSibling(".");
    Path fresh = folder.resolveSibling(folder.getFileName() + FRESH);
    FolderTree.delete(fresh);
    if (holds(folder, bundle.manifest().program())) {
      return;
    }
    make(parent);
    make(fresh);
    for (ProgramFile file : bundle.manifest().program()) {
      Path target = fresh.resolve(file.path());
      make(target.resolveSibling("."));
      try (FileChannel channel = OwnedFiles.create(target, OwnedFiles.READABLE)) {
        bundle.copyProgramTo(file, channel);
        Files.setPosixFilePermissions(target, permissions(file));
        channel.force(true);
      }
    }
    for (Path directory : directoriesIn(fresh)) {
      OwnedFiles.syncDirectory(directory);
    }
    FolderTree.delete(folder);
    Files.move(fresh, folder, StandardCopyOption.ATOMIC_MOVE);
    OwnedFiles.syncDirectory(parent);
  }

  /// Takes away the folders of all releases but some, of which one may be on its way.
  ///
  /// @param parent where they lie
  /// @param kept the names of those
  /// @throws IOException if that fails; the rest can be taken away later
  public static void clear(Path parent, Set<String> kept) throws IOException {
    if (Files.isDirectory(parent, LinkOption.NOFOLLOW_LINKS)) {
      List<Path> folders;
      try (Stream<Path> all = Files.list(parent)) {
        folders = all.filter(each -> !kept.contains(nameOf(each))).toList();
      }
      for (Path each : folders) {
        FolderTree.delete(each);
      }
    }
  }

  private static String nameOf(Path folder) {
    String name = String.valueOf(folder.getFileName());
    return name.endsWith(FRESH) ? name.substring(0, name.length() - FRESH.length()) : name;
  }

  private static Set<PosixFilePermission> permissions(ProgramFile file) {
    return file.isProgram() ? PROGRAM : PLAIN;
  }

  private static boolean holds(Path folder, List<ProgramFile> program) throws IOException {
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    try (Stream<Path> tree = Files.walk(folder)) {
      if (tree.filter(path -> !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)).count()
          != program.size()) {
        return false;
      }
    }
    for (ProgramFile file : program) {
      if (!isWhole(folder.resolve(file.path()), file)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isWhole(Path file, ProgramFile program) throws IOException {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    PosixFileAttributes found =
        Files.readAttributes(file, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    return found.size() == program.sizeBytes()
        && found.permissions().equals(permissions(program))
        && FileDigest.of(file, LinkOption.NOFOLLOW_LINKS).equals(program.sha256());
  }

  private static void make(Path directory) throws IOException {
    Path absolute = directory.toAbsolutePath().normalize();
    if (!Files.isDirectory(absolute, LinkOption.NOFOLLOW_LINKS)) {
      make(absolute.resolveSibling("."));
      Files.createDirectory(absolute);
      Files.setPosixFilePermissions(absolute, PROGRAM);
    }
  }

  private static List<Path> directoriesIn(Path folder) throws IOException {
    try (Stream<Path> tree = Files.walk(folder)) {
      return tree.filter(path -> Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)).toList();
    }
  }
}
