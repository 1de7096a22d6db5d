package redoubt.agent.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redoubt.agent.kernel.KernelModule.Reason;
import redoubt.agent.kernel.ModuleReport.Availability;
import redoubt.core.linux.Taint;

/// What the inventory says of kernels that are not this one.
final class KernelInventoryTest {
  private static final String OWN =
      """
      ext4 983040 1 - Live 0xffffffffc0774000
      snd_pcm 159744 0 - Live 0xffffffffc0700000
      """;

  @TempDir Path temporary;
  private KernelOnDisk kernel;

  @BeforeEach
  void createKernel() throws IOException {
    kernel = new KernelOnDisk(temporary);
  }

  @Test
  void aKernelWithItsOwnModulesHasNothingOfOthers() throws Exception {
    kernel.modules(OWN, Recordings.read(Recordings.DEPENDENCIES));
    kernel.sys("module/ext4/srcversion", "533BB7E5866E52F63B9ACCB\n");
    kernel.sys("module/ext4/initstate", "live\n");
    kernel.sys("module/ipv6/parameters/disable", "0\n");

    KernelReport report = kernel.look();

    assertFalse(report.hasThirdParty());
    assertTrue(report.isWhole());
    assertEquals(KernelOnDisk.RELEASE, report.release());
    assertEquals(Availability.LISTED, report.modules().availability());
    assertEquals(KernelOnDisk.PACKAGE, report.modules().kernelPackage());
    assertEquals(7, report.modules().builtIn());
    assertEquals(kernel.folder().toString(), report.modules().folder());
    assertEquals(
        new KernelModule(
            "ext4",
            983_040,
            1,
            List.of(),
            "Live",
            "",
            "",
            "533BB7E5866E52F63B9ACCB",
            kernel.folder().resolve("kernel/fs/ext4/ext4.ko").toString(),
            KernelOnDisk.PACKAGE,
            new ModuleSignature.Unsigned(),
            List.of()),
        module(report, "ext4"));
    assertEquals(
        new KernelSettings(
            OptionalLong.of(0), OptionalInt.of(0), OptionalInt.of(0), "none", OptionalInt.of(2)),
        report.settings());
  }

  @Test
  void whatOthersBroughtIsNamedWithTheReason() throws Exception {
    kernel.modules(Recordings.read(Recordings.BUSY), Recordings.read(Recordings.DEPENDENCIES));
    kernel.proc("sys/kernel/tainted", (1 + 1024 + 4096 + 8192 + 32_768) + "\n");
    kernel.packages.put(kernel.folder().resolve("updates/dkms/spl.ko.xz").toString(), "spl-extra");

    KernelReport report = kernel.look();

    assertTrue(report.hasThirdParty());
    assertEquals(16, report.modules().thirdParty().size());
    assertEquals(25, report.modules().modules().size());
    assertEquals(0, report.lostTaint());
    assertEquals(List.of(), module(report, "snd_pcm").reasons());
    assertEquals(List.of(Reason.TAINTS, Reason.NO_PACKAGE), module(report, "zfs").reasons());
    assertEquals(new ModuleSignature.Compressed("xz"), module(report, "zfs").signature());
    assertEquals(List.of(Reason.TAINTS, Reason.OTHER_PACKAGE), module(report, "spl").reasons());
    assertEquals(List.of(Reason.TAINTS), module(report, "r8188eu").reasons(), "staging");
    assertEquals(
        List.of(Reason.TAINTS, Reason.NO_FILE),
        module(report, "nvidia").reasons(),
        "its file is called otherwise");
  }

  @Test
  void aModuleWithoutAFileIsAFindingAlsoIfItTaintsNothing() throws Exception {
    kernel.modules(
        OWN + "quiet 4096 0 - Live 0x0\nfuse 4096 0 - Live 0x0\n",
        Recordings.read(Recordings.DEPENDENCIES));

    KernelReport report = kernel.look();

    assertEquals(
        List.of("fuse", "quiet"),
        report.modules().thirdParty().stream().map(KernelModule::name).toList());
    assertEquals(List.of(Reason.NO_FILE), module(report, "quiet").reasons());
    assertEquals(List.of(Reason.BUILT_IN_NAME), module(report, "fuse").reasons());
    assertEquals(new ModuleSignature.Unknown(), module(report, "quiet").signature());
  }

  /// `insmod` takes a file from anywhere.
  @Test
  void aModuleThatCannotBeFromTheFileOfItsNameIsSaidSo() throws Exception {
    kernel.modules(
        "ext4 983040 1 - Live 0x0 (OE)\nsnd_pcm 159744 0 - Live 0x0 (E)\n",
        Recordings.read(Recordings.DEPENDENCIES));

    assertEquals(
        List.of(Reason.TAINTS, Reason.OTHER_FILE), module(kernel.look(), "ext4").reasons());
    assertEquals(
        List.of(Reason.TAINTS),
        module(kernel.look(), "snd_pcm").reasons(),
        "its own file has no signature either");

    kernel.sign("kernel/sound/core/snd-pcm.ko");
    assertEquals(
        List.of(Reason.TAINTS, Reason.OTHER_FILE), module(kernel.look(), "snd_pcm").reasons());
  }

  @Test
  void aModuleThatHidesFromTheListIsFoundByItsFolder() throws Exception {
    kernel.modules(OWN, Recordings.read(Recordings.DEPENDENCIES));
    kernel.sys("module/rootkit/initstate", "live\n");
    kernel.sys("module/rootkit/coresize", "16384\n");
    kernel.sys("module/rootkit/refcnt", "0\n");
    kernel.sys("module/rootkit/taint", "OE\n");

    KernelModule hidden = module(kernel.look(), "rootkit");

    assertEquals(List.of(Reason.HIDDEN, Reason.TAINTS, Reason.NO_FILE), hidden.reasons());
    assertEquals(16_384, hidden.sizeBytes());
    assertEquals("OE", hidden.taintLetters());
  }

  @Test
  void aListThatIsGoneIsNoAnswerWhileThereAreModules() throws Exception {
    kernel.sys("module/rootkit/initstate", "live\n");

    KernelReport report = kernel.look();

    assertEquals(Availability.LISTED, report.modules().availability());
    assertTrue(report.hasThirdParty());
  }

  @Test
  void aTaintThatNoModuleExplainsIsLeftBehind() throws Exception {
    kernel.modules(OWN, Recordings.read(Recordings.DEPENDENCIES));
    kernel.proc("sys/kernel/tainted", (4096 + 512) + "\n");

    KernelReport report = kernel.look();

    assertTrue(report.hasThirdParty());
    assertEquals(1L << Taint.OOT_MODULE.bit(), report.lostTaint(), "a warning is nobody's code");
  }

  @Test
  void aKernelWithoutModulesHasNone() {
    KernelReport report = kernel.look();

    assertEquals(Availability.NOT_SUPPORTED, report.modules().availability());
    assertFalse(report.hasThirdParty());
    assertTrue(report.isWhole());
  }

  @Test
  void withoutProcNothingIsClaimed() throws Exception {
    Files.delete(temporary.resolve("proc/sys/kernel/osrelease"));
    Files.delete(temporary.resolve("proc/sys/kernel/tainted"));

    KernelReport report = kernel.look();

    assertEquals(Availability.UNREADABLE, report.modules().availability());
    assertFalse(report.isWhole());
  }

  /// In a container the host's modules are listed, and their files are elsewhere.
  @Test
  void withoutTheFilesTaintAloneCounts() throws Exception {
    kernel.proc("modules", OWN + "zfs 4071424 6 - Live 0x0 (POE)\n");

    KernelReport report = kernel.look();

    assertEquals("", report.modules().folder());
    assertFalse(report.isWhole());
    assertEquals(
        List.of("zfs"), report.modules().thirdParty().stream().map(KernelModule::name).toList());
    assertEquals(List.of(Reason.TAINTS), module(report, "zfs").reasons());
  }

  /// Neither the kernel nor its modules are of any package then.
  @Test
  void onAKernelThatWasBuiltHereItsOwnFolderCounts() throws Exception {
    kernel.modules(OWN + "zfs 4071424 6 - Live 0x0\n", Recordings.read(Recordings.DEPENDENCIES));
    kernel.packages.clear();

    KernelReport report = kernel.look();

    assertEquals("", report.modules().kernelPackage());
    assertEquals(List.of(), module(report, "ext4").reasons());
    assertEquals(List.of(Reason.ELSEWHERE), module(report, "zfs").reasons());

    kernel.database = "none";
    assertEquals(List.of(Reason.ELSEWHERE), module(kernel.look(), "zfs").reasons());
  }

  @Test
  void namesThatArePathsLeadNowhere() throws Exception {
    kernel.modules(OWN + ".. 1 0 - Live 0x0\n. 1 0 - Live 0x0\n../x 1 0 - Live 0x0\n", "");
    kernel.sys("version", "secret\n");
    kernel.sys("x/version", "secret\n");

    KernelReport report = kernel.look();

    assertEquals(5, report.modules().modules().size());
    assertTrue(report.modules().modules().stream().allMatch(m -> m.version().isEmpty()));
  }

  @Test
  void linesThatAreNotTheKernelsMakeTheLookDoubtful() throws Exception {
    kernel.modules(OWN + "a b c d e f g h\n", Recordings.read(Recordings.DEPENDENCIES));

    KernelReport report = kernel.look();

    assertEquals(1, report.modules().unreadLines());
    assertTrue(report.hasThirdParty());
    assertFalse(report.isWhole());
  }

  private static KernelModule module(KernelReport report, String name) {
    return report.modules().modules().stream()
        .filter(module -> module.name().equals(name))
        .findFirst()
        .orElseThrow();
  }
}
