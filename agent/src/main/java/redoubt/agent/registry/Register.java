package redoubt.agent.registry;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import redoubt.agent.policy.KeptFile;
import redoubt.agent.policy.PolicyException;
import redoubt.agent.policy.PrivateFile;
import redoubt.core.content.ProgramFolder;
import redoubt.core.content.life.LifeFolders;
import redoubt.core.content.life.Release;
import redoubt.core.model.EngineId;

/// The engines of a host as their owner registered them: manifests in directories, those that came
/// as bundles, and one file of grants. Read by the agent, edited by the command line, by the same
/// code.
///
/// An engine that comes with the installation has what it asks for until the owner decides
/// otherwise, since installing it was a decision. Any other may only observe until it is granted
/// more. Nothing ever reaches a peer without being granted it by name. `grants.json.good` is the
/// agent's copy of what it last read without error; it stays in force while the file is broken.
public final class Register {
  private static final String GRANTS = "grants.json";
  private static final String SUFFIX = ".engine";
  private static final String OPTIONAL = "optional";

  private final Path bundled;
  private final Path own;
  private final Path state;
  private final Path java;
  private final Path home;
  private final LifeFolders lives;
  private final KeptFile file;

  /// @param home the installation, whose engines are in `engines`; those in `engines/optional` are
  ///   started only when the owner wants them
  /// @param config where the owner's engines are, in `engines.d`
  /// @param state where the grants are, and engines that came as bundles
  /// @param java the program that runs Java
  public Register(Path home, Path config, Path state, Path java) {
    this.bundled = home.resolve("engines");
    this.own = config.resolve("engines.d");
    this.state = state;
    this.java = java;
    this.home = home;
    this.lives = new LifeFolders(state);
    this.file = new KeptFile(state.resolve(GRANTS), GrantsJson.MAX_BYTES);
  }

  /// One registered engine.
  ///
  /// @param manifest what it is and asks for
  /// @param file where that stands
  /// @param source where it came from
  /// @param rights what it may
  public record Entry(EngineManifest manifest, Path file, Source source, EngineRights rights) {}

  /// Where an engine came from.
  public enum Source {
    /// It is part of the installation.
    INSTALLATION,
    /// The owner registered it.
    OWNER,
    /// A bundle brought it.
    BUNDLE
  }

  /// What is done about a manifest of the owner's that cannot be used.
  @FunctionalInterface
  public interface Broken {
    /// A manifest was found that cannot be read, is wrong, or has another one's id.
    void found(Path manifest, Exception problem) throws IOException;
  }

  /// The grants as the agent takes them.
  ///
  /// @param byEngine by the engine's id
  /// @param problem what is wrong with the file; then these are those of the last good copy
  public record Grants(Map<String, Grant> byEngine, Optional<PolicyException> problem) {
    public Grants {
      byEngine = Map.copyOf(byEngine);
    }
  }

  /// Reads every engine of the host.
  ///
  /// @param more manifests that the owner named for this run only; they have what they ask for
  /// @throws IOException if a manifest cannot be read
  /// @throws IllegalArgumentException if a manifest is wrong, or an id comes twice
  public List<Entry> entries(Grants grants, List<Path> more) throws IOException {
    return entries(
        grants,
        more,
        (_, problem) -> {
          if (problem instanceof IOException unreadable) {
            throw unreadable;
          }
          throw new IllegalArgumentException(problem.getMessage(), problem);
        });
  }

  /// Reads every engine of the host, but for manifests of the owner's that cannot be used.
  ///
  /// @param broken is told of those
  /// @throws IOException if another manifest cannot be read, or `broken` throws it
  /// @throws IllegalArgumentException if another manifest is wrong, or `broken` throws it
  public List<Entry> entries(Grants grants, List<Path> more, Broken broken) throws IOException {
    Map<EngineId, Entry> entries = new LinkedHashMap<>();
    for (Path path : manifestsIn(bundled)) {
      put(entries, entry(path, Source.INSTALLATION, grants));
    }
    for (Path path : manifestsIn(own)) {
      try {
        put(entries, entry(path, Source.OWNER, grants));
      } catch (IOException | IllegalArgumentException e) {
        broken.found(path, e);
      }
    }
    for (EngineId engine : releasedEngines(broken)) {
      try {
        Optional<Release> active = lives.of(engine.releases()).read().life().active();
        if (active.isPresent()) {
          put(entries, released(engine, active.get(), grants));
        }
      } catch (IOException | IllegalArgumentException e) {
        broken.found(lives.programs(engine), e);
      }
    }
    for (Path path : more) {
      put(entries, entry(path, Source.INSTALLATION, grants));
    }
    return List.copyOf(entries.values());
  }

  private List<EngineId> releasedEngines(Broken broken) throws IOException {
    try {
      return lives.engines().stream().flatMap(id -> id.released().stream()).toList();
    } catch (IOException e) {
      broken.found(state, e);
      return List.of();
    }
  }

  private static void put(Map<EngineId, Entry> entries, Entry entry) {
    Entry before = entries.putIfAbsent(entry.manifest().id(), entry);
    if (before != null) {
      throw new IllegalArgumentException(
          "engine id taken: id="
              + entry.manifest().id()
              + " files="
              + before.file()
              + ","
              + entry.file());
    }
  }

  private Entry entry(Path path, Source source, Grants grants) throws IOException {
    if (source == Source.OWNER) {
      requirePrivate(path);
    }
    return entry(EngineManifest.read(path, java, home), path, source, grants);
  }

  private Entry released(EngineId engine, Release release, Grants grants) throws IOException {
    Path file = lives.program(engine, release).resolve(ProgramFolder.MANIFEST);
    requirePrivate(file);
    return entry(released(engine, release), file, Source.BUNDLE, grants);
  }

  /// The manifest of an engine that came as a bundle, in force or not.
  ///
  /// @throws IOException if there is none, or it is too large
  /// @throws IllegalArgumentException if it is wrong
  public EngineManifest released(EngineId engine, Release release) throws IOException {
    return EngineManifest.ofRelease(
        lives.program(engine, release), engine, Optional.of(release.digest()), java, home);
  }

  private static Entry entry(EngineManifest manifest, Path path, Source source, Grants grants) {
    EngineRights asked = manifest.asks();
    Grant grant = grants.byEngine().get(manifest.id().value());
    EngineRights granted =
        grant != null
            ? grant.rights()
            : source == Source.INSTALLATION ? asked.withoutPeersAndResponses() : asked.observing();
    return new Entry(manifest, path, source, granted.within(asked));
  }

  /// Whoever can write a manifest decides what runs beside the agent.
  private static void requirePrivate(Path path) throws IOException {
    try {
      new PrivateFile(path, EngineManifest.MOST_BYTES).read();
    } catch (PolicyException e) {
      throw new IOException("a manifest is not used: " + e.getMessage() + "; " + e.fix(), e);
    }
  }

  private static List<Path> manifestsIn(Path directory) throws IOException {
    List<Path> files = new ArrayList<>();
    if (Files.isDirectory(directory)) {
      try (DirectoryStream<Path> manifests = Files.newDirectoryStream(directory, "*" + SUFFIX)) {
        manifests.forEach(files::add);
      }
    }
    files.sort(null);
    return files;
  }

  /// Reads the grants for the agent, and keeps a copy of what it read. Never fails: a broken file
  /// leaves the last good copy in force; without one, it is as if the owner had decided nothing.
  public Grants load() {
    try {
      Optional<byte[]> text = file.read();
      Map<String, Grant> grants = parse(text);
      file.keep(text);
      return new Grants(grants, Optional.empty());
    } catch (PolicyException e) {
      return new Grants(lastGood(), Optional.of(e));
    }
  }

  /// Reads the grants; a missing file means that there are none.
  ///
  /// @throws PolicyException if the file is broken or somebody else could have written it
  public Grants read() throws PolicyException {
    return new Grants(parse(file.read()), Optional.empty());
  }

  /// Registers an engine: takes a copy of its manifest. It may observe until it is granted more.
  ///
  /// @throws PolicyException if the manifest is wrong, its program is missing, its id is taken, or
  ///   the register cannot be written
  public EngineManifest add(Path manifestFile) throws PolicyException {
    EngineManifest manifest = readGood(manifestFile);
    Path program = Path.of(manifest.command().getFirst());
    if (!Files.isExecutable(program)) {
      throw new PolicyException(
          "the engine's program cannot be executed: command=" + program,
          "install it first, where root alone can write");
    }
    if (find(manifest.id()).isPresent()) {
      throw new PolicyException(
          "engine id taken: id=" + manifest.id(),
          "redoubt engines remove " + manifest.id() + ", or give it another id");
    }
    try {
      PrivateFile.createDirectory(own);
      new PrivateFile(own.resolve(manifest.id() + SUFFIX), EngineManifest.MOST_BYTES)
          .write(Files.readAllBytes(manifestFile));
    } catch (IOException e) {
      throw unwritable(own, e);
    }
    return manifest;
  }

  private EngineManifest readGood(Path manifestFile) throws PolicyException {
    try {
      return EngineManifest.read(manifestFile, java, home);
    } catch (NoSuchFileException e) {
      throw new PolicyException(
          "there is no such file: file=" + manifestFile, "name the engine's manifest", e);
    } catch (IOException | IllegalArgumentException e) {
      throw new PolicyException(
          "not an engine's manifest: file=" + manifestFile + " error=" + e.getMessage(),
          "mend it: docs/guides/write-an-engine.md says what it needs",
          e);
    }
  }

  /// Takes an engine and its grant off the register.
  ///
  /// @throws PolicyException if there is none of the owner's by that id
  public void remove(EngineId id) throws PolicyException {
    Entry entry = require(id);
    switch (entry.source()) {
      case INSTALLATION ->
          throw new PolicyException(
              "this engine comes with the installation: id=" + id,
              "to take away what it may: redoubt engines revoke " + id + " all");
      case BUNDLE ->
          throw new PolicyException(
              "this engine came as a bundle: id=" + id,
              "redoubt content rollback " + id.releases() + ", until none is left");
      case OWNER -> {}
    }
    try {
      Files.deleteIfExists(entry.file());
    } catch (IOException e) {
      throw unwritable(entry.file(), e);
    }
    changeGrants(grants -> {
      grants.remove(id.value());
      return grants;
    });
  }

  /// Decides what an engine may, from what it may now.
  ///
  /// @param change from its rights to its new ones
  /// @param by who decides
  /// @return its new rights
  /// @throws PolicyException if there is no such engine, or the register cannot be written
  public EngineRights decide(EngineId id, UnaryOperator<EngineRights> change, int by, Instant at)
      throws PolicyException {
    Entry entry = require(id);
    EngineRights rights = change.apply(entry.rights()).within(entry.manifest().asks());
    changeGrants(grants -> {
      grants.put(id.value(), new Grant(id, rights, by, at));
      return grants;
    });
    return rights;
  }

  /// The engine by that id, if it is registered, or comes with the installation to be started when
  /// its owner wants it.
  ///
  /// @throws PolicyException if the register cannot be read
  public Optional<Entry> find(EngineId id) throws PolicyException {
    try {
      Grants grants = read();
      return find(id, grants, entries(grants, List.of()));
    } catch (IOException | IllegalArgumentException e) {
      throw new PolicyException(
          "the register cannot be read: " + e.getMessage(), "mend or remove that file", e);
    }
  }

  /// As [#find], whatever is wrong with the grants or with other engines of the owner's.
  ///
  /// @throws IOException if the installation's own cannot be read
  public Optional<Entry> findUsable(EngineId id) throws IOException {
    Grants grants = load();
    return find(id, grants, entries(grants, List.of(), (_, _) -> {}));
  }

  private Optional<Entry> find(EngineId id, Grants grants, List<Entry> entries) throws IOException {
    List<Entry> known = new ArrayList<>(entries);
    for (Path path : manifestsIn(bundled.resolve(OPTIONAL))) {
      known.add(entry(path, Source.INSTALLATION, grants));
    }
    return known.stream().filter(entry -> entry.manifest().id().equals(id)).findFirst();
  }

  /// As [#find], of one that there must be.
  ///
  /// @throws PolicyException if there is none
  public Entry require(EngineId id) throws PolicyException {
    return find(id)
        .orElseThrow(
            () -> new PolicyException("no such engine: engine=" + id, "see redoubt engines"));
  }

  private void changeGrants(UnaryOperator<Map<String, Grant>> change) throws PolicyException {
    try {
      PrivateFile.createDirectory(state);
      try (FileChannel lock = PrivateFile.openLock(state.resolve(GRANTS + ".lock"));
          var _ = lock.lock()) {
        Map<String, Grant> grants = change.apply(new TreeMap<>(parse(file.read())));
        file.write(GrantsJson.format(grants.values()));
      }
    } catch (IOException e) {
      throw unwritable(file.path(), e);
    }
  }

  private static PolicyException unwritable(Path path, IOException e) {
    return new PolicyException(
        "the register cannot be written: file=" + path + " error=" + PrivateFile.reasonOf(e),
        "run as root, with room on the disk",
        e);
  }

  private Map<String, Grant> parse(Optional<byte[]> text) throws PolicyException {
    if (text.isEmpty()) {
      return Map.of();
    }
    try {
      return GrantsJson.parse(text.get());
    } catch (IOException e) {
      throw new PolicyException(
          "the grants are broken: file="
              + file.path()
              + " error="
              + String.valueOf(e.getMessage()).lines().findFirst().orElse(""),
          "mend the file, or remove it and grant again",
          e);
    }
  }

  private Map<String, Grant> lastGood() {
    try {
      return parse(file.readGood());
    } catch (PolicyException _) {
      // both are broken: the caller reports the problem of the first
      return Map.of();
    }
  }
}
