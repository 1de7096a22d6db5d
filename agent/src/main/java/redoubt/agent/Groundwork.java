package redoubt.agent;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import redoubt.agent.confinement.Spawner;
import redoubt.agent.policy.HostCommands;
import redoubt.agent.policy.PolicyException;
import redoubt.agent.policy.ProtectedSet;
import redoubt.agent.policy.ProtectedSetSource;
import redoubt.agent.policy.ShippedFiles;
import redoubt.core.content.ContentException;
import redoubt.core.content.OwnerKey;
import redoubt.core.linux.Scheduling;

/// What every start needs and takes long to find, looked for from the first moment on, by a thread
/// each, while everything else starts: the protected files, what packages brought, and the owner's
/// key.
///
/// Thread-safe.
final class Groundwork {
  private final ProtectedSetSource protectedFiles;
  private final FutureTask<ProtectedSet> protectedSet;
  private final FutureTask<OwnerKey> ownerKey;
  private final ShippedFiles shippedFiles = ShippedFiles.ofHost();
  private final FutureTask<ShippedFiles> shipped;
  private final boolean origins;
  private final boolean ownerNamesProtected;

  private Groundwork(AgentPaths paths, List<Path> protect, boolean origins) {
    this.origins = origins;
    ownerNamesProtected = !protect.isEmpty();
    protectedFiles =
        ProtectedSetSource.ofHost(
            Stream.concat(paths.ownFiles().stream(), protect.stream()).toList());
    protectedSet =
        new FutureTask<>(() -> {
          Scheduling.normal();
          return protectedFiles.scan();
        });
    ownerKey = new FutureTask<>(() -> OwnerKey.loadOrCreate(paths.state()));
    shipped =
        new FutureTask<>(() -> {
          Scheduling.normal();
          shippedFiles.load();
          return shippedFiles;
        });
  }

  /// Begins to look. At most one agent of a state directory may: the owner's key is made if there
  /// is none.
  ///
  /// @param protect what else nothing may deny
  /// @param origins whether it will be judged by where files come from
  static Groundwork begin(AgentPaths paths, List<Path> protect, boolean origins) {
    Groundwork groundwork = new Groundwork(paths, protect, origins);
    if (origins) {
      Thread.ofPlatform().name("packages").daemon().start(groundwork.shipped);
    }
    Thread.ofPlatform().name("owner-key").daemon().start(groundwork.ownerKey);
    Thread.ofPlatform().name("policy").daemon().start(groundwork.protectedSet);
    return groundwork;
  }

  /// Returns when no child process is started any more: until then no hook may be open, for a child
  /// would hold it.
  void awaitChildren() throws IOException {
    if (protectedFiles.startsChildren()) {
      protectedSet();
    }
    if (origins && shippedFiles.startsChildren()) {
      awaitShippedFiles();
    }
  }

  /// From now on, package databases that cannot be read otherwise are asked by what the spawner
  /// starts, also while hooks are open.
  ///
  /// @param commands runs them
  void runCommandsWith(HostCommands commands) {
    shippedFiles.runWith(commands);
  }

  /// Programs of the host that the spawner starts.
  ///
  /// @param output takes what one prints, in a folder in which only this user can write
  static HostCommands commandsOf(Spawner spawner, Path output) {
    return (command, limit, lines) -> spawner.run(command, output, limit, lines);
  }

  /// What packages brought to this host; read only if it will be judged by that.
  ShippedFiles shippedFiles() {
    return shippedFiles;
  }

  /// Waits until it is read, if it is.
  ///
  /// @throws IOException if the package database cannot be read: on a locked host nothing could run
  void awaitShippedFiles() throws IOException {
    if (origins) {
      await(shipped);
    }
  }

  /// Finds protected files again later.
  ProtectedSetSource protectedFiles() {
    return protectedFiles;
  }

  /// Whether the owner has named files that nothing may block: then it is said which cannot be.
  boolean ownerNamesProtected() {
    return ownerNamesProtected;
  }

  /// The files that nothing may block. Waits for them.
  ProtectedSet protectedSet() throws IOException {
    return await(protectedSet);
  }

  /// The key that content of this host is signed with. Waits for it.
  ///
  /// @throws IOException if it cannot be read or made
  OwnerKey ownerKey() throws IOException {
    return await(ownerKey);
  }

  private static <T> T await(FutureTask<T> task) throws IOException {
    try {
      return task.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the agent starts", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof ContentException || e.getCause() instanceof PolicyException) {
        throw new IOException(e.getCause().getMessage(), e.getCause());
      }
      throw new IllegalStateException("bug: the start cannot be prepared", e.getCause());
    }
  }
}
