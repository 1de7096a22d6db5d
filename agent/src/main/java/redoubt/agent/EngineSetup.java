package redoubt.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import redoubt.agent.activation.ContentDesk;
import redoubt.agent.confinement.EngineUsers;
import redoubt.agent.engine.EngineContent;
import redoubt.agent.engine.EngineSettings;
import redoubt.agent.engine.Registration;
import redoubt.agent.health.Notices;
import redoubt.agent.registry.EngineManifest;
import redoubt.agent.registry.EngineRights;
import redoubt.agent.registry.Register;
import redoubt.core.content.ContentException;
import redoubt.core.content.ContentStore;
import redoubt.core.content.RuleArchive;
import redoubt.core.content.ScanArchive;
import redoubt.core.content.VerifiedBundle;
import redoubt.core.content.life.Release;
import redoubt.core.linux.LinuxException;
import redoubt.core.linux.SealedMemory;
import redoubt.core.linux.SeccompFilter;
import redoubt.core.model.EngineId;
import redoubt.core.model.PlatformNotice;
import redoubt.core.model.ResponseAction;

/// Finds the engines of this host, what each may, and verified content for each.
final class EngineSetup {
  private final AgentPaths paths;
  private final Supplier<AgentOptions> settings;
  private final Groundwork groundwork;
  private final Predicate<Register.Entry> mayStart;
  private final ContentDesk bundles;
  private final Notices notices;

  /// @param settings what is to be done now
  /// @param mayStart whether an engine may be started
  /// @param bundles knows the bundles that are in force
  EngineSetup(
      AgentPaths paths,
      Supplier<AgentOptions> settings,
      Groundwork groundwork,
      Predicate<Register.Entry> mayStart,
      ContentDesk bundles,
      Notices notices) {
    this.paths = paths;
    this.settings = settings;
    this.groundwork = groundwork;
    this.mayStart = mayStart;
    this.bundles = bundles;
    this.notices = notices;
  }

  private AgentOptions options() {
    return settings.get();
  }

  /// What every engine gets alike; writes the filter of system calls to where it says.
  ///
  /// @param provenanceGeneration counts changes of what is known of where files come from
  /// @throws IOException if it cannot be written
  EngineSettings settings(LongSupplier provenanceGeneration) throws IOException {
    EngineSettings settings =
        new EngineSettings(
            Files.createDirectories(paths.engineSockets()),
            EngineUsers.FIRST,
            options().limits().softDeadline(),
            options().helloLimit(),
            Version.text(),
            paths.java(),
            paths.home(),
            paths.engineGroups(),
            provenanceGeneration);
    Files.write(settings.filter(), SeccompFilter.forEngines());
    return settings;
  }

  /// Reads the register: the engines that come with the installation, the owner's, and those named
  /// on the command line.
  ///
  /// @throws IOException if a manifest cannot be read
  /// @throws IllegalArgumentException if a manifest is wrong
  List<Registration> registered() throws IOException {
    Register.Grants grants = grants();
    return registrations(register().entries(grants, named()), grants);
  }

  /// As [#registered], but an engine of the owner's whose manifest cannot be used is left out and
  /// reported: one broken file leaves the others, and the host, protected.
  List<Registration> usable() throws IOException {
    Register.Grants grants = grants();
    return registrations(register().entries(grants, named(), this::leftOut), grants);
  }

  /// The engines that the command line names: those of `--engine`, and those that come with us and
  /// are started only for `--rules`, `--clamav`, `--app-control` and `--ransomware`, or if a bundle
  /// is in force for them.
  private List<Path> named() {
    AgentOptions options = options();
    List<Path> named = new ArrayList<>(options.engines());
    if (options.rules().isPresent()) {
      named.add(paths.sigmaEngine());
    }
    if (options.clamav()) {
      named.add(paths.clamavEngine());
    }
    if (options.appControl().isPresent()) {
      named.add(paths.allowlistEngine(options.libraries()));
    }
    if (options.ransomware().isPresent()) {
      named.add(paths.ransomwareEngine());
    }
    bundles.inForce().stream()
        .map(engine -> paths.optionalEngine(engine.value()))
        .filter(path -> Files.exists(path) && !named.contains(path))
        .forEach(named::add);
    return named;
  }

  /// An engine of this host, whether it runs or not.
  Optional<Register.Entry> entry(EngineId engine) {
    try {
      return register().findUsable(engine);
    } catch (IOException | IllegalArgumentException e) {
      notices.report(
          PlatformNotice.Kind.POLICY_CHANGED, engine.value(), String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  /// The manifest of an engine that came as a bundle.
  ///
  /// @throws ContentException if that is none that this host can run
  /// @throws IOException if it cannot be read
  EngineManifest released(EngineId engine, Release release) throws IOException, ContentException {
    try {
      return register().released(engine, release);
    } catch (NoSuchFileException | IllegalArgumentException e) {
      throw new ContentException("not an engine's release: " + e.getMessage(), e);
    }
  }

  private void leftOut(Path manifest, Exception problem) {
    String text =
        "an engine is not started: manifest="
            + manifest
            + " error="
            + problem.getMessage()
            + "; mend it and start the agent again";
    System.err.println("redoubt: " + text);
    notices.report(
        PlatformNotice.Kind.POLICY_CHANGED, String.valueOf(manifest.getFileName()), text);
  }

  private Register register() {
    return paths.register();
  }

  private Register.Grants grants() {
    Register.Grants grants = register().load();
    grants
        .problem()
        .ifPresent(problem ->
            notices.report(
                PlatformNotice.Kind.POLICY_CHANGED,
                "grants",
                "the grants on disk are not used: " + problem.getMessage()));
    return grants;
  }

  private List<Registration> registrations(List<Register.Entry> entries, Register.Grants grants) {
    return entries.stream()
        .filter(entry -> mayStart.test(entry) && bundles.mayStart(entry.manifest().id()))
        .map(entry -> new Registration(entry.manifest(), rights(entry, grants)))
        .toList();
  }

  /// Who says `--clamav` wants clamd to be asked, who says `--quarantine` wants put away what the
  /// engines that come with us find, and who says `--ransomware freeze` wants it stopped, if
  /// nothing else was decided before.
  private EngineRights rights(Register.Entry entry, Register.Grants grants) {
    AgentOptions options = options();
    EngineManifest manifest = entry.manifest();
    EngineRights rights = entry.rights();
    if (grants.byEngine().containsKey(manifest.id().value())) {
      return rights;
    }
    if (options.clamav() && entry.file().equals(paths.clamavEngine())) {
      rights = rights.with(manifest.asks().socketsOnly());
    }
    if (options.ransomware().filter(RansomwareOptions::freeze).isPresent()
        && entry.file().equals(paths.ransomwareEngine())) {
      rights = rights.with(manifest.asks().only(ResponseAction.FREEZE));
    }
    boolean ours = entry.file().startsWith(paths.home());
    if (options.quarantine() && ours && !manifest.asks().judge().isEmpty()) {
      rights = rights.with(manifest.asks().only(ResponseAction.QUARANTINE));
    }
    return rights;
  }

  /// What an engine is to begin with: what the owner names now, or a bundle that is in force, or
  /// what the owner named last, or what the engine brought itself. A list that the owner names now
  /// and that cannot be taken is an error; content remembered from earlier that is broken falls
  /// back to the one before it.
  ///
  /// @throws IOException if the owner's list cannot be taken
  Optional<EngineContent> contentFor(EngineManifest manifest) throws IOException {
    if (named(manifest).isPresent()) {
      try {
        return fromOptions(manifest);
      } catch (IOException e) {
        if (!options().forgiving()) {
          throw e;
        }
        notices.report(
            PlatformNotice.Kind.CONTENT,
            manifest.id().value(),
            "what it had last is used: " + e.getMessage());
      }
    }
    Optional<EngineContent> bundle = bundles.active(manifest.id());
    Optional<EngineContent> content = bundle.isPresent() ? bundle : remembered(manifest);
    return content.isPresent() ? content : bundles.own(manifest.id());
  }

  /// What the owner names for an engine, as it is now, and not as the next start would forgive it.
  ///
  /// @return nothing if nothing is named
  /// @throws IOException if it cannot be taken
  Optional<NamedContent> namedContent(EngineManifest manifest) throws IOException {
    if (named(manifest).isEmpty()) {
      return Optional.empty();
    }
    VerifiedBundle bundle = imported(manifest);
    try {
      return Optional.of(new NamedContent(bundle, sealed(bundle)));
    } catch (ContentException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /// What the owner names for an engine.
  ///
  /// @param bundle as it lies in the store, where no start finds it yet
  /// @param content to hand over; its descriptor is the taker's
  record NamedContent(VerifiedBundle bundle, EngineContent content) {}

  /// Has later starts find it, if they find nothing better.
  void remember(NamedContent named) throws IOException {
    try {
      store().activate(named.bundle());
    } catch (ContentException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /// Whether a bundle is in force for an engine: then its content is held by the life of that.
  boolean hasBundle(EngineId engine) {
    return bundles.inForce().contains(engine);
  }

  /// What an engine has if no bundle is in force for it.
  Optional<EngineContent> withoutBundle(EngineManifest manifest) {
    try {
      return remembered(manifest);
    } catch (IOException | LinuxException e) {
      notices.report(
          PlatformNotice.Kind.CONTENT, manifest.id().value(), String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  /// Says so if the owner names an engine's content where the agent is started.
  Optional<String> named(EngineManifest manifest) {
    return option(manifest)
        .map(option ->
            "its content is named by " + option + ": start the agent without it to use bundles");
  }

  private Optional<String> option(EngineManifest manifest) {
    AgentOptions options = options();
    return switch (manifest.content()) {
      case HASH_LIST ->
          options.content().filter(path -> !ScanArchive.isNeededFor(path)).map(_ -> "--content");
      case SCAN_RULES -> options.content().map(_ -> "--content");
      case SIGMA_RULES -> options.rules().map(_ -> "--rules");
      case WATCH_LIST -> options.ransomware().map(_ -> "--ransomware");
      default -> Optional.empty();
    };
  }

  private Optional<EngineContent> fromOptions(EngineManifest manifest) throws IOException {
    VerifiedBundle bundle = imported(manifest);
    try {
      store().activate(bundle);
      return Optional.of(sealed(bundle));
    } catch (ContentException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private VerifiedBundle imported(EngineManifest manifest) throws IOException {
    AgentOptions options = options();
    Path content =
        switch (manifest.content()) {
          case SIGMA_RULES -> {
            Path archive = paths.state().resolve("rules.zip");
            RuleArchive.pack(
                options.rules().orElseThrow(),
                options.ruleValues(),
                options.rulePipelines(),
                archive);
            yield archive;
          }
          case WATCH_LIST -> {
            Path list = paths.state().resolve("watch.list");
            options.ransomware().orElseThrow().write(list);
            yield list;
          }
          default -> scannable(options.content().orElseThrow());
        };
    try {
      return store().importLocal(manifest.id(), content, Instant.now());
    } catch (ContentException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private Path scannable(Path content) throws IOException {
    if (!ScanArchive.isNeededFor(content)) {
      return content;
    }
    Path archive = paths.state().resolve("scan-rules.zip");
    ScanArchive.pack(content, archive);
    return archive;
  }

  private ContentStore store() throws IOException {
    return new ContentStore(paths.state(), groundwork.ownerKey());
  }

  private Optional<EngineContent> remembered(EngineManifest manifest) throws IOException {
    EngineId engine = manifest.id();
    ContentStore store = store();
    Optional<EngineContent> remembered = remembered(engine, store, notices);
    boolean starts =
        manifest.content() == EngineManifest.ContentKind.HASH_LIST
            || manifest.content() == EngineManifest.ContentKind.SCAN_RULES;
    if (remembered.isEmpty() && starts && Files.exists(paths.starterList())) {
      try {
        return Optional.of(sealed(store.importLocal(engine, paths.starterList(), Instant.now())));
      } catch (ContentException e) {
        throw new IOException(e.getMessage(), e);
      }
    }
    return remembered;
  }

  private static Optional<EngineContent> remembered(
      EngineId engine, ContentStore store, Notices notices) throws IOException {
    try {
      Optional<VerifiedBundle> active = store.active(engine);
      return active.isPresent() ? Optional.of(sealed(active.get())) : Optional.empty();
    } catch (ContentException e) {
      notices.report(PlatformNotice.Kind.CONTENT, engine.value(), e.getMessage());
      return previous(engine, store, notices);
    }
  }

  private static Optional<EngineContent> previous(
      EngineId engine, ContentStore store, Notices notices) throws IOException {
    try {
      Optional<VerifiedBundle> previous = store.previous(engine);
      return previous.isPresent() ? Optional.of(sealed(previous.get())) : Optional.empty();
    } catch (ContentException e) {
      notices.report(PlatformNotice.Kind.CONTENT, engine.value(), e.getMessage());
      return Optional.empty();
    }
  }

  private static EngineContent sealed(VerifiedBundle bundle) throws IOException, ContentException {
    try (SealedMemory memory = SealedMemory.create("redoubt-content")) {
      bundle.copyTo(memory);
      return new EngineContent(
          bundle.name(),
          bundle.version(),
          bundle.trust(),
          bundle.sha256(),
          bundle.sizeBytes(),
          memory.seal(),
          Optional.empty());
    }
  }
}
