package redoubt.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redoubt.agent.kernel.KernelModule;
import redoubt.agent.kernel.KernelModule.Reason;
import redoubt.agent.kernel.KernelProgram;
import redoubt.agent.kernel.KernelReport;
import redoubt.agent.kernel.KernelSettings;
import redoubt.agent.kernel.ModuleReport;
import redoubt.agent.kernel.ModuleReport.Availability;
import redoubt.agent.kernel.ModuleSignature;
import redoubt.agent.kernel.ProgramReport;

/// `kernel`: on this kernel, and in words about others.
final class KernelCommandTest {
  private static final KernelModule EXT4 =
      module("ext4", "", "linux-image-6.1", new ModuleSignature.Signed("PKCS#7", 400), List.of());
  private static final KernelModule NVIDIA =
      module(
          "nvidia",
          "POE",
          "",
          new ModuleSignature.Compressed("xz"),
          List.of(Reason.TAINTS, Reason.NO_PACKAGE));
  private static final KernelModule NASTY =
      module(
          "x\u001b[2J",
          "",
          "",
          new ModuleSignature.Unknown(),
          List.of(Reason.HIDDEN, Reason.NO_FILE));
  private static final KernelProgram FIREWALL =
      new KernelProgram(
          7,
          "cgroup_skb",
          "sd_fw\u202e",
          "6deef7357e7b4530",
          Optional.of(CommandHost.NOW),
          0,
          "root",
          2,
          List.of(
              new KernelProgram.Holder(1, "systemd", "/usr/lib/systemd/systemd", "systemd"),
              new KernelProgram.Holder(8, "evil\n", "/tmp/x", "")),
          List.of("cgroup"),
          List.of("/sys/fs/bpf/fw"));

  @TempDir Path temporary;
  private CommandHost host;

  @BeforeEach
  void createHost() throws Exception {
    host = new CommandHost(temporary);
  }

  @Test
  void thisKernelIsLookedAtWithoutAnAgent() throws Exception {
    CommandHost.Result result = host.run("kernel", "--json", "--all");

    JsonNode report = result.json();
    assertEquals(
        report.path("thirdParty").asBoolean() ? ExitCode.NO : ExitCode.OK, result.status());
    assertEquals(System.getProperty("os.version"), report.path("release").asText());
    assertTrue(report.at("/taint/mask").isNumber(), result.out());
    assertEquals(
        report.at("/modules/loaded").asInt(), report.at("/modules/list").size(), result.out());
    assertTrue(report.at("/programs/list").isArray(), result.out());
  }

  @Test
  void theVerdictIsTheLastLine() {
    CommandHost.Result result = host.run("kernel");

    List<String> lines = result.out().lines().toList();
    assertTrue(lines.getFirst().startsWith("kernel "), result.out());
    assertTrue(lines.getLast().startsWith("third-party code in the kernel: "), result.out());
    assertEquals(
        lines.getLast().contains("kernel: none") ? ExitCode.OK : ExitCode.NO, result.status());
    assertEquals("", result.err());
  }

  @Test
  void whatDidNotComeWithTheKernelIsListedAndCounted() {
    KernelReport report = report(0x3001, List.of(EXT4, NASTY, NVIDIA), programs(FIREWALL), 0);

    String text = print(report, false);

    for (String fact :
        List.of(
            "3 loaded, 2 of them third-party; root can load more",
            "12289 (POE)",
            "O  a module from outside of the kernel's tree was loaded",
            "nvidia",
            "taints the kernel, of no package",
            "compressed",
            "x\\u{1b}[2J",
            "hides from /proc/modules, no file has its name",
            "sd_fw\\u{202e}",
            "2026-11-23 12:00:00",
            "systemd (pid 1) of package systemd, evil\\u{a} (pid 8), name /sys/fs/bpf/fw",
            "every user may load programs")) {
      assertTrue(text.contains(fact), fact + " is missing in\n" + text);
    }
    assertFalse(text.contains("\u001b"), "no terminal, no colours, no orders");
    assertFalse(text.contains("ext4"), "the kernel's own are not listed");
    assertTrue(text.endsWith("third-party code in the kernel: 2 modules, 1 eBPF program\n"), text);
    assertTrue(print(report, true).contains("ext4"), "but with --all");
  }

  @Test
  void aKernelWithNothingOfOthersSaysSo() {
    String text = print(report(0, List.of(EXT4), programs(), 0), false);

    assertTrue(text.contains("taint       none\n"), text);
    assertTrue(text.endsWith("\n\nthird-party code in the kernel: none\n"), text);
  }

  @Test
  void programsThatAreAlikeShareALine() {
    KernelProgram second = loadedLater(FIREWALL, 8);
    KernelReport report = report(0, List.of(EXT4), programs(FIREWALL, second), 0);

    String text = print(report, false);

    assertEquals(1, text.lines().filter(line -> line.contains("cgroup_skb")).count(), text);
    assertTrue(text.contains(" 7  2  cgroup_skb"), text);
    assertTrue(text.contains("2026-11-23 12:00:00 and later"), text);
    assertTrue(text.endsWith("kernel: 2 eBPF programs\n"), text);
    assertEquals(
        2, print(report, true).lines().filter(line -> line.contains("cgroup_skb")).count());
  }

  private static KernelProgram loadedLater(KernelProgram program, int id) {
    return new KernelProgram(
        id,
        program.type(),
        program.name(),
        program.tag(),
        program.loaded().map(time -> time.plusSeconds(60)),
        program.uid(),
        program.user(),
        program.maps(),
        program.holders(),
        program.links(),
        program.pins());
  }

  @Test
  void aTaintWithoutAModuleIsNamed() {
    String text = print(report(0x1000, List.of(EXT4), programs(), 0x1000), false);

    assertTrue(text.contains("it is gone, or hides"), text);
    assertTrue(
        text.endsWith(
            "third-party code in the kernel: what a module left that is not listed (O)\n"),
        text);
  }

  @Test
  void whatCouldNotBeLookedAtIsSaid() {
    ProgramReport refused = new ProgramReport(List.of(), "EPERM", false);

    String text = print(report(0, List.of(EXT4), refused, 0), false);

    assertTrue(text.contains("eBPF programs: the kernel does not let this process"), text);
    assertTrue(
        text.endsWith("third-party code in the kernel: none; not everything could be looked at\n"),
        text);
  }

  @Test
  void programsReadTheSame() {
    KernelReport report = report(0x3001, List.of(EXT4, NVIDIA), programs(FIREWALL), 0x2000);

    JsonNode node = KernelJson.of(report, false);

    assertTrue(node.path("thirdParty").asBoolean());
    assertTrue(node.path("complete").asBoolean());
    assertEquals(12_289, node.at("/taint/mask").asLong());
    assertEquals("P", node.at("/taint/flags/0/letter").asText());
    assertTrue(node.at("/taint/flags/2/unexplained").asBoolean());
    assertEquals("listed", node.at("/modules/availability").asText());
    assertEquals(2, node.at("/modules/loaded").asInt());
    assertEquals(1, node.at("/modules/list").size());
    assertEquals("no-package", node.at("/modules/list/0/reasons/1").asText());
    assertEquals("xz", node.at("/modules/list/0/signature/how").asText());
    assertEquals(
        400, KernelJson.of(report, true).at("/modules/list/0/signature/lengthBytes").asInt());
    assertEquals("cgroup", node.at("/programs/list/0/links/0").asText());
    assertEquals("systemd", node.at("/programs/list/0/holders/0/package").asText());
    assertEquals(CommandHost.NOW.toEpochMilli(), node.at("/programs/list/0/loadedMillis").asLong());
    assertTrue(node.at("/settings/signaturesEnforced").isNull());
  }

  private static KernelModule module(
      String name,
      String taints,
      String packageName,
      ModuleSignature signature,
      List<Reason> reasons) {
    String file = reasons.contains(Reason.NO_FILE) ? "" : "/lib/modules/6.1/" + name + ".ko";
    return new KernelModule(
        name, 4096, 0, List.of(), "Live", taints, "", "", file, packageName, signature, reasons);
  }

  private static ProgramReport programs(KernelProgram... programs) {
    return new ProgramReport(List.of(programs), "", false);
  }

  private static KernelReport report(
      long taint, List<KernelModule> modules, ProgramReport programs, long lostTaint) {
    return new KernelReport(
        "6.1",
        new KernelSettings(
            OptionalLong.of(taint), OptionalInt.of(0), OptionalInt.empty(), "", OptionalInt.of(0)),
        new ModuleReport(
            Availability.LISTED, modules, 0, "/lib/modules/6.1", 300, "dpkg", "linux-image-6.1"),
        programs,
        lostTaint);
  }

  private static String print(KernelReport report, boolean all) {
    StringWriter out = new StringWriter();
    Terminal terminal =
        new Terminal(new PrintWriter(out, true), new PrintWriter(new StringWriter()), false);
    new KernelText(terminal, ZoneOffset.UTC, true).print(report, all);
    return out.toString();
  }
}
