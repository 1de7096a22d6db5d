package redoubt.agent.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ModuleTableTest {
  @Test
  void aKernelWithItsOwnModulesIsRead() throws Exception {
    String text = Recordings.read(Recordings.PLAIN);
    ModuleTable table = ModuleTable.parse(text);

    assertEquals(text.lines().count(), table.rows().size());
    assertEquals(0, table.unread());
    assertTrue(table.rows().stream().allMatch(row -> row.taintLetters().isEmpty()));
    assertEquals(
        new ModuleTable.Row(
            "nf_conntrack",
            188_416,
            4,
            List.of("nf_conntrack_netlink", "nf_nat", "xt_conntrack", "xt_MASQUERADE"),
            "Live",
            ""),
        row(table, "nf_conntrack"));
    assertEquals(List.of(), row(table, "tls").usedBy());
  }

  @Test
  void aRecordingIsReadAsTheKernelWroteIt() throws Exception {
    ModuleTable table = ModuleTable.parse(Recordings.read(Recordings.RECORDED));

    assertEquals(10, table.rows().size());
    assertEquals(0, table.unread());
    assertEquals("E", row(table, "veth").taintLetters());
    assertEquals("OE", row(table, "dummy").taintLetters());
    assertEquals(List.of("net_failover"), row(table, "failover").usedBy());
  }

  @Test
  void taintsAndStatesAreThoseBehindTheName() throws Exception {
    ModuleTable table = ModuleTable.parse(Recordings.read(Recordings.BUSY));

    assertEquals(0, table.unread());
    Map<String, String> letters =
        table.rows().stream()
            .filter(row -> !row.taintLetters().isEmpty())
            .collect(Collectors.toMap(ModuleTable.Row::name, ModuleTable.Row::taintLetters));
    assertEquals(16, letters.size());
    assertEquals("POE", letters.get("nvidia"));
    assertEquals("OE", letters.get("spl"));
    assertEquals("C", letters.get("r8188eu"));
    assertEquals("OEK", letters.get("livepatch_cve_2024_1086"));
    assertEquals(List.of(), row(table, "livepatch_cve_2024_1086").usedBy());
    assertEquals(
        new ModuleTable.Row("acme_sensor", 98_304, -1, List.of(), "Loading", "OE"),
        row(table, "acme_sensor"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ext4",
        "ext4 983040 1 - Live",
        "ext4 -1 1 - Live 0x0",
        "ext4 99999999999999999999 1 - Live 0x0",
        "ext4 983040 99999999999 - Live 0x0",
        "ext4 983040 1 - Li\u001bve 0x0",
        "two words 983040 1 - Live 0x0 (OE)",
        "ext4 983040 1 - Live 0x0 OE",
        "ext4 983040 1 - Live 0x0 (oe)",
        "ext4 983040 1 - Live 0x0 (OE) more",
        "a-name-that-is-much-longer-than-any-that-the-kernel-would-take-for-one 1 1 - Live 0x0",
      })
  void aLineOfAnotherFormIsCounted(String line) {
    assertEquals(new ModuleTable(List.of(), 1), ModuleTable.parse(line + "\n"));
  }

  @Test
  void nothingIsNoModule() {
    assertEquals(new ModuleTable(List.of(), 0), ModuleTable.parse(""));
  }

  @Test
  void thereIsALimitAndWhatIsBeyondItIsCounted() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < ModuleTable.MOST_MODULES + 3; i++) {
      text.append("m").append(i).append(" 1 0 - Live 0x0\n");
    }
    ModuleTable table = ModuleTable.parse(text.toString());
    assertEquals(ModuleTable.MOST_MODULES, table.rows().size());
    assertEquals(3, table.unread());
  }

  private static ModuleTable.Row row(ModuleTable table, String name) {
    return table.rows().stream().filter(row -> row.name().equals(name)).findFirst().orElseThrow();
  }
}
