package redoubt.core.wire;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import redoubt.core.model.Device;
import redoubt.core.model.EventClass;
import redoubt.core.model.HostEvent;
import redoubt.core.model.HostEvent.AccountChange;
import redoubt.core.model.HostEvent.AuditRecord;
import redoubt.core.model.HostEvent.DeviceChange;
import redoubt.core.model.HostEvent.LoginActivity;
import redoubt.core.model.HostEvent.ModuleChange;
import redoubt.core.model.HostEvent.MountChange;
import redoubt.core.model.ProcessInfo;

/// What only events about the host as a whole say, each in a message of its own in
/// `spec/events.proto`: devices, modules, mounts, audit records, logins and accounts.
final class SystemEventFormat {
  private static final int DEVICE = 18;
  private static final int MODULE = 19;
  private static final int MOUNT = 20;
  private static final int AUDIT_RECORD = 21;
  private static final int SESSION = 22;
  private static final int ACCOUNT = 23;

  /// As much as the tags and lengths of the texts take, and the numbers.
  private static final int HEAD_BYTES = 48;

  /// A tag and a length.
  private static final int CHANGED_HEAD_BYTES = 3;

  private Device device = new Device("", "", "", "", "", "", "", "");
  private List<String> texts = List.of();
  private int number;
  private boolean group;

  /// Reads the messages of one event.
  SystemEventFormat() {}

  static void write(ProtoWriter out, HostEvent.OfSystem event) {
    switch (event) {
      case DeviceChange change -> write(out, DEVICE, textsOf(change.device()));
      case ModuleChange change ->
          write(out, MODULE, List.of(change.name(), change.path(), change.taint()));
      case MountChange change -> write(out, MOUNT, textsOf(change));
      case LoginActivity login ->
          write(out, SESSION, List.of(login.user(), login.terminal(), login.host()));
      case AuditRecord audit -> {
        out.begin(AUDIT_RECORD);
        out.uint32(1, audit.type());
        out.text(2, audit.text());
        out.end();
      }
      case AccountChange change -> {
        out.begin(ACCOUNT);
        out.flag(1, change.group());
        out.text(2, change.name());
        out.uint32(3, change.id());
        change.changed().forEach(each -> out.element(4, each));
        out.end();
      }
    }
  }

  /// Writes a message whose fields are all texts.
  private static void write(ProtoWriter out, int field, List<String> texts) {
    out.begin(field);
    for (int i = 0; i < texts.size(); i++) {
      out.text(i + 1, texts.get(i));
    }
    out.end();
  }

  private static List<String> textsOf(Device device) {
    return List.of(
        device.subsystem(),
        device.type(),
        device.path(),
        device.node(),
        device.vendor(),
        device.product(),
        device.serial(),
        device.name());
  }

  private static List<String> textsOf(MountChange mount) {
    return List.of(mount.path(), mount.root(), mount.type(), mount.source(), mount.options());
  }

  static void check(HostEvent.OfSystem event) {
    switch (event) {
      case DeviceChange change -> {
        Device device = change.device();
        Check.path("path", device.path());
        Check.path("node", device.node());
        List.of(
                device.subsystem(),
                device.type(),
                device.vendor(),
                device.product(),
                device.serial(),
                device.name())
            .forEach(text -> Check.text("device", text, WireLimits.NAME_CHARS));
      }
      case ModuleChange change -> {
        Check.text("name", change.name(), WireLimits.NAME_CHARS);
        Check.path("path", change.path());
        Check.text("taint", change.taint(), WireLimits.NAME_CHARS);
      }
      case MountChange change -> {
        Check.path("path", change.path());
        Check.path("root", change.root());
        Check.text("type", change.type(), WireLimits.NAME_CHARS);
        Check.path("source", change.source());
        Check.path("options", change.options());
      }
      case AuditRecord audit -> {
        Check.range("type", audit.type(), 0, Integer.MAX_VALUE);
        Check.text("text", audit.text(), WireLimits.AUDIT_RECORD_CHARS);
      }
      case LoginActivity login ->
          List.of(login.user(), login.terminal(), login.host())
              .forEach(text -> Check.text("session", text, WireLimits.NAME_CHARS));
      case AccountChange change -> {
        Check.text("name", change.name(), WireLimits.NAME_CHARS);
        Check.count("changed", change.changed(), 0, WireLimits.ACCOUNT_CHANGES);
        change.changed().forEach(each -> Check.text("changed", each, WireLimits.NAME_CHARS));
      }
    }
  }

  /// Reads a field of `HostEvent`, or skips it if it is none of these.
  void read(ProtoReader in) throws WireException {
    switch (in.field()) {
      case DEVICE -> {
        List<String> all = texts(in.message(), 8);
        device =
            new Device(
                all.get(0),
                all.get(1),
                all.get(2),
                all.get(3),
                all.get(4),
                all.get(5),
                all.get(6),
                all.get(7));
      }
      case MODULE, SESSION -> texts = texts(in.message(), 3);
      case MOUNT -> texts = texts(in.message(), 5);
      case AUDIT_RECORD -> audit(in.message());
      case ACCOUNT -> account(in.message());
      default -> in.skip();
    }
  }

  /// A message whose first fields are all texts.
  private static List<String> texts(ProtoReader in, int count) throws WireException {
    String[] texts = new String[count];
    Arrays.fill(texts, "");
    while (in.next()) {
      if (in.field() <= count) {
        texts[in.field() - 1] = in.text();
      } else {
        in.skip();
      }
    }
    return List.of(texts);
  }

  private void audit(ProtoReader in) throws WireException {
    String text = "";
    while (in.next()) {
      switch (in.field()) {
        case 1 -> number = in.uint32();
        case 2 -> text = in.text();
        default -> in.skip();
      }
    }
    texts = List.of(text);
  }

  private void account(ProtoReader in) throws WireException {
    List<String> all = new ArrayList<>();
    String name = "";
    while (in.next()) {
      switch (in.field()) {
        case 1 -> group = in.flag();
        case 2 -> name = in.text();
        case 3 -> number = in.uint32();
        case 4 -> {
          Check.range("changed", all.size(), 0, WireLimits.ACCOUNT_CHANGES - 1);
          all.add(in.element());
        }
        default -> in.skip();
      }
    }
    all.addFirst(name);
    texts = all;
  }

  /// The event that was read.
  ///
  /// @param eventClass one of those about the host as a whole
  HostEvent event(EventClass eventClass, long timeNanos, ProcessInfo process) throws WireException {
    return switch (eventClass) {
      case DEVICE_CONNECT, DEVICE_DISCONNECT -> new DeviceChange(eventClass, timeNanos, device);
      case MODULE_LOAD, MODULE_UNLOAD ->
          new ModuleChange(eventClass, timeNanos, text(0), text(1), text(2));
      case MOUNT, UNMOUNT ->
          new MountChange(eventClass, timeNanos, text(0), text(1), text(2), text(3), text(4));
      case AUDIT_RECORD -> new AuditRecord(timeNanos, process, number, text(0));
      case LOGIN, LOGIN_FAILURE, LOGOUT ->
          new LoginActivity(eventClass, timeNanos, process, text(0), text(1), text(2));
      case ACCOUNT_CREATE, ACCOUNT_CHANGE, ACCOUNT_DELETE ->
          new AccountChange(
              eventClass,
              timeNanos,
              group,
              text(0),
              number,
              texts.isEmpty() ? texts : texts.subList(1, texts.size()));
      default -> throw new WireException("no class of host events: eventClass=" + eventClass);
    };
  }

  /// One of the texts that was read; empty if there were fewer.
  private String text(int index) {
    return index < texts.size() ? texts.get(index) : "";
  }

  /// The most bytes that the event's own message takes.
  static int mostBytes(HostEvent.OfSystem event) {
    return HEAD_BYTES
        + switch (event) {
          case DeviceChange change -> WireText.utf8Length(textsOf(change.device()));
          case ModuleChange change ->
              WireText.utf8Length(List.of(change.name(), change.path(), change.taint()));
          case MountChange change -> WireText.utf8Length(textsOf(change));
          case AuditRecord audit -> WireText.utf8Length(audit.text());
          case LoginActivity login ->
              WireText.utf8Length(List.of(login.user(), login.terminal(), login.host()));
          case AccountChange change ->
              WireText.utf8Length(change.name())
                  + WireText.utf8Length(change.changed())
                  + CHANGED_HEAD_BYTES * change.changed().size();
        };
  }
}
