package redoubt.core.wire;

import java.util.ArrayList;
import java.util.List;
import redoubt.core.model.EventClass;
import redoubt.core.model.HostEvent;
import redoubt.core.model.HostEvent.FileChange;
import redoubt.core.model.HostEvent.ProcessExit;
import redoubt.core.model.HostEvent.ProcessStart;
import redoubt.core.model.ProcessInfo;

/// `HostEvent` and `Process` in `spec/engine-protocol.proto`, field by field.
final class HostEventFormat {
  /// As much as all of an event but its processes takes: a tag and a length, and its numbers.
  private static final int EVENT_BYTES = 48;

  /// As much as all of a process but its texts takes.
  private static final int PROCESS_BYTES = 88;

  /// A tag and a length.
  private static final int ARGUMENT_HEAD_BYTES = 4;

  private HostEventFormat() {}

  static void write(ProtoWriter out, HostEvent event) {
    out.unsigned(1, EnumNumbers.of(event.eventClass()));
    out.fixed64(2, event.timeNanos());
    writeProcess(out, 3, event.process());
    switch (event) {
      case ProcessStart start -> writeProcess(out, 4, start.parent());
      case ProcessExit exit -> out.unsigned(5, exit.status());
      case FileChange change -> {
        out.text(6, change.path());
        out.text(7, change.oldPath());
        out.flag(8, change.directory());
      }
    }
  }

  private static void writeProcess(ProtoWriter out, int field, ProcessInfo process) {
    out.begin(field);
    out.uint32(1, process.pid());
    out.unsigned(2, process.uniqueId());
    out.unsigned(3, process.parentPid());
    out.uint32(4, process.uid());
    out.uint32(5, process.gid());
    out.uint32(6, process.effectiveUid());
    out.unsigned(7, process.cgroupId());
    out.text(8, process.user());
    out.text(9, process.image());
    process.arguments().forEach(argument -> out.element(10, argument));
    out.flag(11, process.argumentsCut());
    out.text(12, process.workingDirectory());
    out.end();
  }

  static void check(HostEvent event) {
    checkProcess(event.process());
    switch (event) {
      case ProcessStart start -> checkProcess(start.parent());
      case ProcessExit _ -> {
        // Every status is a valid one.
      }
      case FileChange change -> {
        Check.path("path", change.path());
        Check.path("oldPath", change.oldPath());
      }
    }
  }

  private static void checkProcess(ProcessInfo process) {
    Check.range("pid", process.pid(), 0, Integer.MAX_VALUE);
    Check.range("parentPid", process.parentPid(), -1, Integer.MAX_VALUE);
    Check.text("user", process.user(), WireLimits.NAME_CHARS);
    Check.path("image", process.image());
    Check.path("workingDirectory", process.workingDirectory());
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
        default -> in.skip();
      }
    }
    EventClass eventClass = EnumNumbers.eventClass(number);
    return switch (eventClass) {
      case PROCESS_START -> new ProcessStart(timeNanos, process, parent);
      case PROCESS_EXIT -> new ProcessExit(timeNanos, process, status);
      case FILE_CREATE, FILE_MODIFY, FILE_RENAME, FILE_DELETE, FILE_ATTRIBUTES ->
          new FileChange(eventClass, timeNanos, process, path, oldPath, directory);
      case EXEC, OPEN -> throw new WireException("no class of host events: number=" + number);
    };
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
        default -> in.skip();
      }
    }
    return new ProcessInfo(
        pid,
        uniqueId,
        parentPid,
        uid,
        gid,
        effectiveUid,
        cgroupId,
        user,
        image,
        arguments,
        cut,
        workingDirectory);
  }

  /// The most bytes that the event takes in a message.
  static int mostBytes(HostEvent event) {
    int more =
        switch (event) {
          case ProcessStart start -> mostBytes(start.parent());
          case ProcessExit _ -> 0;
          case FileChange change ->
              WireText.utf8Length(change.path()) + WireText.utf8Length(change.oldPath());
        };
    return EVENT_BYTES + mostBytes(event.process()) + more;
  }

  private static int mostBytes(ProcessInfo process) {
    return PROCESS_BYTES
        + WireText.utf8Length(process.user())
        + WireText.utf8Length(process.image())
        + WireText.utf8Length(process.workingDirectory())
        + WireText.utf8Length(process.arguments())
        + ARGUMENT_HEAD_BYTES * process.arguments().size();
  }
}
