package redoubt.engine.sigma.live;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import redoubt.core.model.Endpoint;
import redoubt.core.model.EventField;
import redoubt.core.model.EventFilter;
import redoubt.core.model.HostEvent;
import redoubt.core.model.ProcessInfo;
import redoubt.engine.sigma.event.AuditEvents;
import redoubt.engine.sigma.event.Event;
import redoubt.engine.sigma.event.Event.Kind;
import redoubt.engine.sigma.event.EventClass;
import redoubt.engine.sigma.event.FieldTable;
import redoubt.engine.sigma.match.EventNeeds;
import redoubt.engine.sigma.match.RuleSet;

/// Calls what happened on the host by the names that rules use: those of Sigma's taxonomy, which
/// are Sysmon's. Not thread-safe.
///
/// Source: the taxonomy appendix of Sigma 2.1.0, `process_creation`, `file_event` and
/// `network_connection` for Linux. As there, the source of a flow is whoever began it.
final class HostEventReader implements EventNeeds.Fields {
  private static final Map<Integer, String> PROTOCOLS = Map.of(6, "tcp", 17, "udp", 132, "sctp");

  /// Of which kind the events of each class are for rules; they are run on no others.
  static final Map<redoubt.core.model.EventClass, EventClass> KINDS =
      Map.ofEntries(
          kind(redoubt.core.model.EventClass.PROCESS_START, "process_creation"),
          kind(redoubt.core.model.EventClass.PROCESS_EXIT, "process_termination"),
          kind(redoubt.core.model.EventClass.PROCESS_ACCESS, "process_access"),
          kind(redoubt.core.model.EventClass.FILE_CREATE, "file_event"),
          kind(redoubt.core.model.EventClass.FILE_MODIFY, "file_event"),
          kind(redoubt.core.model.EventClass.FILE_RENAME, "file_event", "file_rename"),
          kind(redoubt.core.model.EventClass.FILE_DELETE, "file_delete"),
          kind(redoubt.core.model.EventClass.NET_CONNECT, "network_connection"),
          kind(redoubt.core.model.EventClass.DNS_MESSAGE, "dns_query", "dns"),
          kind(redoubt.core.model.EventClass.MODULE_LOAD, "driver_load"),
          kind(redoubt.core.model.EventClass.DEVICE_CONNECT, "device"),
          kind(redoubt.core.model.EventClass.DEVICE_DISCONNECT, "device"),
          kind(redoubt.core.model.EventClass.MOUNT, "mount"),
          kind(redoubt.core.model.EventClass.UNMOUNT, "mount"),
          kind(redoubt.core.model.EventClass.LOGIN, "logon"),
          kind(redoubt.core.model.EventClass.LOGIN_FAILURE, "logon"),
          kind(redoubt.core.model.EventClass.LOGOUT, "logon"),
          kind(redoubt.core.model.EventClass.ACCOUNT_CREATE, "account"),
          kind(redoubt.core.model.EventClass.ACCOUNT_CHANGE, "account"),
          kind(redoubt.core.model.EventClass.ACCOUNT_DELETE, "account"),
          Map.entry(redoubt.core.model.EventClass.AUDIT_RECORD, AuditEvents.CLASS));

  /// What an audit record has is for itself to say.
  private static final EventNeeds.Fields ANY =
      new EventNeeds.Fields() {
        @Override
        public boolean has(int slot) {
          return true;
        }

        @Override
        public List<EventField> filtered(int slot) {
          return List.of();
        }
      };

  private final boolean everything;
  private final SystemEvents system;
  private final Map<Integer, List<EventField>> fieldsBySlot = new HashMap<>();
  private final int time;
  private final int processId;
  private final int image;
  private final int commandLine;
  private final int currentDirectory;
  private final int user;
  private final int parentProcessId;
  private final int parentImage;
  private final int parentCommandLine;
  private final int parentUser;
  private final int targetFilename;
  private final int sourceFilename;
  private final int protocol;
  private final int initiated;
  private final int sourceIp;
  private final int sourcePort;
  private final int destinationIp;
  private final int destinationPort;
  private final int sourceProcessId;
  private final int sourceImage;
  private final int sourceUser;
  private final int targetProcessId;
  private final int targetImage;
  private final int targetUser;
  private final int sha256;
  private final int hashes;

  /// @param fields with all fields that the rules ask for
  /// @param everything whether fields that nobody asks for are looked at too
  HostEventReader(FieldTable fields, boolean everything) {
    this.everything = everything;
    system = new SystemEvents(fields, everything);
    time = fields.find("time");
    processId = fields.find("ProcessId");
    image = fields.find("Image");
    commandLine = fields.find("CommandLine");
    currentDirectory = fields.find("CurrentDirectory");
    user = fields.find("User");
    parentProcessId = fields.find("ParentProcessId");
    parentImage = fields.find("ParentImage");
    parentCommandLine = fields.find("ParentCommandLine");
    parentUser = fields.find("ParentUser");
    targetFilename = fields.find("TargetFilename");
    sourceFilename = fields.find("SourceFilename");
    protocol = fields.find("Protocol");
    initiated = fields.find("Initiated");
    sourceIp = fields.find("SourceIp");
    sourcePort = fields.find("SourcePort");
    destinationIp = fields.find("DestinationIp");
    destinationPort = fields.find("DestinationPort");
    sourceProcessId = fields.find("SourceProcessId");
    sourceImage = fields.find("SourceImage");
    sourceUser = fields.find("SourceUser");
    targetProcessId = fields.find("TargetProcessId");
    targetImage = fields.find("TargetImage");
    targetUser = fields.find("TargetUser");
    sha256 = fields.find("SHA256");
    hashes = fields.find("Hashes");
    List.of(time, processId, parentProcessId, protocol, initiated).forEach(this::offer);
    List.of(sourceProcessId, targetProcessId, targetUser).forEach(this::offer);
    offer(image, EventField.IMAGE);
    offer(commandLine, EventField.COMMAND_LINE);
    offer(currentDirectory, EventField.WORKING_DIRECTORY);
    offer(user, EventField.USER);
    offer(parentImage, EventField.PARENT_IMAGE);
    offer(parentCommandLine, EventField.PARENT_COMMAND_LINE);
    offer(parentUser, EventField.PARENT_USER);
    offer(targetFilename, EventField.FILE_PATH);
    offer(sourceFilename, EventField.OLD_FILE_PATH);
    // Which end is the source depends on who began the flow.
    offer(sourceIp, EventField.LOCAL_ADDRESS, EventField.REMOTE_ADDRESS);
    offer(sourcePort, EventField.LOCAL_PORT, EventField.REMOTE_PORT);
    offer(destinationIp, EventField.LOCAL_ADDRESS, EventField.REMOTE_ADDRESS);
    offer(destinationPort, EventField.LOCAL_PORT, EventField.REMOTE_PORT);
    offer(sourceImage, EventField.IMAGE);
    offer(sourceUser, EventField.USER);
    offer(targetImage, EventField.TARGET_IMAGE);
    offer(sha256, EventField.SHA256);
    offer(hashes, EventField.HASHES);
  }

  private static Map.Entry<redoubt.core.model.EventClass, EventClass> kind(
      redoubt.core.model.EventClass eventClass, String... categories) {
    return Map.entry(eventClass, new EventClass(Set.of("linux"), Set.of(categories), Set.of()));
  }

  /// An event may have the field.
  ///
  /// @param filtered whose text it then is, of one of them
  private void offer(int slot, EventField... filtered) {
    fieldsBySlot.put(slot, List.of(filtered));
  }

  @Override
  public boolean has(int slot) {
    return fieldsBySlot.containsKey(slot);
  }

  @Override
  public List<EventField> filtered(int slot) {
    return fieldsBySlot.getOrDefault(slot, List.of());
  }

  /// Which events the rules need.
  EventFilter filter(RuleSet rules) {
    List<EventFilter.Alternative> alternatives = new ArrayList<>();
    KINDS.forEach((eventClass, kind) ->
        EventNeeds.of(rules, kind, fieldsOf(eventClass))
            .forEach(conditions ->
                alternatives.add(new EventFilter.Alternative(eventClass, conditions))));
    return new EventFilter(alternatives);
  }

  /// What events of a class have.
  private EventNeeds.Fields fieldsOf(redoubt.core.model.EventClass eventClass) {
    return switch (eventClass) {
      case AUDIT_RECORD -> ANY;
      case DNS_MESSAGE, LOGIN, LOGIN_FAILURE, LOGOUT -> new OfSystem(system.slots(), this);
      case DEVICE_CONNECT,
          DEVICE_DISCONNECT,
          MODULE_LOAD,
          MOUNT,
          UNMOUNT,
          ACCOUNT_CREATE,
          ACCOUNT_CHANGE,
          ACCOUNT_DELETE ->
          new OfSystem(system.slots(), null);
      default -> this;
    };
  }

  /// The fields of events about the host as a whole.
  ///
  /// @param process those of a process, if such events have one
  private record OfSystem(Set<Integer> slots, @Nullable HostEventReader process)
      implements EventNeeds.Fields {
    @Override
    public boolean has(int slot) {
      return slots.contains(slot) || (process != null && process.has(slot));
    }

    @Override
    public List<EventField> filtered(int slot) {
      return slots.contains(slot) || process == null ? List.of() : process.filtered(slot);
    }
  }

  /// The classes of events that rules can be about.
  static Set<redoubt.core.model.EventClass> classes() {
    return KINDS.keySet();
  }

  /// Reads an event.
  ///
  /// @param target empty
  /// @return of which kind it is, or null if no rule is about such
  @Nullable EventClass read(HostEvent event, Event target) {
    add(target, time, Kind.NUMBER, Long.toString(event.timeNanos() / 1_000_000));
    switch (event) {
      case HostEvent.ProcessStart start -> started(start, target);
      case HostEvent.ProcessExit _, HostEvent.ProcessFork _, HostEvent.ProcessIdentity _ ->
          process(event.process(), target);
      case HostEvent.FileChange change -> {
        process(change.process(), target);
        add(target, targetFilename, change.path());
        add(target, sourceFilename, change.oldPath());
      }
      case HostEvent.FileContent _ -> {
        return null;
      }
      case HostEvent.NetworkActivity activity -> network(activity, target);
      case HostEvent.DnsMessage message -> {
        process(message.process(), target);
        if (!system.read(message, target)) {
          return null;
        }
      }
      case HostEvent.OfSystem ofSystem -> {
        if (ofSystem instanceof HostEvent.LoginActivity) {
          process(ofSystem.process(), target);
        }
        if (!system.read(ofSystem, target)) {
          return null;
        }
      }
      case HostEvent.ProcessAccess access -> {
        process(access.process(), target);
        number(target, sourceProcessId, access.process().pid());
        add(target, sourceImage, access.process().image());
        add(target, sourceUser, access.process().userOrNumber());
        number(target, targetProcessId, access.target().pid());
        add(target, targetImage, access.target().image());
        add(target, targetUser, access.target().userOrNumber());
      }
    }
    return KINDS.get(event.eventClass());
  }

  private void started(HostEvent.ProcessStart start, Event target) {
    process(start.process(), target);
    ProcessInfo parent = start.parent();
    if (start.process().parentPid() >= 0) {
      number(target, parentProcessId, start.process().parentPid());
    }
    add(target, parentImage, parent.image());
    add(target, parentCommandLine, parent.commandLine());
    add(target, parentUser, parent.userOrNumber());
    add(target, sha256, EventField.SHA256.in(start));
    add(target, hashes, EventField.HASHES.in(start));
  }

  private void network(HostEvent.NetworkActivity activity, Event target) {
    process(activity.process(), target);
    add(target, protocol, PROTOCOLS.getOrDefault(activity.protocol(), ""));
    add(target, initiated, Boolean.toString(!activity.inbound()));
    Endpoint source = activity.inbound() ? activity.remote() : activity.local();
    Endpoint destination = activity.inbound() ? activity.local() : activity.remote();
    add(target, sourceIp, source.address());
    port(target, sourcePort, source);
    add(target, destinationIp, destination.address());
    port(target, destinationPort, destination);
  }

  private void port(Event target, int slot, Endpoint end) {
    if (end.port() != 0) {
      number(target, slot, end.port());
    }
  }

  private void process(ProcessInfo process, Event target) {
    if (process.pid() != 0) {
      number(target, processId, process.pid());
    }
    add(target, image, process.image());
    add(target, commandLine, process.commandLine());
    add(target, currentDirectory, process.workingDirectory());
    add(target, user, process.userOrNumber());
  }

  private void number(Event target, int slot, int number) {
    add(target, slot, Kind.NUMBER, Integer.toString(number));
  }

  /// What is not known is not there: an empty text would be one that was looked at.
  private void add(Event target, int slot, String text) {
    if (!text.isEmpty()) {
      add(target, slot, Kind.TEXT, text);
    }
  }

  private void add(Event target, int slot, Kind kind, String text) {
    if (everything || slot != FieldTable.UNKNOWN) {
      target.add(slot, kind, text);
    }
  }
}
