package redoubt.core.content.life;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;
import redoubt.core.disk.DiskSteps;

/// The real disk, and beside it what each file system that keeps to POSIX might have on its platter
/// if the power failed now.
///
/// What was not synced is there or not: each change of a name since its folder was synced is one
/// thing that may be there, in the order in which they were made, and of each file whose bytes were
/// not synced there may be none, half, or all. Only one folder is modelled, without folders in it.
final class RecordedDisk implements DiskSteps {
  private static final DiskSteps REAL = new DiskSteps.Real();

  /// A file without its name.
  private static final class Inode {
    private final byte[] bytes;
    private boolean synced;

    Inode(byte[] bytes) {
      this.bytes = bytes;
    }
  }

  /// A change of names that the folder's platter may not have.
  private interface NameChange {
    void apply(Map<String, Inode> names);
  }

  private final Map<String, Inode> live = new TreeMap<>();
  private final Map<String, Inode> platter = new TreeMap<>();
  private final List<NameChange> unsynced = new ArrayList<>();
  private final Consumer<RecordedDisk> afterEachStep;
  private int steps;

  /// @param afterEachStep looks at what there is
  RecordedDisk(Consumer<RecordedDisk> afterEachStep) {
    this.afterEachStep = afterEachStep;
  }

  /// As [#RecordedDisk], of a folder whose files are all on the platter.
  static RecordedDisk of(Path folder, Consumer<RecordedDisk> afterEachStep) throws IOException {
    RecordedDisk disk = new RecordedDisk(afterEachStep);
    try (var files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        Inode inode = new Inode(Files.readAllBytes(file));
        inode.synced = true;
        disk.live.put(name(file), inode);
        disk.platter.put(name(file), inode);
      }
    }
    return disk;
  }

  int steps() {
    return steps;
  }

  private static String name(Path file) {
    return String.valueOf(file.getFileName());
  }

  private void change(NameChange change) {
    change.apply(live);
    unsynced.add(change);
  }

  private Inode here(Path file) {
    return Objects.requireNonNull(live.get(name(file)), name(file));
  }

  private void stepped() {
    steps++;
    afterEachStep.accept(this);
  }

  @Override
  public void write(Path file, byte[] bytes) throws IOException {
    REAL.write(file, bytes);
    Inode fresh = new Inode(bytes.clone());
    if (live.containsKey(name(file))) {
      change(names -> names.remove(name(file)));
    }
    change(names -> names.put(name(file), fresh));
    stepped();
  }

  @Override
  public void copy(Path from, Path to) throws IOException {
    write(to, Files.readAllBytes(from));
  }

  @Override
  public void syncFile(Path file) throws IOException {
    REAL.syncFile(file);
    here(file).synced = true;
    stepped();
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    REAL.rename(from, to);
    Inode moved = here(from);
    change(names -> {
      // Where the file itself never got its first name, there is nothing to rename.
      if (names.remove(name(from), moved)) {
        names.put(name(to), moved);
      }
    });
    stepped();
  }

  @Override
  public void syncDirectory(Path directory) throws IOException {
    REAL.syncDirectory(directory);
    unsynced.forEach(change -> change.apply(platter));
    unsynced.clear();
    stepped();
  }

  @Override
  public void delete(Path file) throws IOException {
    REAL.delete(file);
    change(names -> names.remove(name(file)));
    stepped();
  }

  /// Every folder that there could be after a power cut now, each once.
  List<Map<String, byte[]>> possible() {
    List<Map<String, byte[]>> folders = new ArrayList<>();
    for (int subset = 0; subset < 1 << unsynced.size(); subset++) {
      Map<String, Inode> names = new TreeMap<>(platter);
      for (int i = 0; i < unsynced.size(); i++) {
        if ((subset >> i & 1) == 1) {
          unsynced.get(i).apply(names);
        }
      }
      folders.addAll(contents(names));
    }
    return folders;
  }

  private static List<Map<String, byte[]>> contents(Map<String, Inode> names) {
    List<Map<String, byte[]>> all = new ArrayList<>(List.of(new TreeMap<>()));
    names.forEach((name, inode) -> {
      List<Map<String, byte[]>> further = new ArrayList<>();
      for (byte[] bytes : inode.synced ? List.of(inode.bytes) : torn(inode.bytes)) {
        for (Map<String, byte[]> some : all) {
          Map<String, byte[]> more = new TreeMap<>(some);
          more.put(name, bytes);
          further.add(more);
        }
      }
      all.clear();
      all.addAll(further);
    });
    return all;
  }

  private static List<byte[]> torn(byte[] whole) {
    return List.of(new byte[0], Arrays.copyOf(whole, whole.length / 2), whole);
  }

  /// Makes a folder what it could be.
  static void make(Path folder, Map<String, byte[]> files) throws IOException {
    try (var left = Files.newDirectoryStream(folder)) {
      for (Path file : left) {
        Files.delete(file);
      }
    }
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      Files.write(folder.resolve(file.getKey()), file.getValue());
    }
  }
}
