package redoubt.agent.sensor;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import redoubt.core.linux.KernelFile;
import redoubt.core.linux.Uevent;
import redoubt.core.model.Device;
import redoubt.core.wire.WireLimits;
import redoubt.core.wire.WireText;

/// The devices that there are, as far as they are known, and what `sysfs` says of each. Not
/// thread-safe; reading may wait for a device that is slow to answer.
final class DeviceTable {
  /// More devices than a host has; of others the end is told without what they were.
  private static final int MOST = 16_384;

  /// How far above a device the one is sought that was plugged in.
  private static final int STEPS = 8;

  private static final int ID_DIGITS = 4;

  /// A part of the path of every device on such a bus.
  private static final String USB = "/usb";

  private final Path sys;
  private final Map<String, Device> known = new HashMap<>();

  /// @param sys where `sysfs` is
  DeviceTable(Path sys) {
    this.sys = sys;
  }

  /// A device was connected.
  Device add(Uevent event) {
    Device device = describe(event);
    if (known.size() < MOST) {
      known.put(event.path(), device);
    }
    return device;
  }

  /// A device was disconnected.
  ///
  /// @return what it was, as much as is remembered of it
  Device remove(Uevent event) {
    Device before = known.remove(event.path());
    return before == null ? ofEvent(event) : before;
  }

  boolean knows(String path) {
    return known.containsKey(path);
  }

  /// The paths of all that are known.
  Set<String> paths() {
    return Set.copyOf(known.keySet());
  }

  /// The paths of all devices that there are now.
  Set<String> look() {
    Set<String> paths = new HashSet<>();
    for (String place : List.of("class", "bus")) {
      for (Path kind : list(sys.resolve(place))) {
        for (Path link : list(place.equals("bus") ? kind.resolve("devices") : kind)) {
          pathOf(link, paths);
        }
      }
    }
    return paths;
  }

  private void pathOf(Path link, Set<String> paths) {
    try {
      // A class may have plain files beside its devices.
      if (Files.isSymbolicLink(link) && paths.size() < MOST) {
        paths.add("/" + sys.toRealPath().relativize(link.toRealPath()));
      }
    } catch (IOException _) {
      // It has just gone.
    }
  }

  private static List<Path> list(Path folder) {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      List<Path> all = new ArrayList<>();
      entries.forEach(all::add);
      return all;
    } catch (IOException | DirectoryIteratorException _) {
      return List.of();
    }
  }

  /// What the kernel would say if the device were connected now.
  Uevent asConnected(String path) {
    // Longer than any one attribute that is kept, so it is not cut before it is taken apart.
    Map<String, String> values = Uevent.valuesOf(readWhole(path, "uevent").lines().toList());
    try {
      Path subsystem = Files.readSymbolicLink(sys.resolve(path.substring(1) + "/subsystem"));
      values.put("SUBSYSTEM", String.valueOf(subsystem.getFileName()));
    } catch (IOException _) {
      values.put("SUBSYSTEM", "");
    }
    return new Uevent("add", path, values);
  }

  private Device describe(Uevent event) {
    Device bare = ofEvent(event);
    String plugged = pluggedIn(event.path());
    if (plugged.isEmpty()) {
      return bare;
    }
    return new Device(
        bare.subsystem(),
        bare.type(),
        bare.path(),
        bare.node(),
        read(plugged, "idVendor"),
        read(plugged, "idProduct"),
        read(plugged, "serial"),
        cut((read(plugged, "manufacturer") + " " + read(plugged, "product")).strip()));
  }

  /// The USB device that it is, or is a part of; empty if it is none.
  private String pluggedIn(String path) {
    String at = path.contains(USB) ? path : "";
    for (int i = 0; i < STEPS && at.length() > 1; i++) {
      if (!read(at, "idVendor").isEmpty()) {
        return at;
      }
      at = at.substring(0, Math.max(0, at.lastIndexOf('/')));
    }
    return "";
  }

  private static Device ofEvent(Uevent event) {
    // Of PCI `8086:1237`, of HID `0003:0000046D:0000C52B`.
    String[] ids = (event.value("PCI_ID") + event.value("HID_ID")).split(":", -1);
    boolean named = ids.length > 1;
    return new Device(
        cut(event.value("SUBSYSTEM")),
        cut(event.value("DEVTYPE")),
        WireText.cutPath(event.path()),
        WireText.cutPath(event.value("DEVNAME")),
        named ? id(ids[ids.length - 2]) : "",
        named ? id(ids[ids.length - 1]) : "",
        cut(event.value("HID_UNIQ")),
        cut(event.value("HID_NAME")));
  }

  private static String id(String digits) {
    String last = digits.substring(Math.max(0, digits.length() - ID_DIGITS));
    return last.toLowerCase(Locale.ROOT);
  }

  private String read(String path, String attribute) {
    return cut(readWhole(path, attribute).strip());
  }

  private String readWhole(String path, String attribute) {
    try {
      return KernelFile.read(sys + path + "/" + attribute);
    } catch (IOException _) {
      return ""; // it has no such attribute, or is gone
    }
  }

  private static String cut(String text) {
    return WireText.cut(text, WireLimits.NAME_CHARS);
  }
}
