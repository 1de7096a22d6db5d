package redoubt.core.wire;

import java.util.ArrayList;
import java.util.List;
import redoubt.core.model.Credentials;
import redoubt.core.model.ProcessInfo;

/// `Process` and `Credentials` in `spec/events.proto`, field by field.
final class ProcessFormat {
  /// As much as all of a process but its texts takes.
  private static final int PROCESS_BYTES = 98;

  /// A tag and a length.
  private static final int ARGUMENT_HEAD_BYTES = 4;

  private ProcessFormat() {}

  static void write(ProtoWriter out, int field, ProcessInfo process) {
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

  static void writeCredentials(ProtoWriter out, int field, Credentials credentials) {
    out.begin(field);
    out.uint32(1, credentials.uid());
    out.uint32(2, credentials.gid());
    out.uint32(3, credentials.effectiveUid());
    out.uint32(4, credentials.effectiveGid());
    out.end();
  }

  static void check(ProcessInfo process) {
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

  static Credentials readCredentials(ProtoReader in) throws WireException {
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

  static ProcessInfo read(ProtoReader in) throws WireException {
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

  /// The most bytes that a process takes in a message.
  static int mostBytes(ProcessInfo process) {
    return PROCESS_BYTES
        + WireText.utf8Length(process.user())
        + WireText.utf8Length(process.image())
        + WireText.utf8Length(process.workingDirectory())
        + WireText.utf8Length(process.container())
        + WireText.utf8Length(process.arguments())
        + ARGUMENT_HEAD_BYTES * process.arguments().size();
  }
}
