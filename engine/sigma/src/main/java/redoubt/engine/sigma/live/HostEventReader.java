package redoubt.engine.sigma.live;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import redoubt.core.model.EventField;
import redoubt.core.model.EventFilter;
import redoubt.core.model.HostEvent;
import redoubt.core.model.ProcessInfo;
import redoubt.engine.sigma.event.Event;
import redoubt.engine.sigma.event.Event.Kind;
import redoubt.engine.sigma.event.EventClass;
import redoubt.engine.sigma.event.FieldTable;
import redoubt.engine.sigma.match.EventNeeds;
import redoubt.engine.sigma.match.RuleSet;

/// Calls what happened on the host by the names that rules use: those of Sigma's taxonomy, which
/// are Sysmon's. Not thread-safe.
///
/// Source: the taxonomy appendix of Sigma 2.1.0, `process_creation` for Linux.
final class HostEventReader implements EventNeeds.Fields {
  private static final EventClass STARTED =
      new EventClass(Set.of("linux"), Set.of("process_creation"), Set.of());
  private static final EventClass ENDED =
      new EventClass(Set.of("linux"), Set.of("process_termination"), Set.of());

  private static final EventClass FILE_WRITTEN =
      new EventClass(Set.of("linux"), Set.of("file_event"), Set.of());
  private static final EventClass FILE_RENAMED =
      new EventClass(Set.of("linux"), Set.of("file_event", "file_rename"), Set.of());
  private static final EventClass FILE_DELETED =
      new EventClass(Set.of("linux"), Set.of("file_delete"), Set.of());

  private static final Map<redoubt.core.model.EventClass, EventClass> KINDS =
      Map.of(
          redoubt.core.model.EventClass.PROCESS_START, STARTED,
          redoubt.core.model.EventClass.PROCESS_EXIT, ENDED,
          redoubt.core.model.EventClass.FILE_CREATE, FILE_WRITTEN,
          redoubt.core.model.EventClass.FILE_MODIFY, FILE_WRITTEN,
          redoubt.core.model.EventClass.FILE_RENAME, FILE_RENAMED,
          redoubt.core.model.EventClass.FILE_DELETE, FILE_DELETED);

  private final boolean everything;
  private final Map<Integer, Optional<EventField>> fieldsBySlot = new HashMap<>();
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

  /// @param fields with all fields that the rules ask for
  /// @param everything whether fields that nobody asks for are looked at too
  HostEventReader(FieldTable fields, boolean everything) {
    this.everything = everything;
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
    List.of(time, processId, parentProcessId).forEach(slot -> has(slot, null));
    has(image, EventField.IMAGE);
    has(commandLine, EventField.COMMAND_LINE);
    has(currentDirectory, EventField.WORKING_DIRECTORY);
    has(user, EventField.USER);
    has(parentImage, EventField.PARENT_IMAGE);
    has(parentCommandLine, EventField.PARENT_COMMAND_LINE);
    has(parentUser, EventField.PARENT_USER);
    has(targetFilename, EventField.FILE_PATH);
    has(sourceFilename, EventField.OLD_FILE_PATH);
  }

  private void has(int slot, @Nullable EventField filtered) {
    fieldsBySlot.put(slot, Optional.ofNullable(filtered));
  }

  @Override
  public boolean has(int slot) {
    return fieldsBySlot.containsKey(slot);
  }

  @Override
  public @Nullable EventField filtered(int slot) {
    return fieldsBySlot.getOrDefault(slot, Optional.empty()).orElse(null);
  }

  /// Which events the rules need.
  EventFilter filter(RuleSet rules) {
    List<EventFilter.Alternative> alternatives = new ArrayList<>();
    KINDS.forEach((eventClass, kind) ->
        EventNeeds.of(rules, kind, this)
            .forEach(conditions ->
                alternatives.add(new EventFilter.Alternative(eventClass, conditions))));
    return new EventFilter(alternatives);
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
      case HostEvent.ProcessExit exit -> process(exit.process(), target);
      case HostEvent.FileChange change -> {
        process(change.process(), target);
        add(target, targetFilename, change.path());
        add(target, sourceFilename, change.oldPath());
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
  }

  private void process(ProcessInfo process, Event target) {
    number(target, processId, process.pid());
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
