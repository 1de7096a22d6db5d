package redoubt.cli.inventory;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The machine and its operating system, a row each.
final class SystemTables {
  private static final String DMI = "/sys/class/dmi/id/";
  private static final long BYTES_PER_KIB = 1024;
  private static final long SECONDS_PER_DAY = 86_400;
  private static final long SECONDS_PER_HOUR = 3_600;

  private SystemTables() {}

  static List<InventoryTable> of(HostFiles files) {
    return List.of(
        new InventoryTable(
            "os_version",
            "the distribution",
            "name version major minor patch build platform platform_like codename arch",
            rows -> system(files, rows)),
        new InventoryTable(
            "system_info",
            "the machine",
            "hostname uuid cpu_type cpu_brand cpu_logical_cores physical_memory hardware_vendor"
                + " hardware_model hardware_version hardware_serial",
            rows -> machine(files, rows)),
        new InventoryTable(
            "kernel_info",
            "the kernel that runs",
            "version arguments",
            rows ->
                rows.add(
                    files.text("/proc/sys/kernel/osrelease").strip(), files.word("/proc/cmdline"))),
        new InventoryTable(
            "uptime",
            "how long it has run",
            "days hours minutes seconds total_seconds",
            rows -> uptime(files, rows)));
  }

  /// As os-release(5) has it.
  private static void system(HostFiles files, InventoryTable.Rows rows) throws IOException {
    Map<String, String> facts = new HashMap<>();
    for (String line : files.text("/etc/os-release").split("\n")) {
      int equals = line.indexOf('=');
      if (equals > 0) {
        String value = line.substring(equals + 1).strip().replaceAll("^[\"']|[\"']$", "");
        facts.put(line.substring(0, equals).strip(), value);
      }
    }
    String[] version = facts.getOrDefault("VERSION_ID", "").split("\\.");
    rows.add(
        facts.getOrDefault("NAME", "Linux"),
        facts.getOrDefault("VERSION", facts.getOrDefault("VERSION_ID", "")),
        version[0].isEmpty() ? "0" : version[0],
        version.length > 1 ? version[1] : "0",
        version.length > 2 ? version[2] : "0",
        facts.getOrDefault("BUILD_ID", ""),
        facts.getOrDefault("ID", "linux"),
        facts.getOrDefault("ID_LIKE", ""),
        facts.getOrDefault("VERSION_CODENAME", ""),
        architecture(files));
  }

  /// As `uname -m` has it; kernels before 6.1 do not say it there.
  private static String architecture(HostFiles files) {
    String told = files.word("/proc/sys/kernel/arch");
    return told.isEmpty() ? System.getProperty("os.arch", "").replace("amd64", "x86_64") : told;
  }

  private static void machine(HostFiles files, InventoryTable.Rows rows) throws IOException {
    String brand = "";
    int cores = 0;
    for (String line : files.text("/proc/cpuinfo").split("\n")) {
      String name = line.substring(0, Math.max(0, line.indexOf(':'))).strip();
      switch (name) {
        case "processor" -> cores++;
        case "model name" -> brand = line.substring(line.indexOf(':') + 1).strip();
        default -> {}
      }
    }
    rows.add(
        files.word("/proc/sys/kernel/hostname"),
        files.word(DMI + "product_uuid"),
        architecture(files),
        brand,
        cores,
        memory(files.text("/proc/meminfo")),
        files.word(DMI + "sys_vendor"),
        files.word(DMI + "product_name"),
        files.word(DMI + "product_version"),
        files.word(DMI + "product_serial"));
  }

  /// Bytes.
  private static String memory(String facts) {
    return facts
        .lines()
        .filter(line -> line.startsWith("MemTotal:"))
        .map(line -> line.replaceAll("[^0-9]", ""))
        .map(kib -> Long.toString(Long.parseLong(kib) * BYTES_PER_KIB))
        .findFirst()
        .orElse("");
  }

  private static void uptime(HostFiles files, InventoryTable.Rows rows) throws IOException {
    String[] words = files.text("/proc/uptime").strip().split("[. ]");
    long seconds = Long.parseLong(words[0]);
    rows.add(
        seconds / SECONDS_PER_DAY,
        seconds % SECONDS_PER_DAY / SECONDS_PER_HOUR,
        seconds % SECONDS_PER_HOUR / 60,
        seconds % 60,
        seconds);
  }
}
