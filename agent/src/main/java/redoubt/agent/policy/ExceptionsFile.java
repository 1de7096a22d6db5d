package redoubt.agent.policy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import redoubt.core.model.Sha256;

/// `exceptions.json` in the state directory, or `trust.json`: read by the agent, edited by the
/// command line, by the same code, whether an agent runs or not.
///
/// The file counts only if nobody but its owner can have written it. A change replaces the file in
/// one step, so a reader sees the old or the new one. `exceptions.json.good` (`trust.json.good`) is
/// the agent's copy of what it last read without error; it stays in force while the file is broken.
/// Safe for use by several processes; within one process by one thread at a time.
public final class ExceptionsFile {
  /// The owner's lists that have this form.
  private enum Kind {
    /// What no engine may deny.
    EXCEPTIONS("exceptions.json", "exceptions", "x", "redoubt allow"),
    /// What engines that judge by origin are told that the owner trusts.
    TRUST("trust.json", "trusted files", "t", "redoubt trust"),
    /// What no engine may deny because the owner of the host's fleet says so.
    FLEET("fleet-exceptions.json", "exceptions of the fleet", "f", "redoubt fleet allow");

    private final String fileName;
    private final String plural;
    private final String idStart;
    private final String command;

    Kind(String fileName, String plural, String idStart, String command) {
      this.fileName = fileName;
      this.plural = plural;
      this.idStart = idStart;
      this.command = command;
    }
  }

  private static final int ID_BYTES = 4;

  private final Kind kind;
  private final Path directory;
  private final KeptFile file;
  private final PackageDatabase packages;
  private final RootOnlyPaths rootOnly;
  private final SecureRandom random = new SecureRandom();

  ExceptionsFile(Path directory, PackageDatabase packages, RootOnlyPaths rootOnly) {
    this(Kind.EXCEPTIONS, directory, packages, rootOnly);
  }

  private ExceptionsFile(
      Kind kind, Path directory, PackageDatabase packages, RootOnlyPaths rootOnly) {
    this.kind = kind;
    this.directory = directory;
    this.file = new KeptFile(directory.resolve(kind.fileName), ExceptionsJson.MAX_BYTES);
    this.packages = packages;
    this.rootOnly = rootOnly;
  }

  /// Names the exceptions below this host's state directory. Touches nothing yet.
  public static ExceptionsFile in(Path stateDirectory) {
    return new ExceptionsFile(stateDirectory, PackageDatabase.ofHost(), RootOnlyPaths.ofHost());
  }

  /// Names what the owner trusts, below this host's state directory, in `trust.json`: entries of
  /// the same form for every engine alike. Touches nothing yet.
  public static ExceptionsFile trustIn(Path stateDirectory) {
    return new ExceptionsFile(
        Kind.TRUST, stateDirectory, PackageDatabase.ofHost(), RootOnlyPaths.ofHost());
  }

  /// Names what no engine may deny because the owner of the fleet says so, below this host's state
  /// directory, in `fleet-exceptions.json`. Touches nothing yet.
  public static ExceptionsFile ofFleetIn(Path stateDirectory) {
    return new ExceptionsFile(
        Kind.FLEET, stateDirectory, PackageDatabase.ofHost(), RootOnlyPaths.ofHost());
  }

  /// What the agent got.
  ///
  /// @param exceptions what is in force
  /// @param problem what is wrong with the file; then `exceptions` are those of the last good copy
  public record Loaded(Exceptions exceptions, Optional<PolicyException> problem) {}

  /// What an owner wants to except.
  ///
  /// @param value a hash, a path or a package name; [ExceptionEntry.Kind#of] tells which
  /// @param engine an engine id, or `*`
  /// @param until when it ends, or null
  /// @param comment why, for people
  public record Proposal(String value, String engine, @Nullable Instant until, String comment) {}

  /// What somebody excepted elsewhere.
  ///
  /// @param made when
  public record Given(Proposal proposal, Instant made) {}

  /// What became of what was made elsewhere.
  ///
  /// @param isChange whether something else counts now
  /// @param problems what is wrong with those that are left out
  public record Replaced(boolean isChange, List<String> problems) {
    public Replaced {
      problems = List.copyOf(problems);
    }
  }

  /// Reads the exceptions for the agent, and keeps a copy of what it read. Never fails: a broken
  /// file leaves the last good copy in force and is reported. Starts no child process; blocks on
  /// the disk.
  public Loaded load() {
    try {
      Optional<byte[]> text = file.read();
      Exceptions exceptions = parse(text);
      file.keep(text);
      return new Loaded(exceptions, Optional.empty());
    } catch (PolicyException e) {
      return new Loaded(lastGood(), Optional.of(e));
    }
  }

  /// Reads the exceptions; a missing file means that there are none.
  ///
  /// @throws PolicyException if the file is broken or somebody else could have written it
  public Exceptions read() throws PolicyException {
    return parse(file.read());
  }

  /// Adds an exception, in place of one for the same thing and engine. Creates the state directory
  /// if there is none. On return the exception is on disk for good.
  ///
  /// @param uid who adds it
  /// @param now the wall clock
  /// @throws PolicyException if the exception would be unsafe or meaningless, or the file is broken
  public ExceptionEntry add(Proposal proposal, int uid, Instant now) throws PolicyException {
    ExceptionEntry entry = entryOf(proposal, uid, now);
    change(entries -> {
      entries.removeIf(entry::sameSubject);
      entries.add(entry);
    });
    return entry;
  }

  /// Adds entries, all or none of them, but for those whose subject is there already.
  ///
  /// @return those that are new
  /// @throws PolicyException as [#add(Proposal, int, Instant)]
  public List<ExceptionEntry> add(List<Proposal> proposals, int uid, Instant now)
      throws PolicyException {
    List<ExceptionEntry> added = new ArrayList<>();
    for (Proposal proposal : proposals) {
      added.add(entryOf(proposal, uid, now));
    }
    change(entries -> {
      added.removeIf(entry -> entries.stream().anyMatch(entry::sameSubject));
      entries.addAll(added);
    });
    return List.copyOf(added);
  }

  /// Makes what somebody excepted elsewhere all that is excepted here. An entry keeps its id as
  /// long as it is about the same thing. On return it is on disk for good.
  ///
  /// @param generation theirs, in place of the own one
  /// @throws PolicyException if nothing can be written
  public Replaced replace(List<Given> given, long generation, Instant now) throws PolicyException {
    List<ExceptionEntry> entries = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    for (Given each : given) {
      try {
        ExceptionEntry entry =
            entryOf(each.proposal(), 0, now).madeElsewhere(idOf(each), each.made());
        entries.removeIf(entry::sameSubject);
        entries.add(entry);
      } catch (PolicyException e) {
        problems.add(String.valueOf(e.getMessage()));
      }
    }
    boolean isChange =
        rewrite(() ->
            holds(entries, generation)
                ? Optional.empty()
                : Optional.of(new ExceptionsJson.Document(generation, entries)));
    return new Replaced(isChange, problems);
  }

  private boolean holds(List<ExceptionEntry> entries, long generation) {
    try {
      Exceptions present = read();
      return present.generation() == generation && present.entries().equals(entries);
    } catch (PolicyException _) {
      // What is broken is replaced: it is known elsewhere what belongs there.
      return false;
    }
  }

  private String idOf(Given given) {
    return kind.idStart
        + Sha256.ofText(given.proposal().engine() + " " + given.proposal().value())
            .toString()
            .substring(0, 2 * ID_BYTES);
  }

  /// Removes the exceptions with that id, or for that hash, path or package, and returns them.
  ///
  /// @throws PolicyException if there are none, or the file is broken
  public List<ExceptionEntry> remove(String idOrValue) throws PolicyException {
    List<ExceptionEntry> removed = new ArrayList<>();
    change(entries -> {
      entries.stream().filter(entry -> isNamed(entry, idOrValue)).forEach(removed::add);
      entries.removeAll(removed);
      if (removed.isEmpty()) {
        throw new PolicyException(
            "not among the " + kind.plural + ": name=" + idOrValue,
            "see " + kind.command + " list");
      }
    });
    return List.copyOf(removed);
  }

  /// Changes a list of exceptions that nobody else changes meanwhile.
  private interface Change {
    void apply(List<ExceptionEntry> entries) throws PolicyException;
  }

  private void change(Change change) throws PolicyException {
    rewrite(() -> {
      Exceptions before = read();
      List<ExceptionEntry> entries = new ArrayList<>(before.entries());
      change.apply(entries);
      return Optional.of(new ExceptionsJson.Document(before.generation() + 1, entries));
    });
  }

  /// Says what is to stand in the file; nothing if it is to stay.
  private interface Rewriting {
    Optional<ExceptionsJson.Document> document() throws PolicyException;
  }

  /// @return whether something else stands there now
  private boolean rewrite(Rewriting rewriting) throws PolicyException {
    try {
      PrivateFile.createDirectory(directory);
      try (FileChannel lock = PrivateFile.openLock(directory.resolve(kind.fileName + ".lock"));
          var _ = lock.lock()) {
        Optional<ExceptionsJson.Document> document = rewriting.document();
        if (document.isPresent()) {
          byte[] text = ExceptionsJson.format(document.get());
          requireRoom(document.get().entries().size(), text.length);
          file.write(text);
        }
        return document.isPresent();
      }
    } catch (IOException e) {
      throw new PolicyException(
          "the "
              + kind.plural
              + " cannot be written: file="
              + file.path()
              + " error="
              + PrivateFile.reasonOf(e),
          "run as root, with room on the disk",
          e);
    }
  }

  private void requireRoom(int entries, int bytes) throws PolicyException {
    if (entries > ExceptionsJson.MAX_ENTRIES || bytes > ExceptionsJson.MAX_BYTES) {
      throw new PolicyException(
          "too many " + kind.plural + ": count=" + entries + " bytes=" + bytes,
          "remove those that have ended: " + kind.command + " list");
    }
  }

  private ExceptionEntry entryOf(Proposal proposal, int uid, Instant now) throws PolicyException {
    Instant until = proposal.until();
    if (until != null && !until.isAfter(now)) {
      throw new PolicyException(
          "the entry would have ended already: until=" + until, "name a later time");
    }
    ExceptionEntry.Kind of = ExceptionEntry.Kind.of(proposal.value());
    String value =
        switch (of) {
          case HASH -> proposal.value().toLowerCase(Locale.ROOT);
          case PATH -> safePath(proposal.value());
          case PACKAGE -> proposal.value();
        };
    try {
      return new ExceptionEntry(
          newId(),
          of,
          value,
          proposal.engine(),
          until,
          uid,
          now,
          proposal.comment(),
          of == ExceptionEntry.Kind.PACKAGE ? packageFiles(value) : List.of());
    } catch (IllegalArgumentException e) {
      throw new PolicyException(
          String.valueOf(e.getMessage()), "see " + kind.command + " add --help", e);
    }
  }

  private static boolean isNamed(ExceptionEntry entry, String idOrValue) {
    return entry.id().equals(idOrValue)
        || entry.value().equals(idOrValue)
        || entry.value().equals(idOrValue + "/")
        || (entry.kind() == ExceptionEntry.Kind.HASH && entry.value().equalsIgnoreCase(idOrValue));
  }

  private String safePath(String value) throws PolicyException {
    Path real;
    boolean directory;
    try {
      real = Path.of(value).toRealPath();
      directory = Files.isDirectory(real);
    } catch (IOException | InvalidPathException e) {
      throw new PolicyException(
          "no such file or directory: path=" + value, "name its hash instead", e);
    }
    Optional<String> weakness = rootOnly.findWeakness(real);
    if (weakness.isPresent()) {
      throw new PolicyException(
          "an entry by path needs a path that only root can change; this one " + weakness.get(),
          "close it to other users, or name the content: " + kind.command + " add --hash " + real);
    }
    return directory ? real + "/" : real.toString();
  }

  private List<String> packageFiles(String name) throws PolicyException {
    List<String> files =
        packages.filesOf(List.of(name), _ -> true).stream()
            .filter(path -> Files.isRegularFile(path))
            .map(path -> path.normalize().toString())
            .toList();
    if (files.isEmpty()) {
      throw new PolicyException(
          "no such package is installed: package=" + name + " database=" + packages.name(),
          "name a hash, an absolute path or an installed package");
    }
    return packages.answersInProcess() ? List.of() : files;
  }

  private Exceptions parse(Optional<byte[]> text) throws PolicyException {
    if (text.isEmpty()) {
      return Exceptions.none();
    }
    try {
      ExceptionsJson.Document document = ExceptionsJson.parse(text.get());
      return Exceptions.of(document.generation(), document.entries(), packages, rootOnly);
    } catch (IOException e) {
      throw new PolicyException(
          "the " + kind.plural + " are broken: file=" + file.path() + " error=" + firstLine(e),
          "mend the file, or remove it to start without any",
          e);
    }
  }

  private Exceptions lastGood() {
    try {
      return parse(file.readGood());
    } catch (PolicyException _) {
      // both are broken: the caller reports the problem of the first
      return Exceptions.none();
    }
  }

  private String newId() {
    byte[] bits = new byte[ID_BYTES];
    random.nextBytes(bits);
    return kind.idStart + HexFormat.of().formatHex(bits);
  }

  private static String firstLine(IOException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }

  Path path() {
    return file.path();
  }
}
