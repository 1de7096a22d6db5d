package redoubt.agent.platform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redoubt.agent.platform.Slots.Slot;
import redoubt.core.disk.DiskSteps;

/// Which release runs next, after each step at which the power may go.
class SlotsTest {
  @TempDir private Path folder = Path.of("");

  /// The real disk, until it has made so many steps.
  private static final class EndingDisk implements DiskSteps {
    private final DiskSteps real = new DiskSteps.Real();
    private int left;

    EndingDisk(int left) {
      this.left = left;
    }

    private void step() throws IOException {
      if (left-- <= 0) {
        throw new IOException("the power is gone");
      }
    }

    @Override
    public void write(Path file, byte[] bytes) throws IOException {
      step();
      real.write(file, bytes);
    }

    @Override
    public void copy(Path from, Path to) throws IOException {
      step();
      real.copy(from, to);
    }

    @Override
    public void syncFile(Path file) throws IOException {
      step();
      real.syncFile(file);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
      step();
      real.rename(from, to);
    }

    @Override
    public void syncDirectory(Path directory) throws IOException {
      step();
      real.syncDirectory(directory);
    }

    @Override
    public void delete(Path file) throws IOException {
      step();
      real.delete(file);
    }
  }

  /// What the supervisor would start: `a`, `b`, or nothing for the installation.
  private static String next(Path platform) throws IOException {
    for (String name : List.of("trial", "good")) {
      if (Files.exists(platform.resolve(name))) {
        return Files.readString(platform.resolve(name)).strip();
      }
    }
    return "";
  }

  private interface Way {
    void go(Slots slots) throws IOException;
  }

  /// Takes a way with the power going at each of its steps.
  ///
  /// @param before brings the slots to where the way begins
  private void assertAlways(Way before, Way way, List<String> allowed) throws IOException {
    boolean ended = false;
    for (int steps = 0; !ended; steps++) {
      Path platform = folder.resolve("platform-" + steps);
      before.go(Slots.in(platform));
      try {
        way.go(new Slots(platform, new EndingDisk(steps)));
        ended = true;
      } catch (IOException e) {
        assertEquals("the power is gone", e.getMessage());
      }
      String found = next(platform);
      assertTrue(allowed.contains(found), "after " + steps + " steps: " + found);
      if (ended) {
        assertEquals(allowed.getLast(), found);
        assertTrue(steps > 1);
      }
    }
    try (var all = Files.list(folder)) {
      for (Path each : all.toList()) {
        Files.move(each, each.resolveSibling("old-" + System.nanoTime()));
      }
    }
  }

  private static void good(Slots slots, Slot slot) throws IOException {
    assertEquals(slot, slots.free());
    slots.begin(slot, List.of("sigma"));
    slots.confirm();
  }

  @Test
  void atEachStepTheOldOneRunsNextOrTheNewOne() throws Exception {
    assertAlways(
        slots -> {},
        slots -> {
          slots.free();
          slots.begin(Slot.A, List.of());
        },
        List.of("", "a"));
    assertAlways(
        slots -> good(slots, Slot.A),
        slots -> {
          slots.free();
          slots.begin(Slot.B, List.of());
        },
        List.of("a", "b"));
    Way onTrial =
        slots -> {
          good(slots, Slot.A);
          slots.free();
          slots.begin(Slot.B, List.of());
        };
    assertAlways(onTrial, Slots::confirm, List.of("b"));
    assertAlways(onTrial, Slots::takeBack, List.of("b", "a"));
    Way two =
        slots -> {
          good(slots, Slot.A);
          good(slots, Slot.B);
        };
    assertAlways(two, Slots::takeBack, List.of("b", "a"));
    assertAlways(two, Slots::free, List.of("b"));
    assertAlways(slots -> good(slots, Slot.A), Slots::takeBack, List.of("a", ""));
  }

  @Test
  void whatLeadsBackIsNeverTheOneThatIsMadeAnew() throws Exception {
    Slots slots = Slots.in(folder.resolve("platform"));
    good(slots, Slot.A);
    good(slots, Slot.B);
    assertEquals("a", Files.readString(folder.resolve("platform/before")).strip());
    assertEquals(Slot.A, slots.free());
    assertFalse(Files.exists(folder.resolve("platform/before")));
    slots.takeBack();
    assertEquals(Optional.empty(), slots.good());
  }

  @Test
  void whatNamesNoSlotNamesNone() throws Exception {
    Path platform = Files.createDirectories(folder.resolve("platform"));
    Slots slots = Slots.in(platform);
    for (String word : List.of("", "c", "A", "../a", "a\nb")) {
      Files.writeString(platform.resolve("good"), word);
      assertEquals(Optional.empty(), slots.good(), word);
    }
    Files.writeString(platform.resolve("trial"), "b\n");
    assertTrue(slots.isOnTrial(slots.tree(Slot.B)));
    assertFalse(slots.isOnTrial(slots.tree(Slot.A)));
    assertFalse(slots.isOnTrial(folder));
    Files.writeString(platform.resolve("expected"), "scanner sigma\n");
    assertEquals(List.of("scanner", "sigma"), slots.expected());
  }
}
