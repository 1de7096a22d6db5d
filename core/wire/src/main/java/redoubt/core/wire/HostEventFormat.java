package redoubt.core.wire;

import java.util.ArrayList;
import java.util.List;
import redoubt.core.model.Credentials;
import redoubt.core.model.Endpoint;
import redoubt.core.model.EventClass;
import redoubt.core.model.HostEvent;
import redoubt.core.model.HostEvent.FileChange;
import redoubt.core.model.HostEvent.NetworkActivity;
import redoubt.core.model.HostEvent.ProcessAccess;
import redoubt.core.model.HostEvent.ProcessExit;
import redoubt.core.model.HostEvent.ProcessFork;
import redoubt.core.model.HostEvent.ProcessIdentity;
import redoubt.core.model.HostEvent.ProcessStart;
import redoubt.core.model.ProcessInfo;
import redoubt.core.model.Sha256;

/// `HostEvent` and `Process` in `spec/events.proto`, field by field.
final class HostEventFormat {
  /// As much as all of an event but its processes takes: a tag and a length, and its numbers.
  private static final int EVENT_BYTES = 84;

  /// As much as all of a process but its texts takes.
  private static final int PROCESS_BYTES = 98;

  /// A tag and a length.
  private static final int ARGUMENT_HEAD_BYTES = 4;

  /// As much as all of what is only said of networks takes: two ends, and numbers.
  private static final int NETWORK_BYTES = 2 * (WireLimits.ADDRESS_CHARS + 8) + 24;

  private static final int HIGHEST_PROTOCOL = 255;
  private static final int HIGHEST_PORT = 65_535;

  private HostEventFormat() {}

  static void write(ProtoWriter out, HostEvent event) {
    out.unsigned(1, EnumNumbers.of(event.eventClass()));
    out.fixed64(2, event.timeNanos());
    writeProcess(out, 3, event.process());
    switch (event) {
      case ProcessStart start -> {
        writeProcess(out, 4, start.parent());
        Sha256 digest = start.sha256();
        if (digest != null) {
          out.bytes(16, digest.bytes());
        }
      }
      case ProcessExit exit -> out.unsigned(5, exit.status());
      case ProcessAccess access -> writeProcess(out, 14, access.target());
      case ProcessFork fork -> writeProcess(out, 4, fork.parent());
      case ProcessIdentity change -> writeCredentials(out, 15, change.before());
      case FileChange change -> {
        out.text(6, change.path());
        out.text(7, change.oldPath());
        out.flag(8, change.directory());
      }
      case NetworkActivity activity -> {
        out.uint32(9, activity.protocol());
        out.flag(10, activity.inbound());
        writeEndpoint(out, 11, activity.local());
        writeEndpoint(out, 12, activity.remote());
        out.unsigned(13, activity.durationNanos());
      }
    }
  }

  private static void writeEndpoint(ProtoWriter out, int field, Endpoint end) {
    if (end.equals(Endpoint.NONE)) {
      return;
    }
    out.begin(field);
    out.text(1, end.address());
    out.uint32(2, end.port());
    out.end();
  }

  private static void writeProcess(ProtoWriter out, int field, ProcessInfo process) {
    out.begin(field);
    out.uint32(1, process.pid());
    out.unsigned(2, process.uniqueId());
    out.unsigned(3, process.parentPid());
    out.uint32(4, process.credentials().uid());
    out.uint32(5, process.credentials().gid());
    out.uint32(6, process.credentials().effectiveUid());
    out.unsigned(7, process.cgroupId());
    out.text(8, process.user());
    out.text(9, process.image());
    process.arguments().forEach(argument -> out.element(10, argument));
    out.flag(11, process.argumentsCut());
    out.text(12, process.workingDirectory());
    out.text(13, process.container());
    out.uint32(14, process.credentials().effectiveGid());
    out.end();
  }

  private static void writeCredentials(ProtoWriter out, int field, Credentials credentials) {
    out.begin(field);
    out.uint32(1, credentials.uid());
    out.uint32(2, credentials.gid());
    out.uint32(3, credentials.effectiveUid());
    out.uint32(4, credentials.effectiveGid());
    out.end();
  }

  static void check(HostEvent event) {
    checkProcess(event.process());
    switch (event) {
      case ProcessStart start -> checkProcess(start.parent());
      case ProcessFork fork -> checkProcess(fork.parent());
      case ProcessExit _, ProcessIdentity _ -> {
        // Every status and every id is a valid one.
      }
      case ProcessAccess access -> checkProcess(access.target());
      case FileChange change -> {
        Check.path("path", change.path());
        Check.path("oldPath", change.oldPath());
      }
      case NetworkActivity activity -> {
        Check.range("protocol", activity.protocol(), 0, HIGHEST_PROTOCOL);
        Check.text("address", activity.local().address(), WireLimits.ADDRESS_CHARS);
        Check.text("address", activity.remote().address(), WireLimits.ADDRESS_CHARS);
        Check.range("durationNanos", activity.durationNanos(), 0, Long.MAX_VALUE);
      }
    }
  }

  private static void checkProcess(ProcessInfo process) {
    Check.range("pid", process.pid(), 0, Integer.MAX_VALUE);
    Check.range("parentPid", process.parentPid(), -1, Integer.MAX_VALUE);
    Check.text("user", process.user(), WireLimits.NAME_CHARS);
    Check.path("image", process.image());
    Check.path("workingDirectory", process.workingDirectory());
    Check.text("container", process.container(), WireLimits.NAME_CHARS);
    Check.count("arguments", process.arguments(), 0, WireLimits.ARGUMENTS);
    Check.range(
        "argumentBytes", WireText.utf8Length(process.arguments()), 0, WireLimits.ARGUMENT_BYTES);
  }

  static HostEvent read(ProtoReader in) throws WireException {
    int number = 0;
    long timeNanos = 0;
    ProcessInfo process = ProcessInfo.UNKNOWN;
    ProcessInfo parent = ProcessInfo.UNKNOWN;
    int status = 0;
    String path = "";
    String oldPath = "";
    boolean directory = false;
    int protocol = 0;
    boolean inbound = false;
    Endpoint local = Endpoint.NONE;
    Endpoint remote = Endpoint.NONE;
    long durationNanos = 0;
    ProcessInfo target = ProcessInfo.UNKNOWN;
    Credentials before = Credentials.UNKNOWN;
    Sha256 digest = null;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> number = in.uint32();
        case 2 -> timeNanos = in.fixed64();
        case 3 -> process = readProcess(in.message());
        case 4 -> parent = readProcess(in.message());
        case 5 -> status = in.uint32();
        case 6 -> path = in.text();
        case 7 -> oldPath = in.text();
        case 8 -> directory = in.flag();
        case 9 -> protocol = in.uint32();
        case 10 -> inbound = in.flag();
        case 11 -> local = readEndpoint(in.message());
        case 12 -> remote = readEndpoint(in.message());
        case 13 -> durationNanos = in.uint64();
        case 14 -> target = readProcess(in.message());
        case 15 -> before = readCredentials(in.message());
        case 16 -> digest = Sha256.of(in.bytes());
        default -> in.skip();
      }
    }
    EventClass eventClass = EnumNumbers.eventClass(number);
    return switch (eventClass) {
      case PROCESS_START -> new ProcessStart(timeNanos, process, parent, digest);
      case PROCESS_EXIT -> new ProcessExit(timeNanos, process, status);
      case PROCESS_ACCESS -> new ProcessAccess(timeNanos, process, target);
      case PROCESS_FORK -> new ProcessFork(timeNanos, process, parent);
      case PROCESS_IDENTITY -> new ProcessIdentity(timeNanos, process, before);
      case FILE_CREATE, FILE_MODIFY, FILE_RENAME, FILE_DELETE, FILE_ATTRIBUTES ->
          new FileChange(eventClass, timeNanos, process, path, oldPath, directory);
      case NET_CONNECT, NET_LISTEN, NET_CLOSE ->
          new NetworkActivity(
              eventClass, timeNanos, process, protocol, inbound, local, remote, durationNanos);
      case EXEC, OPEN -> throw new WireException("no class of host events: number=" + number);
    };
  }

  private static Endpoint readEndpoint(ProtoReader in) throws WireException {
    String address = "";
    int port = 0;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> address = in.text();
        case 2 -> port = in.uint32();
        default -> in.skip();
      }
    }
    Check.range("port", port, 0, HIGHEST_PORT);
    return new Endpoint(address, port);
  }

  private static Credentials readCredentials(ProtoReader in) throws WireException {
    int uid = 0;
    int gid = 0;
    int effectiveUid = 0;
    int effectiveGid = 0;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> uid = in.uint32();
        case 2 -> gid = in.uint32();
        case 3 -> effectiveUid = in.uint32();
        case 4 -> effectiveGid = in.uint32();
        default -> in.skip();
      }
    }
    return new Credentials(uid, effectiveUid, gid, effectiveGid);
  }

  private static ProcessInfo readProcess(ProtoReader in) throws WireException {
    int pid = 0;
    long uniqueId = 0;
    int parentPid = 0;
    int uid = 0;
    int gid = 0;
    int effectiveUid = 0;
    long cgroupId = 0;
    String user = "";
    String image = "";
    List<String> arguments = new ArrayList<>();
    boolean cut = false;
    String workingDirectory = "";
    String container = "";
    int effectiveGid = 0;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> pid = in.uint32();
        case 2 -> uniqueId = in.uint64();
        case 3 -> parentPid = in.uint32();
        case 4 -> uid = in.uint32();
        case 5 -> gid = in.uint32();
        case 6 -> effectiveUid = in.uint32();
        case 7 -> cgroupId = in.uint64();
        case 8 -> user = in.text();
        case 9 -> image = in.text();
        case 10 -> {
          Check.range("arguments", arguments.size(), 0, WireLimits.ARGUMENTS - 1);
          arguments.add(in.element());
        }
        case 11 -> cut = in.flag();
        case 12 -> workingDirectory = in.text();
        case 13 -> container = in.text();
        case 14 -> effectiveGid = in.uint32();
        default -> in.skip();
      }
    }
    return new ProcessInfo(
        pid,
        uniqueId,
        parentPid,
        new Credentials(uid, effectiveUid, gid, effectiveGid),
        cgroupId,
        user,
        image,
        arguments,
        cut,
        workingDirectory,
        container);
  }

  /// The most bytes that the event takes in a message.
  static int mostBytes(HostEvent event) {
    int more =
        switch (event) {
          case ProcessStart start -> mostBytes(start.parent());
          case ProcessFork fork -> mostBytes(fork.parent());
          case ProcessExit _, ProcessIdentity _ -> 0;
          case ProcessAccess access -> mostBytes(access.target());
          case FileChange change ->
              WireText.utf8Length(change.path()) + WireText.utf8Length(change.oldPath());
          case NetworkActivity _ -> NETWORK_BYTES;
        };
    return EVENT_BYTES + mostBytes(event.process()) + more;
  }

  private static int mostBytes(ProcessInfo process) {
    return PROCESS_BYTES
        + WireText.utf8Length(process.user())
        + WireText.utf8Length(process.image())
        + WireText.utf8Length(process.workingDirectory())
        + WireText.utf8Length(process.container())
        + WireText.utf8Length(process.arguments())
        + ARGUMENT_HEAD_BYTES * process.arguments().size();
  }
}
