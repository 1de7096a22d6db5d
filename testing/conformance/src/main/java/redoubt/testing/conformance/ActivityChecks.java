package redoubt.testing.conformance;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import redoubt.core.model.Credentials;
import redoubt.core.model.Device;
import redoubt.core.model.Endpoint;
import redoubt.core.model.EventClass;
import redoubt.core.model.HostEvent;
import redoubt.core.model.Octets;
import redoubt.core.model.ProcessInfo;
import redoubt.core.model.Sha256;
import redoubt.core.wire.WireLimits;

/// What has happened on the host: every event handled, whatever is in it.
final class ActivityChecks {
  private static final String ACTIVITY = "Activity → Handled";
  private static final int[] SIZES = {1, 2, WireLimits.HOST_EVENTS_PER_MESSAGE, 17, 1, 255};
  private static final int ROUNDS = 8;
  private static final int TCP = 6;
  private static final int SYSCALL = 1_300;

  private ActivityChecks() {}

  static List<Check> all() {
    return List.of(
        new Check(
            "activity-handled",
            ACTIVITY,
            "says of thousands of events of the host that it has handled them, of none twice",
            ActivityChecks::handled),
        new Check(
            "activity-extremes",
            ACTIVITY,
            "handles events of which nothing is known, and such with all that one may have",
            ActivityChecks::extremes));
  }

  private static String handled(Stage stage) throws IOException, InterruptedException {
    Conversation engine = stage.ready();
    List<EventClass> classes = classesOf(engine);
    int told = 0;
    for (int round = 0; round < ROUNDS; round++) {
      for (int size : SIZES) {
        List<HostEvent> events = new ArrayList<>();
        for (int i = 0; i < size; i++) {
          events.add(event(classes.get((told + i) % classes.size()), usual(told + i + 1)));
        }
        engine.tell(0, events);
        told += size;
      }
    }
    awaitHandled(engine);
    return told + " events";
  }

  private static String extremes(Stage stage) throws IOException, InterruptedException {
    Conversation engine = stage.ready();
    for (EventClass eventClass : classesOf(engine)) {
      engine.tell(0, List.of(event(eventClass, ProcessInfo.UNKNOWN)));
      engine.tell(WireLimits.HOST_EVENTS_UNHANDLED, List.of(event(eventClass, largest())));
    }
    awaitHandled(engine);
    return "";
  }

  private static void awaitHandled(Conversation engine) {
    engine.awaitUntil("Handled for all events", () -> engine.ledger().unhandled() == 0);
  }

  private static List<EventClass> classesOf(Conversation engine) {
    List<EventClass> classes =
        engine.hello().notifyClasses().stream()
            .filter(eventClass -> !eventClass.isAnswerable())
            .sorted()
            .toList();
    if (classes.isEmpty()) {
      throw new NotClaimedException("the engine asks for no class of events of the host");
    }
    return classes;
  }

  private static HostEvent event(EventClass eventClass, ProcessInfo process) {
    return switch (eventClass) {
      case PROCESS_START ->
          new HostEvent.ProcessStart(1, process, process, Sha256.hash(new byte[0]));
      case PROCESS_EXIT -> new HostEvent.ProcessExit(1, process, 0);
      case PROCESS_ACCESS -> new HostEvent.ProcessAccess(1, process, process);
      case PROCESS_FORK -> new HostEvent.ProcessFork(1, process, process);
      case PROCESS_IDENTITY ->
          new HostEvent.ProcessIdentity(1, process, new Credentials(-2, -2, -2, -2));
      case FILE_CREATE, FILE_MODIFY, FILE_RENAME, FILE_DELETE, FILE_ATTRIBUTES ->
          new HostEvent.FileChange(eventClass, 1, process, process.image(), process.image(), false);
      case FILE_CONTENT ->
          new HostEvent.FileContent(
              1,
              process,
              List.of(1),
              process.image(),
              process.image(),
              4_711,
              1,
              "gzip",
              List.of(7_900));
      case NET_CONNECT, NET_LISTEN, NET_CLOSE ->
          new HostEvent.NetworkActivity(
              eventClass,
              1,
              process,
              TCP,
              true,
              new Endpoint("192.0.2.1", 443),
              new Endpoint("2001:db8:1111:2222:3333:4444:5555:6666", 65_535),
              1);
      case DNS_MESSAGE ->
          new HostEvent.DnsMessage(
              1,
              process,
              false,
              new Endpoint("192.0.2.1", 40_000),
              new Endpoint("192.0.2.53", 53),
              Octets.of(new byte[process.image().length()]));
      case DEVICE_CONNECT, DEVICE_DISCONNECT ->
          new HostEvent.DeviceChange(
              eventClass,
              1,
              new Device(
                  "usb", "usb_device", "/devices/usb1", "bus/usb/001", "1d6b", "0002", "1", "hub"));
      case MODULE_LOAD, MODULE_UNLOAD ->
          new HostEvent.ModuleChange(eventClass, 1, "dummy", "/lib/modules/dummy.ko", "OE");
      case MOUNT, UNMOUNT ->
          new HostEvent.MountChange(eventClass, 1, "/mnt", "/", "ext4", "/dev/sdb1", "ro,nosuid");
      case AUDIT_RECORD ->
          new HostEvent.AuditRecord(1, process, SYSCALL, "x".repeat(2 * process.image().length()));
      case LOGIN, LOGIN_FAILURE, LOGOUT ->
          new HostEvent.LoginActivity(eventClass, 1, process, "ada", "pts/0", "192.0.2.1");
      case ACCOUNT_CREATE, ACCOUNT_CHANGE, ACCOUNT_DELETE ->
          new HostEvent.AccountChange(eventClass, 1, false, "ada", 1_000, List.of("shell"));
      case EXEC, OPEN, SCAN -> throw new IllegalArgumentException("not of the host: " + eventClass);
    };
  }

  private static ProcessInfo usual(int pid) {
    return new ProcessInfo(
        pid,
        pid,
        1,
        new Credentials(0, 0, 0, 0),
        1,
        "root",
        "/usr/bin/id",
        List.of("id", "-u"),
        false,
        "/root",
        "");
  }

  private static ProcessInfo largest() {
    String path = "/" + "x".repeat(WireLimits.PATH_BYTES - 1);
    return new ProcessInfo(
        Integer.MAX_VALUE,
        -1,
        Integer.MAX_VALUE,
        new Credentials(-2, -2, -2, -2),
        -1,
        "u".repeat(WireLimits.NAME_CHARS),
        path,
        Collections.nCopies(
            WireLimits.ARGUMENTS, "x".repeat(WireLimits.ARGUMENT_BYTES / WireLimits.ARGUMENTS)),
        true,
        path,
        "");
  }
}
