package redoubt.engine.sigma.vectors;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import redoubt.core.model.Credentials;
import redoubt.core.model.Device;
import redoubt.core.model.Endpoint;
import redoubt.core.model.EventClass;
import redoubt.core.model.HostEvent;
import redoubt.core.model.ProcessInfo;
import redoubt.core.model.Sha256;

/// Makes events of what they shall have. What they have in the end is for whoever reads them to
/// say: some fields depend on others, and some values no event can have. Not thread-safe.
final class EventMaker {
  private static final Pattern DIGEST = Pattern.compile("(?:SHA256=)?([0-9A-Fa-f]{0,64})");
  private static final int DIGEST_DIGITS = 64;
  private static final Map<String, Integer> PROTOCOLS = Map.of("tcp", 6, "udp", 17, "sctp", 132);
  private static final int OTHER_PROTOCOL = 41;
  private static final Credentials NOBODY = new Credentials(-1, -1, -1, -1);
  private static final Credentials SOMEBODY = new Credentials(4711, 4711, 4711, 4711);

  private final Shape shape;
  private final Draft draft;
  private final long timeNanos;
  private final int pid;
  private final String mark;

  private EventMaker(Shape shape, Draft draft, long timeNanos, int pid) {
    this.shape = shape;
    this.draft = draft;
    this.timeNanos = timeNanos;
    this.pid = pid;
    mark = Words.mark(pid);
  }

  /// An event, or null if there can be none such.
  ///
  /// @param pid the first of the numbers for its processes
  static @Nullable HostEvent make(Shape shape, Draft draft, long timeNanos, int pid) {
    try {
      return new EventMaker(shape, draft, timeNanos, pid).event();
    } catch (IllegalArgumentException _) {
      return null;
    }
  }

  private HostEvent event() {
    return switch (shape) {
      case PROCESS_START ->
          new HostEvent.ProcessStart(
              timeNanos,
              process(pid, "Image", "CommandLine", "User"),
              process(pid + 1, "ParentImage", "ParentCommandLine", "ParentUser"),
              digest());
      case PROCESS_EXIT -> new HostEvent.ProcessExit(timeNanos, process(), 0);
      case ACCESS ->
          new HostEvent.ProcessAccess(
              timeNanos,
              process(
                  pid,
                  draft.values().containsKey("SourceImage") ? "SourceImage" : "Image",
                  "CommandLine",
                  draft.values().containsKey("SourceUser") ? "SourceUser" : "User"),
              process(pid + 1, "TargetImage", "", "TargetUser"));
      case FILE_CREATE, FILE_RENAME, FILE_DELETE -> file();
      case NETWORK -> network();
      case DNS -> DnsAnswers.make(draft, timeNanos, process(), pid, mark);
      case MODULE -> module();
      case DEVICE -> device();
      case MOUNT ->
          new HostEvent.MountChange(
              eventClass(),
              timeNanos,
              text("MountPoint", "/srv/zq/" + mark),
              "/",
              text("FileSystem", "zqfs"),
              text("Source", "/dev/zq" + mark),
              text("Options", "zqo"));
      case LOGIN ->
          new HostEvent.LoginActivity(
              eventClass(),
              timeNanos,
              process(),
              text("TargetUserName", "zq" + mark),
              text("Terminal", "zqt"),
              text("IpAddress", "zq.invalid"));
      case ACCOUNT -> account();
      case AUDIT -> AuditRecords.make(draft, timeNanos, pid);
    };
  }

  private String text(String field, String usual) {
    return draft.text(field, usual);
  }

  private ProcessInfo process() {
    return process(pid, "Image", "CommandLine", "User");
  }

  private ProcessInfo process(int number, String image, String commandLine, String user) {
    String name = text(user, "zquser");
    String command = text(commandLine, "zqtool " + mark);
    return new ProcessInfo(
        number,
        number,
        number == pid ? pid + 1 : pid + 2,
        name.isEmpty() ? NOBODY : SOMEBODY,
        1,
        name,
        text(image, "/opt/zq/zqtool" + mark),
        command.isEmpty() ? List.of() : List.of(command.split(" ", -1)),
        false,
        number == pid ? text("CurrentDirectory", "/srv/zq") : "/srv/zq",
        "");
  }

  private Sha256 digest() {
    String wanted = text("SHA256", text("Hashes", ""));
    Matcher digits = DIGEST.matcher(wanted);
    if (!digits.matches()) {
      throw new IllegalArgumentException("no digest");
    }
    String missing =
        String.format(Locale.ROOT, "%08x", pid).repeat(DIGEST_DIGITS / Integer.BYTES / 2);
    String all = digits.group(1) + missing.substring(digits.group(1).length());
    return Sha256.of(HexFormat.of().parseHex(all));
  }

  private HostEvent file() {
    EventClass eventClass = shape.classes().getFirst();
    String old =
        eventClass == EventClass.FILE_RENAME ? text("SourceFilename", "/srv/zq/old" + mark) : "";
    return new HostEvent.FileChange(
        eventClass, timeNanos, process(), text("TargetFilename", "/srv/zq/new" + mark), old, false);
  }

  private HostEvent network() {
    boolean inbound = text("Initiated", "true").equalsIgnoreCase("false");
    Endpoint source = endpoint("Source", "198.18.7.9", 47_123);
    Endpoint destination = endpoint("Destination", "198.18.31.77", 48_321);
    return new HostEvent.NetworkActivity(
        EventClass.NET_CONNECT,
        timeNanos,
        process(),
        PROTOCOLS.getOrDefault(text("Protocol", "tcp").toLowerCase(Locale.ROOT), OTHER_PROTOCOL),
        inbound,
        inbound ? destination : source,
        inbound ? source : destination,
        0);
  }

  private Endpoint endpoint(String end, String address, int port) {
    String number = text(end + "Port", Integer.toString(port));
    return new Endpoint(
        text(end + "Ip", address), number.isEmpty() ? 0 : Integer.parseInt(number.strip()));
  }

  private HostEvent module() {
    String name = text("ModuleName", "zq_" + mark);
    String signed = text("Signed", "");
    String taint = text("Taint", signed.equalsIgnoreCase("false") ? "OE" : "");
    return new HostEvent.ModuleChange(
        EventClass.MODULE_LOAD,
        timeNanos,
        name,
        text("ImageLoaded", "/lib/modules/zq/" + mark + ".ko"),
        taint);
  }

  private HostEvent device() {
    return new HostEvent.DeviceChange(
        eventClass(),
        timeNanos,
        new Device(
            text("Subsystem", "zqsub"),
            text("Type", "zqtype"),
            text("DevicePath", "/devices/zq/" + mark),
            text("Node", "zq/" + mark),
            text("VendorId", "f0f1"),
            text("ProductId", "f2f3"),
            text("SerialNumber", "ZQ" + mark),
            text("DeviceName", "Zq " + mark)));
  }

  private HostEvent account() {
    EventClass eventClass = eventClass();
    List<String> changed =
        eventClass == EventClass.ACCOUNT_CHANGE
            ? draft.all("Changed", List.of("zqchanged"))
            : List.of();
    return new HostEvent.AccountChange(
        eventClass,
        timeNanos,
        text("TargetType", "user").equalsIgnoreCase("group"),
        text("TargetUserName", "zq" + mark),
        Integer.parseUnsignedInt(text("TargetId", "54321").strip()),
        new ArrayList<>(changed));
  }

  private EventClass eventClass() {
    String action = text("Action", "").toUpperCase(Locale.ROOT);
    for (EventClass each : shape.classes()) {
      if (each.name().substring(each.name().lastIndexOf('_') + 1).equals(action)) {
        return each;
      }
    }
    return shape.classes().getFirst();
  }
}
