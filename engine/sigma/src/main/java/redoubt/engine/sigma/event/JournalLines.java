package redoubt.engine.sigma.event;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import redoubt.engine.sigma.event.Aliases.Alias;

/// Knows the lines of Redoubt's own journal, and gives them the fields that rules know.
///
/// A decision about an exec is the creation of a process, one about an open is access to a file;
/// both also if it was denied. No rule is for the other lines. What the journal does not say has no
/// field: the command line, the working folder, the names of users but root's.
///
/// At the moment of an exec the process is already the one that will run the program: its parent is
/// the parent, and what it ran until then has no name in Sigma.
///
/// Source: `spec/ocsf/README.md`; the appendix "Taxonomy" of the Sigma specification.
final class JournalLines {
  private static final String REDOUBT = "Redoubt";
  private static final String LAUNCH_TYPE = "100701";
  private static final String OPEN_TYPE = "100114";
  private static final String ROOT_ID = "0";

  private static final EventClass LAUNCH =
      new EventClass(Set.of("linux"), Set.of("process_creation"), Set.of());
  private static final EventClass OPEN =
      new EventClass(Set.of("linux"), Set.of("file_access"), Set.of());

  private static final List<Alias> OF_ALL =
      List.of(
          new Alias("actor.process.parent_process.path", "ParentImage"),
          new Alias("actor.process.parent_process.pid", "ParentProcessId"),
          new Alias("actor.process.user.uid", "User"),
          new Alias("actor.user.uid", "User"),
          new Alias("device.hostname", "Computer"));
  private static final List<Alias> OF_LAUNCHES =
      List.of(new Alias("process.file.path", "Image"), new Alias("process.pid", "ProcessId"));
  private static final List<Alias> OF_OPENS =
      List.of(
          new Alias("actor.process.path", "Image"),
          new Alias("actor.process.pid", "ProcessId"),
          new Alias("file.path", "FileName"),
          new Alias("file.path", "TargetFilename"));

  private final int vendor;
  private final int product;
  private final int type;
  private final int user;
  private final int hashes;
  private final int launchedDigest;
  private final int openedDigest;
  private final Aliases all;
  private final Aliases launches;
  private final Aliases opens;

  /// Asks for the fields that it needs.
  ///
  /// @param fields with all fields that the rules ask for
  JournalLines(FieldTable fields) {
    vendor = fields.slot("metadata.product.vendor_name");
    product = fields.slot("metadata.product.name");
    type = fields.slot("type_uid");
    user = fields.find("User");
    hashes = fields.slot("Hashes");
    launchedDigest = fields.slot("process.file.hashes.value");
    openedDigest = fields.slot("file.hashes.value");
    all = new Aliases(fields, OF_ALL);
    launches = new Aliases(fields, OF_LAUNCHES);
    opens = new Aliases(fields, OF_OPENS);
  }

  /// The class of a line of the journal, which gets the fields that it has under another name;
  /// nothing if the event is no such line.
  Optional<EventClass> classify(Event event) {
    if (!REDOUBT.equals(event.find(product)) || !REDOUBT.equals(event.find(vendor))) {
      return Optional.empty();
    }
    String found = event.find(type);
    if (LAUNCH_TYPE.equals(found)) {
      addFields(event, launches, launchedDigest);
      return Optional.of(LAUNCH);
    } else if (OPEN_TYPE.equals(found)) {
      addFields(event, opens, openedDigest);
      return Optional.of(OPEN);
    }
    return Optional.of(EventClass.UNKNOWN);
  }

  private void addFields(Event event, Aliases names, int digest) {
    names.add(event);
    all.add(event);
    if (user != FieldTable.UNKNOWN && ROOT_ID.equals(event.find(user))) {
      event.add(user, Event.Kind.TEXT, "root");
    }
    // The journal has digests of one kind only.
    String sha256 = event.find(digest);
    if (sha256 != null) {
      event.add(hashes, Event.Kind.TEXT, "SHA256=" + sha256);
    }
  }
}
