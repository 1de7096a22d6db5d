package redoubt.engine.sigma.event;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import redoubt.engine.sigma.event.Aliases.Alias;

/// Tells what kind of event an event is, and gives it the fields that rules know by other names.
///
/// Windows events are known by their channel, lines of Redoubt's own journal by their product. What
/// is neither is of the class that the caller says. Not thread-safe.
public final class Classifier {
  private static final int CACHE_LIMIT = 4_096;

  private static final List<String> DIGESTS = List.of("MD5", "SHA1", "SHA256", "IMPHASH");

  /// Fields of the security log and what the same is called in Sysmon's, by event id.
  private static final Map<String, List<Alias>> SECURITY_ALIASES =
      Map.of(
          "4688",
          List.of(
              new Alias("NewProcessName", "Image"),
              new Alias("ParentProcessName", "ParentImage"),
              new Alias("SubjectUserName", "User"),
              new Alias("SubjectLogonId", "LogonId")),
          "5156",
          List.of(
              new Alias("Application", "Image"),
              new Alias("SourceAddress", "SourceIp"),
              new Alias("DestAddress", "DestinationIp"),
              new Alias("DestPort", "DestinationPort")),
          "4657",
          List.of(
              new Alias("ProcessName", "Image"),
              new Alias("ObjectName", "TargetObject"),
              new Alias("NewValue", "Details")));

  private final EventClass fallback;
  private final int channel;
  private final int eventId;
  private final int eventType;
  private final int hashes;
  private final JournalLines journal;
  private final Map<String, Aliases> aliases = new HashMap<>();
  private final Map<String, List<Integer>> digestSlots = new HashMap<>();
  private final Map<String, EventClass> classes = new HashMap<>();

  /// Asks for the fields that it needs.
  ///
  /// @param fields with all fields that the rules ask for
  /// @param fallback what events are that do not say it
  public Classifier(FieldTable fields, EventClass fallback) {
    this.fallback = fallback;
    this.channel = fields.slot("Channel");
    this.eventId = fields.slot("EventID");
    this.eventType = fields.slot("EventType");
    this.hashes = fields.slot("Hashes");
    this.journal = new JournalLines(fields);
    for (String digest : DIGESTS) {
      List<Integer> slots = new ArrayList<>();
      fields
          .slots()
          .forEach((name, slot) -> {
            if (name.equalsIgnoreCase(digest)) {
              slots.add(slot);
            }
          });
      digestSlots.put(digest, slots);
    }
    SECURITY_ALIASES.forEach((id, list) -> aliases.put(id, new Aliases(fields, list)));
  }

  /// The class of the event, which gets the fields that it has under another name.
  public EventClass classify(Event event) {
    String log = event.find(channel);
    Optional<EventClass> found =
        log == null ? journal.classify(event) : Optional.of(ofWindows(log, event));
    if (found.isPresent()) {
      splitDigests(event);
    }
    return found.orElse(fallback);
  }

  private EventClass ofWindows(String log, Event event) {
    String id = event.find(eventId);
    Aliases names = id != null && log.equals("Security") ? aliases.get(id) : null;
    if (names != null) {
      names.add(event);
    }
    return classOf(log, id == null ? "" : id, event.find(eventType));
  }

  private EventClass classOf(String log, String id, @Nullable String type) {
    String key = log + '\n' + id + '\n' + (id.equals("12") ? type : "");
    EventClass known = classes.get(key);
    if (known == null) {
      known = WindowsLogs.classOf(log, id, type);
      if (classes.size() < CACHE_LIMIT) {
        classes.put(key, known);
      }
    }
    return known;
  }

  /// Sysmon writes all digests of a file into one field.
  private void splitDigests(Event event) {
    String all = event.find(hashes);
    if (all == null) {
      return;
    }
    for (String part : all.split(",", -1)) {
      int equals = part.indexOf('=');
      if (equals > 0) {
        String name = part.substring(0, equals).strip().toUpperCase(Locale.ROOT);
        for (int slot : digestSlots.getOrDefault(name, List.of())) {
          if (event.first(slot) == Event.NONE) {
            event.add(slot, Event.Kind.TEXT, part.substring(equals + 1).strip());
          }
        }
      }
    }
  }
}
