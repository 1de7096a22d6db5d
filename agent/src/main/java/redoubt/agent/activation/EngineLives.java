package redoubt.agent.activation;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import redoubt.core.content.PlatformRelease;
import redoubt.core.content.life.Life;
import redoubt.core.content.life.LifeFolders;
import redoubt.core.content.life.LifeStore;
import redoubt.core.model.EngineId;
import redoubt.core.wire.BundleName;

/// The lives of what engines have and are: of an engine's content, under its id, and of an engine
/// that came as a bundle that of its releases too, under [EngineId#releases]. Thread-safe.
final class EngineLives {
  private final LifeFolders folders;
  private final SortedMap<EngineId, EngineLife> lives = new TreeMap<>();

  EngineLives(LifeFolders folders) {
    this.folders = folders;
  }

  LifeFolders folders() {
    return folders;
  }

  /// Begins a start of the agent for each that this host knows: counts it, but not for an engine's
  /// content while its release is in doubt, nor the other way round.
  ///
  /// @param problems takes the id of a life and what was found broken, for people
  /// @throws IOException if it cannot be read which there are
  void begin(Instant now, BiConsumer<EngineId, String> problems) throws IOException {
    List<EngineId> ids =
        folders.engines().stream().filter(id -> !id.equals(PlatformRelease.ENGINE)).toList();
    // Before any of them is changed. Those that are alone need not be looked at.
    Set<EngineId> doubtful =
        ids.stream()
            .filter(id -> ids.contains(besideOf(id)) && isInDoubt(id))
            .collect(Collectors.toSet());
    for (EngineId id : ids) {
      EngineLife life = EngineLife.begin(id, folders, now, text -> problems.accept(id, text));
      if (doubtful.contains(besideOf(id)) && !doubtful.contains(id)) {
        life.stepBack(Life::stopped);
      }
      put(life);
    }
    for (EngineLife life : all()) {
      try {
        make(life.engine()); // An engine that came as a bundle may have had no other content.
      } catch (IOException e) {
        problems.accept(life.id(), String.valueOf(e.getMessage()));
      }
    }
  }

  private static EngineId besideOf(EngineId id) {
    return id.released().orElseGet(id::releases);
  }

  private boolean isInDoubt(EngineId id) {
    try {
      return folders.of(id).read().life().candidate().isPresent();
    } catch (IOException _) {
      return false; // To begin it finds that too, and says so.
    }
  }

  private synchronized void put(EngineLife life) {
    lives.put(life.id(), life);
  }

  /// All of them.
  synchronized List<EngineLife> all() {
    return List.copyOf(lives.values());
  }

  /// All bundles that are in force.
  List<BundleName> running() {
    return all().stream()
        .flatMap(life -> life.life().active().stream().map(release -> release.named(life.id())))
        .toList();
  }

  /// The engines for which a bundle is in force.
  Set<EngineId> inForce() {
    return all().stream()
        .filter(life -> life.life().active().isPresent())
        .map(EngineLife::engine)
        .collect(Collectors.toSet());
  }

  /// One of them, by its own id.
  synchronized @Nullable EngineLife find(EngineId id) {
    return lives.get(id);
  }

  /// As [#find], but it is there when this returns.
  synchronized EngineLife make(EngineId id) throws IOException {
    EngineLife known = lives.get(id);
    if (known == null) {
      LifeStore store = folders.make(id);
      known = new EngineLife(id, folders, store.read().life(), Life.Plan.CONTENT);
      lives.put(id, known);
    }
    return known;
  }

  /// Those of one engine.
  synchronized List<EngineLife> of(EngineId engine) {
    return Stream.of(engine, engine.releases())
        .flatMap(id -> Stream.ofNullable(lives.get(id)))
        .toList();
  }

  /// That of an engine's content, whichever of its lives is given.
  EngineLife content(EngineLife life) {
    EngineLife content = find(life.engine());
    return content == null ? life : content;
  }

  /// The other one of an engine's lives, if it has two.
  Optional<EngineLife> beside(EngineLife life) {
    return of(life.engine()).stream().filter(each -> each != life).findFirst();
  }

  /// The one with the bundle whose content the engine has, if it has one of a bundle: that of its
  /// content, or else of its releases.
  EngineLife shown(EngineLife life) {
    EngineLife content = content(life);
    return content.life().active().isPresent() ? content : releases(life.engine()).orElse(content);
  }

  /// That of an engine's releases, if one of them is in force.
  Optional<EngineLife> releases(EngineId engine) {
    return Optional.ofNullable(find(engine.releases()))
        .filter(life -> life.life().active().isPresent());
  }
}
