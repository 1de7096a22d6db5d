package redoubt.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redoubt.agent.health.TimeSource;
import redoubt.agent.kernel.KernelFingerprint;
import redoubt.agent.kernel.KernelMeasure;
import redoubt.agent.kernel.KernelProgram;
import redoubt.agent.kernel.KernelReport;
import redoubt.agent.kernel.KernelSettings;
import redoubt.agent.kernel.ModuleReport;
import redoubt.agent.kernel.ProgramReport;

class KernelGuardTest {
  private static final long SECOND = 1_000_000_000L;

  @TempDir private Path proc;
  private final List<String> reported = new ArrayList<>();
  private final List<KernelProgram> programs = new ArrayList<>();
  private long now;
  private int looks;

  private final TimeSource time =
      new TimeSource() {
        @Override
        public long nanos() {
          return now;
        }

        @Override
        public long wallMillis() {
          return now / 1_000_000;
        }
      };

  @BeforeEach
  void makeKernel() throws Exception {
    Files.createDirectories(proc.resolve("sys/kernel"));
    Files.writeString(proc.resolve("uptime"), "10.25 20.00\n");
  }

  private KernelGuard guard(KernelMeasure... measures) {
    Set<KernelMeasure> wanted = EnumSet.noneOf(KernelMeasure.class);
    wanted.addAll(List.of(measures));
    return new KernelGuard(
        wanted,
        () -> {
          looks++;
          return report();
        },
        () -> programs.toString(),
        proc,
        (_, _, message) -> reported.add(message),
        time);
  }

  private KernelReport report() {
    return new KernelReport(
        "6.1",
        new KernelSettings(
            OptionalLong.of(0), OptionalInt.of(0), OptionalInt.empty(), "", OptionalInt.empty()),
        new ModuleReport(ModuleReport.Availability.NOT_SUPPORTED, List.of(), 0, "", 0, "none", ""),
        new ProgramReport(programs, "", false),
        0);
  }

  private static KernelProgram program(String name) {
    return new KernelProgram(
        1, "xdp", name, "0011", Optional.empty(), 0, "root", 0, List.of(), List.of(), List.of());
  }

  @Test
  void whatAppearsIsReportedAndWhatIsThereIsCounted() {
    programs.add(program("before"));
    KernelGuard guard = guard(KernelMeasure.ALERT);
    guard.check();
    assertEquals(
        List.of("1 pieces of third-party code are there already: redoubt kernel"), reported);
    guard.check();
    assertEquals(1, looks, "nothing has changed");
    programs.add(program("evil"));
    guard.check();
    assertEquals(1, looks, "not again so soon");
    now += 31 * SECOND;
    guard.check();
    assertEquals(2, reported.size());
    assertTrue(reported.getLast().contains("name=evil"), reported::toString);
    assertTrue(reported.getLast().contains("user=root"), reported::toString);
    programs.removeLast();
    now += 31 * SECOND;
    guard.check();
    assertEquals(2, reported.size());
    programs.add(program("evil"));
    now += 31 * SECOND;
    guard.check();
    assertEquals(2, reported.size(), "the same program");
  }

  @Test
  void theKernelIsLockedOnceTheHostHasBooted() throws Exception {
    Path setting = Files.writeString(proc.resolve("sys/kernel/modules_disabled"), "0\n");
    KernelGuard guard = guard(KernelMeasure.LOCK);
    guard.check();
    assertEquals("0\n", Files.readString(setting));
    assertEquals(List.of(), reported);
    Files.writeString(proc.resolve("uptime"), "180.01 20.00\n");
    guard.check();
    assertTrue(Files.readString(setting).startsWith("1"));
    assertEquals(1, reported.size());
    Files.writeString(setting, "0\n");
    guard.check();
    assertEquals("0\n", Files.readString(setting), "once");
  }

  @Test
  void aKernelWithoutModulesHasNothingToLock() {
    KernelGuard guard = guard(KernelMeasure.LOCK);
    guard.check();
    guard.check();
    assertEquals(List.of("nothing to lock: this kernel takes no modules"), reported);
  }

  @Test
  void withoutAMeasureNothingIsLookedAt() {
    guard().check();
    assertEquals(0, looks);
    assertEquals(List.of(), reported);
  }

  @Test
  void aFingerprintOfThisKernelCanBeTaken() {
    assertTrue(KernelFingerprint.take().contains("|"));
  }
}
