package redoubt.engine.sigma.live;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import redoubt.core.model.EventClass;
import redoubt.core.model.HostEvent;
import redoubt.core.model.HostEvent.AccountChange;
import redoubt.core.model.HostEvent.AuditRecord;
import redoubt.core.model.HostEvent.DeviceChange;
import redoubt.core.model.HostEvent.LoginActivity;
import redoubt.core.model.HostEvent.ModuleChange;
import redoubt.core.model.HostEvent.MountChange;
import redoubt.engine.sigma.event.AuditEvents;
import redoubt.engine.sigma.event.AuditTypes;
import redoubt.engine.sigma.event.Event;
import redoubt.engine.sigma.event.Event.Kind;
import redoubt.engine.sigma.event.EventFormatException;
import redoubt.engine.sigma.event.FieldTable;

/// Calls what concerns the host as a whole by the names that rules use. Not thread-safe.
///
/// Source: for modules the category `driver_load` of Sigma's taxonomy, for audit records its
/// service `auditd`, for names that were looked up its categories `dns_query` (Sysmon's) and `dns`.
/// It has none for the others: their names are ours, in its style.
final class SystemEvents {
  /// All but those of audit records, which have whatever the record says.
  private static final Set<String> NAMES =
      Set.of(
          "Action",
          "Changed",
          "DeviceName",
          "DevicePath",
          "FileSystem",
          "ImageLoaded",
          "IpAddress",
          "ModuleName",
          "MountPoint",
          "Node",
          "Options",
          "ProductId",
          "QueryName",
          "QueryResults",
          "QueryStatus",
          "SerialNumber",
          "Signed",
          "Source",
          "Subsystem",
          "Taint",
          "TargetId",
          "TargetType",
          "TargetUserName",
          "Terminal",
          "Type",
          "VendorId",
          "answer",
          "query",
          "record_type");

  /// The letter of a taint that says that a module without a signature was loaded.
  private static final String UNSIGNED = "E";

  private final FieldTable fields;
  private final boolean everything;
  private final AuditEvents audit;
  private final DnsLookups lookups = new DnsLookups();

  /// @param fields with all fields that the rules ask for
  /// @param everything whether fields that nobody asks for are looked at too
  SystemEvents(FieldTable fields, boolean everything) {
    this.fields = fields;
    this.everything = everything;
    audit = new AuditEvents(fields, everything);
  }

  /// Where the fields that events may have are found.
  Set<Integer> slots() {
    return NAMES.stream().map(fields::find).collect(Collectors.toSet());
  }

  /// Reads what is only said by events about the host as a whole.
  ///
  /// @return false if it is nothing that rules can be run on
  boolean read(HostEvent.OfSystem event, Event target) {
    switch (event) {
      case ModuleChange change -> {
        add(target, "ImageLoaded", change.path().isEmpty() ? change.name() : change.path());
        add(target, "ModuleName", change.name());
        add(target, "Taint", change.taint());
        add(target, "Signed", Boolean.toString(!change.taint().contains(UNSIGNED)));
      }
      case DeviceChange change -> device(change, target);
      case MountChange change -> {
        add(target, "Action", action(change.eventClass()));
        add(target, "MountPoint", change.path());
        add(target, "FileSystem", change.type());
        add(target, "Source", change.source());
        add(target, "Options", change.options());
      }
      case LoginActivity login -> {
        add(target, "Action", action(login.eventClass()));
        add(target, "TargetUserName", login.user());
        add(target, "Terminal", login.terminal());
        add(target, "IpAddress", login.host());
      }
      case AccountChange change -> {
        add(target, "Action", action(change.eventClass()));
        add(target, "TargetUserName", change.name());
        add(target, "TargetId", Integer.toUnsignedString(change.id()));
        add(target, "TargetType", change.group() ? "group" : "user");
        change.changed().forEach(each -> add(target, "Changed", each));
      }
      case AuditRecord(_, _, int type, String text) -> {
        byte[] line =
            ("type=" + AuditTypes.name(type) + " msg=" + text).getBytes(StandardCharsets.UTF_8);
        try {
          audit.read(line, 0, line.length, target);
        } catch (EventFormatException _) {
          return false;
        }
      }
    }
    return true;
  }

  private void device(DeviceChange change, Event target) {
    add(target, "Action", action(change.eventClass()));
    add(target, "Subsystem", change.device().subsystem());
    add(target, "Type", change.device().type());
    add(target, "DevicePath", change.device().path());
    add(target, "Node", change.device().node());
    add(target, "VendorId", change.device().vendor());
    add(target, "ProductId", change.device().product());
    add(target, "SerialNumber", change.device().serial());
    add(target, "DeviceName", change.device().name());
  }

  /// `connect` of DEVICE_CONNECT, `failure` of LOGIN_FAILURE, `mount` of MOUNT.
  private static String action(EventClass eventClass) {
    String name = eventClass.name();
    return name.substring(name.lastIndexOf('_') + 1).toLowerCase(Locale.ROOT);
  }

  /// Reads a message of the domain name system.
  ///
  /// @return false if it is no event of its own
  boolean read(HostEvent.DnsMessage message, Event target) {
    DnsLookups.@Nullable Lookup lookup = lookups.take(message);
    if (lookup == null) {
      return false;
    }
    add(target, "QueryName", lookup.name());
    add(target, "query", lookup.name());
    add(target, "record_type", lookup.type());
    add(target, "QueryStatus", lookup.status());
    add(target, "QueryResults", String.join(";", lookup.answers()));
    lookup.answers().forEach(each -> add(target, "answer", each));
    return true;
  }

  private void add(Event target, String name, String text) {
    int slot = fields.find(name);
    if (!text.isEmpty() && (everything || slot != FieldTable.UNKNOWN)) {
      target.add(slot, Kind.TEXT, text);
    }
  }
}
