package redoubt.cli.inventory;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What Debian's package manager has installed. Those of rpm are not among the tables: its database
/// is read by its own programs alone.
final class PackageTables {
  private static final String STATUS = "/var/lib/dpkg/status";

  /// More than the file of any host has.
  private static final long MOST_BYTES = 256 << 20;

  private static final long BYTES_PER_KIB = 1024;
  private static final String INSTALLED = "install ok installed";

  private PackageTables() {}

  static List<InventoryTable> of(HostFiles files) {
    return List.of(
        new InventoryTable(
            "deb_packages",
            "the packages that dpkg has installed",
            "name version source size arch revision status maintainer section priority",
            rows -> read(files, rows)));
  }

  /// The paragraphs of deb-control(5); what a field says in further lines is passed over.
  private static void read(HostFiles files, InventoryTable.Rows rows) throws IOException {
    long size;
    try {
      size = Files.size(files.at(STATUS));
    } catch (NoSuchFileException _) {
      return; // a host without dpkg has no package of it
    }
    if (size > MOST_BYTES) {
      throw new IOException("too large: path=" + STATUS + " bytes=" + size);
    }
    Map<String, String> fields = new HashMap<>();
    try (BufferedReader file = Files.newBufferedReader(files.at(STATUS), StandardCharsets.UTF_8)) {
      for (String line = file.readLine(); line != null; line = file.readLine()) {
        int colon = line.indexOf(':');
        if (line.isEmpty()) {
          add(fields, rows);
          fields.clear();
        } else if (line.charAt(0) != ' ' && line.charAt(0) != '\t' && colon > 0) {
          fields.put(line.substring(0, colon), line.substring(colon + 1).strip());
        }
      }
    } catch (MalformedInputException e) {
      throw new IOException("not in UTF-8: path=" + STATUS, e);
    }
    add(fields, rows);
  }

  private static void add(Map<String, String> fields, InventoryTable.Rows rows) {
    String status = fields.getOrDefault("Status", "");
    if (!status.equals(INSTALLED)) {
      return;
    }
    String version = fields.getOrDefault("Version", "");
    int dash = version.lastIndexOf('-');
    rows.add(
        fields.getOrDefault("Package", ""),
        version,
        fields.getOrDefault("Source", ""),
        bytes(fields.getOrDefault("Installed-Size", "")),
        fields.getOrDefault("Architecture", ""),
        dash < 0 ? "" : version.substring(dash + 1),
        status,
        fields.getOrDefault("Maintainer", ""),
        fields.getOrDefault("Section", ""),
        fields.getOrDefault("Priority", ""));
  }

  private static String bytes(String kibibytes) {
    try {
      return Long.toString(Math.multiplyExact(Long.parseLong(kibibytes), BYTES_PER_KIB));
    } catch (ArithmeticException | NumberFormatException _) {
      return "";
    }
  }
}
