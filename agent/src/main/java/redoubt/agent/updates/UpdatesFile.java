package redoubt.agent.updates;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import redoubt.agent.policy.PolicyException;
import redoubt.agent.policy.PrivateFile;
import redoubt.core.model.EngineId;

/// The owner's word on updates, as it lies on disk. Any process may read; those that write take
/// turns. What is broken is said and means that nothing is taken: no older word stays in force.
public final class UpdatesFile {
  private static final String NAME = "updates.json";

  private final Path state;
  private final PrivateFile file;

  /// Touches nothing yet.
  ///
  /// @param state the agent's state directory
  public UpdatesFile(Path state) {
    this.state = state;
    this.file = new PrivateFile(state.resolve(NAME), UpdatesJson.MAX_BYTES);
  }

  /// All of it, by engine.
  ///
  /// @throws PolicyException if it cannot be read, is broken, or another user could have written it
  public SortedMap<EngineId, UpdatePolicy> read() throws PolicyException {
    Optional<byte[]> text = file.read();
    if (text.isEmpty()) {
      return new TreeMap<>();
    }
    try {
      return UpdatesJson.parse(text.get());
    } catch (IOException e) {
      throw new PolicyException(
          "what is followed cannot be read: file="
              + file.path()
              + " error="
              + String.valueOf(e.getMessage()).lines().findFirst().orElse(""),
          "mend or remove that file",
          e);
    }
  }

  /// Changes what is said of one engine.
  ///
  /// @param step gets what was said, or null, and returns what is said now, or null
  /// @return what is said now, or null
  /// @throws PolicyException if it cannot be read or written, or there would be too many
  public @Nullable UpdatePolicy change(EngineId engine, UnaryOperator<@Nullable UpdatePolicy> step)
      throws PolicyException {
    try {
      PrivateFile.createDirectory(state);
      try (FileChannel lock = PrivateFile.openLock(state.resolve(NAME + ".lock"));
          var _ = lock.lock()) {
        SortedMap<EngineId, UpdatePolicy> policies = read();
        UpdatePolicy next = step.apply(policies.remove(engine));
        if (next != null) {
          policies.put(engine, next);
        }
        if (policies.size() > UpdatesJson.MOST_ENGINES) {
          throw new PolicyException(
              "too many engines: most=" + UpdatesJson.MOST_ENGINES, "take one out");
        }
        file.write(UpdatesJson.format(policies.values()));
        return next;
      }
    } catch (IOException e) {
      throw new PolicyException(
          "what is followed cannot be written: file="
              + file.path()
              + " error="
              + PrivateFile.reasonOf(e),
          "run as root, with room on the disk",
          e);
    }
  }
}
