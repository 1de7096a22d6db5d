package redoubt.agent.sensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import redoubt.agent.health.Counter;
import redoubt.agent.health.Counters;
import redoubt.agent.health.TimeSource;
import redoubt.core.linux.Uevent;
import redoubt.core.model.Device;
import redoubt.core.model.EventClass;
import redoubt.core.model.HostEvent.DeviceChange;

/// Devices on the real kernel: a loop device that no file is behind is made and removed.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DeviceSensorTest {
  /// A number that nothing else takes.
  private static final int LOOP = 231;

  private static final String PATH = "/devices/virtual/block/loop" + LOOP;

  private final Counters counters = new Counters();
  private final TakenEvents<DeviceChange> taken = new TakenEvents<>(DeviceChange.class);

  /// `LOOP_CTL_ADD`, `LOOP_CTL_REMOVE`.
  private static void loop(int request) throws Exception {
    String python =
        "import fcntl; fcntl.ioctl(open('/dev/loop-control'), %d, %d)".formatted(request, LOOP);
    Process process = new ProcessBuilder("python3", "-c", python).inheritIO().start();
    assertEquals(0, process.waitFor());
  }

  private static void add() throws Exception {
    loop(0x4C80);
  }

  private static void remove() throws Exception {
    loop(0x4C81);
  }

  @AfterEach
  void removeWhatIsLeft() throws Exception {
    if (Files.exists(Path.of("/sys" + PATH))) {
      remove();
    }
  }

  @Test
  void aDeviceIsToldOfWhenItComesAndWhenItGoes() throws Exception {
    try (DeviceSensor _ = DeviceSensor.start(_ -> "", taken, counters, TimeSource.system())) {
      add();
      DeviceChange came = taken.await(each -> each.device().path().equals(PATH));
      assertEquals(EventClass.DEVICE_CONNECT, came.eventClass());
      assertEquals(new Device("block", "disk", PATH, "loop" + LOOP, "", "", "", ""), came.device());
      // Asked to say it again, the kernel does; that is no second device.
      Files.writeString(Path.of("/sys" + PATH + "/uevent"), "add");
      remove();
      DeviceChange went =
          taken.await(each ->
              each.eventClass() == EventClass.DEVICE_DISCONNECT
                  && each.device().path().equals(PATH));
      assertEquals(came.device(), went.device());
      assertEquals(
          1,
          taken.all().stream()
              .filter(each -> each.eventClass() == EventClass.DEVICE_CONNECT)
              .filter(each -> each.device().path().equals(PATH))
              .count());
    }
    assertEquals(0, counters.value(Counter.DEVICE_EVENTS_LOST));
  }

  @Test
  void whatIsThereIsFoundByLooking() throws Exception {
    DeviceTable devices = new DeviceTable(Path.of("/sys"));
    String zero = "/devices/virtual/mem/zero";
    assertTrue(devices.look().contains(zero), () -> "devices: " + devices.look());
    Uevent event = devices.asConnected(zero);
    assertEquals("mem", event.value("SUBSYSTEM"));
    assertEquals("zero", devices.add(event).node());
    add();
    assertTrue(devices.look().contains(PATH));
  }

  @Test
  void whatTheKernelSaysLastIsNotCutAway(@TempDir Path sys) throws Exception {
    Path device = Files.createDirectories(sys.resolve("devices/x"));
    Files.writeString(device.resolve("uevent"), "LONG=" + "x".repeat(1_000) + "\nDEVNAME=late\n");
    assertEquals("late", new DeviceTable(sys).asConnected("/devices/x").value("DEVNAME"));
  }

  @Test
  void aPartOfAPluggedInDeviceIsToldAsThat(@TempDir Path sys) throws Exception {
    Path usb = Files.createDirectories(sys.resolve("devices/pci0/usb1/1-2"));
    Files.writeString(usb.resolve("idVendor"), "046d\n");
    Files.writeString(usb.resolve("idProduct"), "c52b\n");
    Files.writeString(usb.resolve("serial"), "A1\n");
    Files.writeString(usb.resolve("manufacturer"), "Maker\n");
    Files.writeString(usb.resolve("product"), "x".repeat(1_000));
    DeviceTable devices = new DeviceTable(sys);
    String path = "/devices/pci0/usb1/1-2/1-2:1.0/host0/block/sda";
    Device disk =
        devices.add(
            new Uevent(
                "add", path, Map.of("SUBSYSTEM", "block", "DEVTYPE", "disk", "DEVNAME", "sda")));
    assertEquals("046d", disk.vendor());
    assertEquals("c52b", disk.product());
    assertEquals("A1", disk.serial());
    assertTrue(disk.name().startsWith("Maker xxx") && disk.name().length() <= 256);
    assertEquals(disk, devices.remove(new Uevent("remove", path, Map.of())));
    Device pci = devices.add(new Uevent("add", "/devices/pci0/0:1", Map.of("PCI_ID", "8086:1237")));
    assertEquals("8086 1237", pci.vendor() + " " + pci.product());
    Device mouse =
        devices.add(new Uevent("add", "/devices/x", Map.of("HID_ID", "0003:0000046D:0000C52B")));
    assertEquals("046d c52b", mouse.vendor() + " " + mouse.product());
  }
}
