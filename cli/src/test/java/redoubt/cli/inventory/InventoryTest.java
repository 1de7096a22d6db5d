package redoubt.cli.inventory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A host whose files a test has written; those of the host on which it runs are looked at too.
final class InventoryTest {
  private static final String STAT_REST =
      " S 1 42 42 0 -1 4194560 1 0 0 0 150 250 0 0 20 5 3 0 6000 4096 7 0 0";

  @TempDir Path root;

  private void write(String path, String text) throws IOException {
    Path file = root.resolve(path.substring(1));
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private String table(String name) throws IOException {
    InventoryTable table = new Inventory(root).table(name).orElseThrow();
    return table.rows().stream()
        .map(row -> String.join("|", row))
        .collect(Collectors.joining("\n"));
  }

  /// One value of the only row.
  private String value(String table, String column) throws IOException {
    InventoryTable chosen = new Inventory(root).table(table).orElseThrow();
    return chosen.rows().getFirst().get(chosen.columns().indexOf(column));
  }

  @Test
  void theSystemIsWhatItCallsItself() throws Exception {
    write(
        "/etc/os-release",
        """
        PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"
        NAME="Debian GNU/Linux"
        VERSION_ID="12.4"
        VERSION="12 (bookworm)"
        VERSION_CODENAME=bookworm
        ID=debian
        """);
    write("/proc/sys/kernel/arch", "aarch64\n");
    assertEquals(
        "Debian GNU/Linux|12 (bookworm)|12|4|0||debian||bookworm|aarch64", table("os_version"));
  }

  @Test
  void theMachineIsCounted() throws Exception {
    write(
        "/proc/cpuinfo",
        "processor\t: 0\nmodel name\t: Some CPU\n\nprocessor\t: 1\nmodel name\t: Some CPU\n");
    write("/proc/meminfo", "MemTotal:       2048 kB\nMemFree: 5 kB\n");
    write("/sys/class/dmi/id/sys_vendor", "Acme\n");
    assertEquals("2", value("system_info", "cpu_logical_cores"));
    assertEquals("Some CPU", value("system_info", "cpu_brand"));
    assertEquals("2097152", value("system_info", "physical_memory"));
    assertEquals("Acme", value("system_info", "hardware_vendor"));
    assertEquals("", value("system_info", "hardware_serial"));
  }

  @Test
  void upIsInParts() throws Exception {
    write("/proc/uptime", "93784.21 1.00\n");
    assertEquals("1|2|3|4|93784", table("uptime"));
  }

  @Test
  void accountsAreWholeLinesOfPasswd() throws Exception {
    write("/etc/passwd", "root:x:0:0:root:/root:/bin/sh\n# no account\n+::::::\nbad:line\n");
    write("/etc/group", "root:x:0:\nadm:x:4:eve,bob\n");
    assertEquals("0|0|root|root|/root|/bin/sh", table("users"));
    assertEquals("0|root\n4|adm", table("groups"));
  }

  @Test
  void modulesMountsAndInterfacesAreNamed() throws Exception {
    write(
        "/proc/modules",
        "ext4 933888 1 - Live 0x0000000000000000\nmbcache 16384 1 ext4, Live 0x0\n");
    write(
        "/proc/self/mountinfo",
        """
        24 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
        25 24 0:5 / /a\\040b rw - tmpfs tmpfs rw
        """);
    write("/sys/class/net/eth0/address", "02:00:00:00:00:01\n");
    write("/sys/class/net/eth0/mtu", "1500\n");
    assertEquals(
        "ext4|933888|-|Live|0x0000000000000000\nmbcache|16384|ext4,|Live|0x0",
        table("kernel_modules"));
    assertEquals("/dev/sda1|/|ext4|rw,relatime\ntmpfs|/a b|tmpfs|rw", table("mounts"));
    assertEquals("eth0|02:00:00:00:00:01||1500||||", table("interface_details"));
  }

  @Test
  void hubsWithoutAVendorAreNoDevices() throws Exception {
    assertEquals("", table("usb_devices"), "a kernel without USB");
    write("/sys/bus/usb/devices/1-1/idVendor", "0951\n");
    write("/sys/bus/usb/devices/1-1/idProduct", "1666\n");
    write("/sys/bus/usb/devices/1-1/removable", "removable\n");
    write("/sys/bus/usb/devices/1-1:1.0/bInterfaceClass", "08\n");
    assertEquals("|1-1||0951|||1666|||1", table("usb_devices"));
  }

  /// A program may call itself anything, also something with a parenthesis and a blank.
  @Test
  void aProcessIsReadWhateverItsName() throws Exception {
    write("/proc/stat", "cpu 1 2\nbtime 1000\n");
    write("/proc/42/stat", "42 (a) R (b" + ")" + STAT_REST);
    write("/proc/42/status", "Name:\tx\nUid:\t1000\t0\t0\t0\nGid:\t100\t0\t0\t0\n");
    write("/proc/42/cmdline", "a\0--of two\0");
    Files.createSymbolicLink(root.resolve("proc/42/exe"), Path.of("/opt/a (deleted)"));
    Files.createDirectories(root.resolve("proc/43"));
    assertEquals(
        "42|a) R (b|/opt/a|a --of two|S|||1000|100|0|0|0|28672|1500|2500|1060|1|42|3|5",
        table("processes"));
  }

  @Test
  void portsHaveTheProcessThatWaits() throws Exception {
    String head =
        "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid\n";
    String rest = " 00000000:00000000 00:00000000 00000000     0        0 777 1 0 100\n";
    write(
        "/proc/net/tcp",
        head
            + "   0: 0100007F:1F90 00000000:0000 0A"
            + rest
            + "   1: 0100007F:1F90 0100007F:8000 01"
            + rest);
    write(
        "/proc/net/tcp6",
        head
            + "   0: 00000000000000000000000001000000:0016 00000000000000000000000000000000:0000 0A"
            + rest.replace("777", "778"));
    Files.createDirectories(root.resolve("proc/42/fd"));
    Files.createSymbolicLink(root.resolve("proc/42/fd/7"), Path.of("socket:[777]"));
    assertEquals("42|8080|6|2|127.0.0.1|7|777\n-1|22|6|10|::1|-1|778", table("listening_ports"));
  }

  @Test
  void packagesThatAreInstalledCount() throws Exception {
    assertEquals("", table("deb_packages"), "a host without dpkg");
    write(
        "/var/lib/dpkg/status",
        """
        Package: acl
        Status: install ok installed
        Priority: optional
        Section: utils
        Installed-Size: 2
        Maintainer: Someone
        Architecture: amd64
        Version: 2.3.1-3
        Description: access control lists
         Version: none of it
         .

        Package: gone
        Status: deinstall ok config-files
        Version: 1
        """);
    assertEquals(
        "acl|2.3.1-3||2048|amd64|3|install ok installed|Someone|utils|optional",
        table("deb_packages"));
  }

  @Test
  void whatIsMissingIsSaid() {
    InventoryTable table = new Inventory(root).table("os_version").orElseThrow();
    assertThrows(IOException.class, table::rows);
  }

  @Test
  void thisHostHasEachTable() throws Exception {
    for (InventoryTable table : new Inventory(Path.of("/")).tables()) {
      for (List<String> row : table.rows()) {
        assertEquals(table.columns().size(), row.size(), table.name());
      }
    }
    Inventory host = new Inventory(Path.of("/"));
    long self = ProcessHandle.current().pid();
    assertTrue(
        host.table("processes").orElseThrow().rows().stream()
            .anyMatch(row -> row.getFirst().equals(Long.toString(self))),
        "this process is among them");
  }

  /// What an account, a program or a package says of itself breaks no table.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void anyTextIsReadOrRefused(long seed) throws Exception {
    Random random = new Random(seed);
    List<String> paths =
        List.of(
            "/etc/os-release",
            "/etc/passwd",
            "/etc/group",
            "/proc/cpuinfo",
            "/proc/modules",
            "/proc/stat",
            "/proc/42/status",
            "/proc/42/cmdline",
            "/var/lib/dpkg/status");
    for (int round = 0; round < 20; round++) {
      for (String path : paths) {
        String noise =
            IntStream.range(0, random.nextInt(400))
                .mapToObj(_ -> Character.toString("\0:= \n\t()\"'x7é-".charAt(random.nextInt(14))))
                .collect(Collectors.joining());
        write(path, new String(noise.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8));
      }
      write(
          "/proc/42/stat",
          "42 (" + random.nextInt() + ")" + STAT_REST.substring(random.nextInt(60)));
      for (InventoryTable table : new Inventory(root).tables()) {
        try {
          for (List<String> row : table.rows()) {
            assertEquals(table.columns().size(), row.size(), table.name());
          }
        } catch (IOException e) {
          assertTrue(e.getMessage() != null, table.name());
        }
      }
    }
  }
}
