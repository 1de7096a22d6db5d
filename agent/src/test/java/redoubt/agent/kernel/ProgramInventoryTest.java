package redoubt.agent.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redoubt.core.linux.BpfHolder;
import redoubt.core.linux.BpfLink;
import redoubt.core.linux.BpfListing;
import redoubt.core.linux.BpfPin;
import redoubt.core.linux.BpfProgram;
import redoubt.core.linux.Errno;

final class ProgramInventoryTest {
  private static final BpfProgram FIREWALL =
      new BpfProgram(7, 8, "sd_fw_egress", "6deef7357e7b4530", 60_000_000_000L, 0, 2);
  private static final BpfProgram NEWER =
      new BpfProgram(9, 99, "", "a04f5eef06a7f555", 61_000_000_000L, 1000, 0);

  @TempDir Path temporary;
  private KernelOnDisk kernel;

  @BeforeEach
  void createKernel() throws IOException {
    kernel = new KernelOnDisk(temporary);
  }

  @Test
  void eachProgramHasItsOwnerAndWhoHoldsIt() {
    kernel.packages.put("/usr/lib/systemd/systemd", "systemd");
    kernel.programs =
        new ProgramSource(
            all(List.of(FIREWALL, NEWER)),
            all(List.of(new BpfLink(1, 3, 7), new BpfLink(2, 3, 8))),
            all(
                List.of(
                    new BpfHolder(7, 1, "systemd", "/usr/lib/systemd/systemd"),
                    new BpfHolder(7, 800, "agent", "/opt/agent"),
                    new BpfHolder(8, 900, "other", ""))),
            all(List.of(new BpfPin(9, "/sys/fs/bpf/newer"))));

    KernelReport report = kernel.look();

    assertTrue(report.hasThirdParty());
    assertTrue(report.isWhole());
    assertEquals(
        List.of(
            new KernelProgram(
                7,
                "cgroup_skb",
                "sd_fw_egress",
                "6deef7357e7b4530",
                Optional.of(KernelOnDisk.NOW.minusSeconds(3600 - 60)),
                0,
                "root",
                2,
                List.of(
                    new KernelProgram.Holder(1, "systemd", "/usr/lib/systemd/systemd", "systemd"),
                    new KernelProgram.Holder(800, "agent", "/opt/agent", "")),
                List.of("cgroup"),
                List.of()),
            new KernelProgram(
                9,
                "99",
                "",
                "a04f5eef06a7f555",
                Optional.of(KernelOnDisk.NOW.minusSeconds(3600 - 61)),
                1000,
                "",
                0,
                List.of(),
                List.of(),
                List.of("/sys/fs/bpf/newer"))),
        report.programs().programs());
  }

  @Test
  void aRefusalIsAnAnswer() {
    kernel.programs = ProgramSource.without(new BpfListing<>(List.of(), Errno.EPERM, false));

    KernelReport report = kernel.look();

    assertEquals("EPERM", report.programs().refusal());
    assertFalse(report.hasThirdParty());
    assertFalse(report.isWhole());
  }

  @Test
  void aLookThatWasCutSaysSo() {
    kernel.programs =
        new ProgramSource(
            all(List.of(FIREWALL)),
            BpfListing.empty(),
            new BpfListing<>(List.of(), 0, true),
            BpfListing.empty());
    assertFalse(kernel.look().programs().isWhole());
  }

  @Test
  void withoutAClockThereIsNoTime() throws Exception {
    Files.delete(temporary.resolve("proc/uptime"));
    kernel.programs = ProgramSource.without(all(List.of(FIREWALL)));
    assertEquals(Optional.empty(), kernel.look().programs().programs().getFirst().loaded());
  }

  private static <T> BpfListing<T> all(List<T> entries) {
    return new BpfListing<>(entries, 0, false);
  }
}
