package redoubt.cli.inventory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import redoubt.core.linux.MountEntry;
import redoubt.core.linux.Mounts;

/// What is mounted, loaded and plugged in.
final class DeviceTables {
  private static final String USB = "/sys/bus/usb/devices";
  private static final String NETWORK = "/sys/class/net";
  private static final int MODULE_FIELDS = 6;

  private DeviceTables() {}

  static List<InventoryTable> of(HostFiles files) {
    return List.of(
        new InventoryTable(
            "mounts",
            "the file systems that this process sees",
            "device path type flags",
            rows -> mounts(files, rows)),
        new InventoryTable(
            "kernel_modules",
            "the modules in the kernel",
            "name size used_by status address",
            rows -> modules(files, rows)),
        new InventoryTable(
            "usb_devices",
            "what is plugged in by USB",
            "usb_address usb_port vendor vendor_id version model model_id serial class removable",
            rows -> usb(files, rows)),
        new InventoryTable(
            "interface_details",
            "the network interfaces of this network namespace",
            "interface mac type mtu ipackets opackets ibytes obytes",
            rows -> interfaces(files, rows)));
  }

  private static void mounts(HostFiles files, InventoryTable.Rows rows) throws IOException {
    try {
      for (MountEntry mount : Mounts.read(files.at("/proc/self/mountinfo").toString())) {
        rows.add(mount.source(), mount.mountPoint(), mount.type(), mount.options());
      }
    } catch (UncheckedIOException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private static void modules(HostFiles files, InventoryTable.Rows rows) {
    // a kernel without modules has no such file
    for (String line : files.word("/proc/modules").split("\n")) {
      String[] fields = line.split(" ");
      if (fields.length >= MODULE_FIELDS) {
        rows.add(fields[0], fields[1], fields[3], fields[4], fields[5]);
      }
    }
  }

  private static void usb(HostFiles files, InventoryTable.Rows rows) throws IOException {
    List<String> names;
    try {
      names = files.names(USB);
    } catch (IOException _) {
      return; // a kernel without USB has nothing plugged in
    }
    for (String name : names) {
      String device = USB + "/" + name + "/";
      String vendor = files.word(device + "idVendor");
      if (!vendor.isEmpty()) {
        rows.add(
            files.word(device + "devnum"),
            name,
            files.word(device + "manufacturer"),
            vendor,
            files.word(device + "bcdDevice"),
            files.word(device + "product"),
            files.word(device + "idProduct"),
            files.word(device + "serial"),
            files.word(device + "bDeviceClass"),
            files.word(device + "removable").equals("removable") ? "1" : "0");
      }
    }
  }

  private static void interfaces(HostFiles files, InventoryTable.Rows rows) throws IOException {
    for (String name : files.names(NETWORK)) {
      String device = NETWORK + "/" + name + "/";
      String address = files.word(device + "address");
      if (!address.isEmpty()) {
        rows.add(
            name,
            address,
            files.word(device + "type"),
            files.word(device + "mtu"),
            files.word(device + "statistics/rx_packets"),
            files.word(device + "statistics/tx_packets"),
            files.word(device + "statistics/rx_bytes"),
            files.word(device + "statistics/tx_bytes"));
      }
    }
  }
}
