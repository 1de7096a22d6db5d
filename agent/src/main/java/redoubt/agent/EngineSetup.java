package redoubt.agent;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import redoubt.agent.engine.EngineContent;
import redoubt.agent.engine.EngineManifest;
import redoubt.agent.health.Notices;
import redoubt.core.content.ContentException;
import redoubt.core.content.ContentStore;
import redoubt.core.content.OwnerKey;
import redoubt.core.content.VerifiedBundle;
import redoubt.core.linux.SealedMemory;
import redoubt.core.model.EngineId;
import redoubt.core.model.PlatformNotice;

/// Finds the engines of this host and verified content for each.
final class EngineSetup {
  /// The engine that a list given with `--content` is for.
  private static final EngineId SCANNER = new EngineId("scanner");

  private EngineSetup() {}

  /// An engine to start.
  record Registration(EngineManifest manifest, Optional<EngineContent> content) {}

  /// Reads every manifest: those that come with the installation, the owner's, and those named on
  /// the command line.
  ///
  /// @throws IOException if a manifest cannot be read, or the owner's list not be taken
  /// @throws IllegalArgumentException if a manifest is wrong
  static List<Registration> find(AgentPaths paths, AgentOptions options, Notices notices)
      throws IOException {
    List<Path> files = new ArrayList<>();
    files.addAll(manifestsIn(paths.bundledEngines()));
    files.addAll(manifestsIn(paths.ownEngines()));
    files.addAll(options.engines());
    ContentStore store = new ContentStore(paths.state(), ownerKey(paths));
    List<Registration> found = new ArrayList<>();
    for (Path file : files) {
      EngineManifest manifest =
          EngineManifest.read(file, paths.java().resolve("bin/java"), paths.home());
      found.add(
          new Registration(manifest, contentFor(manifest.id(), store, paths, options, notices)));
    }
    return found;
  }

  private static OwnerKey ownerKey(AgentPaths paths) throws IOException {
    try {
      return OwnerKey.loadOrCreate(paths.state());
    } catch (ContentException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private static List<Path> manifestsIn(Path directory) throws IOException {
    List<Path> files = new ArrayList<>();
    if (Files.isDirectory(directory)) {
      try (DirectoryStream<Path> manifests = Files.newDirectoryStream(directory, "*.engine")) {
        manifests.forEach(files::add);
      }
    }
    files.sort(null);
    return files;
  }

  /// A list that the owner names now and that cannot be taken stops the start; content remembered
  /// from earlier that is broken falls back to the one before it.
  private static Optional<EngineContent> contentFor(
      EngineId engine, ContentStore store, AgentPaths paths, AgentOptions options, Notices notices)
      throws IOException {
    boolean takesList = engine.equals(SCANNER) || isCopyOfScanner(engine);
    if (takesList && options.content().isPresent()) {
      return Optional.of(taken(engine, store, options.content().orElseThrow(), true));
    }
    Optional<EngineContent> remembered = remembered(engine, store, notices);
    if (remembered.isEmpty() && takesList && Files.exists(paths.starterList())) {
      return Optional.of(taken(engine, store, paths.starterList(), false));
    }
    return remembered;
  }

  /// Takes a list into the store.
  ///
  /// @param remember whether it is to be used at later starts too
  private static EngineContent taken(
      EngineId engine, ContentStore store, Path list, boolean remember) throws IOException {
    try {
      VerifiedBundle bundle = store.importLocal(engine, list, Instant.now());
      if (remember) {
        store.activate(bundle);
      }
      return sealed(bundle);
    } catch (ContentException e) {
      throw new IOException(e.getMessage(), e);
    }
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

  private static boolean isCopyOfScanner(EngineId engine) {
    return engine.value().startsWith(SCANNER.value() + "-");
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
          memory.seal());
    }
  }
}
