package redoubt.agent.platform;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import redoubt.core.content.PlatformRelease;
import redoubt.core.disk.DiskSteps;
import redoubt.core.model.Sha256;

/// The two places in which releases of the platform lie, beside the installation that a package
/// made, and the small files by which agent and supervisor know which one runs.
///
/// `trial` names the slot whose release is on probation, `good` the one that runs otherwise, and
/// `before` the one to which its crashes would lead back; where there is no such file it is the
/// installation. `starts` counts the starts of the release that runs since it last settled. The
/// supervisor reads all of them before each start of an agent, counts the start, and steps back
/// when there were too many. Each file appears in one step and is on disk then. For one thread at a
/// time.
public final class Slots {
  private static final String GOOD = "good";
  private static final String BEFORE = "before";
  private static final String TRIAL = "trial";
  private static final String STARTS = "starts";
  private static final String EXPECTED = "expected";
  private static final int MOST_BYTES = 4_096;
  private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

  private final Path folder;
  private final DiskSteps disk;

  /// One of the two.
  public enum Slot {
    /// The first.
    A,
    /// The second.
    B;

    private String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    private Slot other() {
      return this == A ? B : A;
    }
  }

  Slots(Path folder, DiskSteps disk) {
    this.folder = folder;
    this.disk = disk;
  }

  /// Touches nothing.
  ///
  /// @param folder theirs alone; need not be there
  public static Slots in(Path folder) {
    return new Slots(folder, new DiskSteps.Real());
  }

  /// Where the release of a slot lies.
  Path tree(Slot slot) {
    return folder.resolve("slot-" + slot.word());
  }

  /// Where an archive lies while it is unpacked.
  Path archive() {
    return folder.resolve("archive.tar");
  }

  /// The slot that lies there, if one does.
  Optional<Slot> at(Path home) {
    Path real = home.toAbsolutePath().normalize();
    return Arrays.stream(Slot.values())
        .filter(slot -> tree(slot).toAbsolutePath().normalize().equals(real))
        .findFirst();
  }

  /// Whether the release that lies there is on probation, and so is to blame for what goes wrong.
  /// What cannot be read says nothing.
  public boolean isOnTrial(Path home) {
    try {
      Optional<Slot> on = named(TRIAL);
      return on.isPresent() && on.equals(at(home));
    } catch (IOException _) {
      return false;
    }
  }

  Optional<Slot> good() throws IOException {
    return named(GOOD);
  }

  /// The digest of the bundle that a slot was made of; empty too if it was not made to its end.
  Optional<Sha256> release(Slot slot) throws IOException {
    return line(tree(slot).resolve(PlatformRelease.DIGEST_FILE))
        .filter(line -> DIGEST.matcher(line).matches())
        .map(Sha256::parse);
  }

  /// What must be ready with the release on trial for it to be as good as the one before.
  List<String> expected() throws IOException {
    return line(folder.resolve(EXPECTED)).stream()
        .flatMap(line -> Arrays.stream(line.split(" ")))
        .filter(word -> !word.isEmpty())
        .toList();
  }

  /// Has the slot that is not needed emptied of its meaning: nothing leads to it when this returns.
  Slot free() throws IOException {
    if (Files.notExists(folder)) {
      Files.createDirectories(folder);
      Path above = folder.toAbsolutePath().getParent();
      if (above != null) {
        disk.syncDirectory(above);
      }
    }
    Slot free = good().map(Slot::other).orElse(Slot.A);
    if (named(BEFORE).filter(free::equals).isPresent()) {
      remove(BEFORE);
    }
    return free;
  }

  /// The release of a slot, which is on disk, runs from the next start on.
  void begin(Slot slot, List<String> expected) throws IOException {
    write(EXPECTED, String.join(" ", expected));
    remove(STARTS);
    write(TRIAL, slot.word());
  }

  /// The release on trial is the good one.
  void confirm() throws IOException {
    Optional<Slot> on = named(TRIAL);
    if (on.isEmpty()) {
      return;
    }
    Optional<Slot> was = good();
    if (was.isPresent() && !was.equals(on)) {
      write(BEFORE, was.get().word());
    } else {
      remove(BEFORE);
    }
    write(GOOD, on.get().word());
    remove(TRIAL);
  }

  /// What runs does not run from the next start on.
  void takeBack() throws IOException {
    if (named(TRIAL).isEmpty()) {
      Optional<Slot> before = named(BEFORE);
      if (before.isPresent()) {
        write(GOOD, before.get().word());
      } else {
        remove(GOOD);
      }
      remove(BEFORE);
    }
    remove(TRIAL);
    remove(STARTS);
  }

  /// The release that runs has settled: its starts are counted anew.
  void settled() throws IOException {
    remove(STARTS);
  }

  private Optional<Slot> named(String name) throws IOException {
    return line(folder.resolve(name))
        .flatMap(word ->
            Arrays.stream(Slot.values()).filter(slot -> slot.word().equals(word)).findFirst());
  }

  private static Optional<String> line(Path file) throws IOException {
    try {
      if (Files.size(file) > MOST_BYTES) {
        throw new IOException("not a file of ours: file=" + file);
      }
      return Optional.of(new String(Files.readAllBytes(file), StandardCharsets.UTF_8).strip());
    } catch (NoSuchFileException _) {
      return Optional.empty();
    }
  }

  private void write(String name, String text) throws IOException {
    Path fresh = folder.resolve(name + ".new");
    disk.write(fresh, (text + "\n").getBytes(StandardCharsets.UTF_8));
    disk.syncFile(fresh);
    disk.rename(fresh, folder.resolve(name));
    disk.syncDirectory(folder);
  }

  private void remove(String name) throws IOException {
    if (Files.exists(folder.resolve(name))) {
      disk.delete(folder.resolve(name));
      disk.syncDirectory(folder);
    }
  }
}
