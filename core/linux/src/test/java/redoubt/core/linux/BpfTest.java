package redoubt.core.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What of eBPF is listed, against this kernel and programs of our own.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BpfTest {
  private static final int MANY = 10_000;
  private static final int MOST = 1 << 20;

  @TempDir private Path folder;

  @Test
  void aLoadedProgramIsListedUntilItIsUnloaded() throws Exception {
    long before = uptimeNanos();
    try (TestProgram _ = TestProgram.load("redoubt_listed")) {
      BpfProgram program = named("redoubt_listed").getFirst();
      assertEquals("socket_filter", program.typeName());
      assertEquals(0, program.uid());
      assertEquals(0, program.maps());
      assertTrue(program.tag().matches("[0-9a-f]{16}"), program::toString);
      assertTrue(program.loadedNanos() >= before, program::toString);
      assertTrue(program.loadedNanos() <= uptimeNanos() + 10_000_000, program::toString);

      BpfHolder self =
          BpfReferences.holders(MOST).entries().stream()
              .filter(holder -> holder.programId() == program.id())
              .findFirst()
              .orElseThrow();
      assertEquals(ProcessHandle.current().pid(), self.pid());
      assertTrue(self.executable().endsWith("/bin/java"), self::toString);
    }
    awaitGone("redoubt_listed");
  }

  /// `/proc/uptime` has hundredths of a second.
  private static long uptimeNanos() throws IOException {
    String uptime = KernelFile.read("/proc/uptime").split(" ")[0];
    return new BigDecimal(uptime).movePointRight(9).longValue();
  }

  @Test
  void equalProgramsHaveEqualTagsAndTheirOwnNumbers() {
    try (TestProgram _ = TestProgram.load("redoubt_one");
        TestProgram _ = TestProgram.load("redoubt_two")) {
      BpfProgram one = named("redoubt_one").getFirst();
      BpfProgram two = named("redoubt_two").getFirst();
      assertEquals(one.tag(), two.tag());
      assertTrue(one.id() < two.id());
    }
  }

  @Test
  void noMoreIsListedThanWasWantedAndThatIsSaid() {
    try (TestProgram _ = TestProgram.load("redoubt_first");
        TestProgram _ = TestProgram.load("redoubt_second")) {
      BpfListing<BpfProgram> one = BpfObjects.programs(1);
      assertEquals(1, one.entries().size());
      assertTrue(one.cut());
      assertFalse(BpfObjects.programs(MANY).cut());
      assertTrue(BpfReferences.holders(3).cut());
    }
  }

  /// Nothing is open any more after a look but the program itself.
  @Test
  void aLookLeavesNothingOpen() throws Exception {
    try (TestProgram _ = TestProgram.load("redoubt_open")) {
      BpfObjects.programs(MANY);
      BpfObjects.links(MANY);
      BpfReferences.pins(MANY);
      assertEquals(
          1,
          KernelFile.numbers("/proc/self/fd").stream()
              .filter(descriptor -> Descriptors.readLink(descriptor).contains("bpf"))
              .count());
    }
  }

  @Test
  void aPinnedProgramStaysWithoutItsProcessAndIsFoundByItsName() throws Exception {
    Programs.run("mount", "-t", "bpf", "redoubt", folder.toString());
    try {
      Path name = Files.createDirectory(folder.resolve("some")).resolve("program");
      try (TestProgram program = TestProgram.load("redoubt_pinned")) {
        program.pin(name.toString());
      }
      int id = named("redoubt_pinned").getFirst().id();
      assertTrue(
          BpfReferences.pins(MANY).entries().contains(new BpfPin(id, name.toString())),
          () -> BpfReferences.pins(MANY).toString());
      assertTrue(BpfReferences.pins(1).cut());
      assertTrue(
          BpfReferences.holders(MOST).entries().stream()
              .noneMatch(holder -> holder.programId() == id));
    } finally {
      Programs.run("umount", folder.toString());
    }
    awaitGone("redoubt_pinned");
  }

  @Test
  void linksAreListed() {
    BpfListing<BpfLink> links = BpfObjects.links(MANY);
    assertEquals(0, links.error());
    assertEquals("tracing", new BpfLink(1, 2, 3).typeName());
    assertEquals("4711", new BpfLink(1, 4711, 3).typeName());
  }

  @Test
  void withoutPrivilegeTheAnswerIsThatItIsNotPermitted() throws Exception {
    try (Child child = Child.startUnprivileged("programs")) {
      assertEquals("EPERM 0", child.readLine());
      assertEquals(0, child.exitStatus(10_000));
    }
  }

  @Test
  void theNumberIsFoundInWhatTheKernelWritesOfADescriptor() {
    String program =
        """
        pos:\t0
        flags:\t02000002
        mnt_id:\t15
        prog_type:\t1
        prog_tag:\ta04f5eef06a7f555
        memlock:\t4096
        prog_id:\t42
        run_time_ns:\t0
        """;
    assertEquals(OptionalInt.of(42), BpfReferences.parseProgramId(program));
    assertEquals(OptionalInt.empty(), BpfReferences.parseProgramId("map_id:\t42\n"));
    assertEquals(OptionalInt.empty(), BpfReferences.parseProgramId("prog_id:\t4294967295\n"));
    assertEquals(OptionalInt.empty(), BpfReferences.parseProgramId("prog_id:\t-1\nprog_id:\t0\n"));
  }

  /// The kernel may take a moment.
  private static void awaitGone(String name) {
    while (!named(name).isEmpty()) {
      Thread.onSpinWait();
    }
  }

  private static List<BpfProgram> named(String name) {
    return BpfObjects.programs(MANY).entries().stream()
        .filter(program -> program.name().equals(name))
        .toList();
  }
}
