package redoubt.core.wire;

import java.util.List;
import redoubt.core.model.Device;
import redoubt.core.model.Endpoint;
import redoubt.core.model.EventClass;
import redoubt.core.model.HostEvent;
import redoubt.core.model.Octets;
import redoubt.core.model.ProcessInfo;

/// Of each class of events about the host as a whole one, for the golden vectors.
final class SystemSamples {
  private static final long NOON = 1_700_000_000_000_000_000L;
  private static final ProcessInfo PROCESS = ProcessInfo.UNKNOWN.forkedAs(4711, 1);

  private SystemSamples() {}

  static AgentMessage.Activity dns() {
    // Who asks for the address of example.org, as RFC 1035 writes it.
    byte[] query = {
      0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 7, 'e', 'x', 'a', 'm', 'p', 'l', 'e', 3, 'o', 'r',
      'g', 0, 0, 1, 0, 1
    };
    return new AgentMessage.Activity(
        0,
        51,
        List.of(
            new HostEvent.DnsMessage(
                NOON,
                PROCESS,
                false,
                new Endpoint("192.0.2.1", 40_000),
                new Endpoint("192.0.2.53", 53),
                Octets.of(query)),
            new HostEvent.DnsMessage(
                NOON + 1,
                ProcessInfo.UNKNOWN,
                true,
                new Endpoint("2001:db8::53", 53),
                new Endpoint("2001:db8::1", 40_000),
                Octets.of(query))));
  }

  static AgentMessage.Activity system() {
    return new AgentMessage.Activity(
        0,
        53,
        List.of(
            new HostEvent.DeviceChange(
                EventClass.DEVICE_CONNECT,
                NOON,
                new Device(
                    "usb",
                    "usb_device",
                    "/devices/pci0000:00/0000:00:14.0/usb1/1-2",
                    "bus/usb/001/004",
                    "046d",
                    "c52b",
                    "A1B2",
                    "Logitech USB Receiver")),
            new HostEvent.DeviceChange(
                EventClass.DEVICE_DISCONNECT,
                NOON + 1,
                new Device(
                    "block", "disk", "/devices/virtual/block/loop8", "loop8", "", "", "", "")),
            new HostEvent.ModuleChange(
                EventClass.MODULE_LOAD, NOON + 2, "evil", "/lib/modules/6.1.0/extra/evil.ko", "OE"),
            new HostEvent.ModuleChange(EventClass.MODULE_UNLOAD, NOON + 3, "dummy", "", ""),
            new HostEvent.MountChange(
                EventClass.MOUNT, NOON + 4, "/media/stick", "/", "vfat", "/dev/sdb1", "rw,nosuid"),
            new HostEvent.MountChange(
                EventClass.UNMOUNT, NOON + 5, "/srv", "/data", "ext4", "/dev/sda2", "ro"),
            new HostEvent.AuditRecord(
                NOON + 6,
                PROCESS,
                1_300,
                "audit(1700000000.000:42): arch=c000003e syscall=59 success=yes pid=4711"),
            new HostEvent.LoginActivity(
                EventClass.LOGIN, NOON + 7, PROCESS, "ada", "pts/0", "192.0.2.1"),
            new HostEvent.LoginActivity(
                EventClass.LOGIN_FAILURE,
                NOON + 8,
                ProcessInfo.UNKNOWN,
                "root",
                "ssh:notty",
                "::1"),
            new HostEvent.LoginActivity(
                EventClass.LOGOUT, NOON + 9, ProcessInfo.UNKNOWN, "ada", "tty1", ""),
            new HostEvent.AccountChange(
                EventClass.ACCOUNT_CREATE, NOON + 10, false, "mallory", 0, List.of()),
            new HostEvent.AccountChange(
                EventClass.ACCOUNT_CHANGE, NOON + 11, true, "sudo", 27, List.of("members")),
            new HostEvent.AccountChange(
                EventClass.ACCOUNT_DELETE, NOON + 12, false, "ada", 1_000, List.of())));
  }
}
