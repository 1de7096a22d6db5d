package redoubt.agent;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Optional;

/// Shows that an agent runs, so that there is only one, and that a run ended without stopping, so
/// that a gap in protection is noticed.
final class RunMarker implements AutoCloseable {
  private final FileChannel channel;
  private final Path marker;
  private final Path pidFile;
  private final Optional<String> gap;

  private RunMarker(FileChannel channel, Path marker, Path pidFile, Optional<String> gap) {
    this.channel = channel;
    this.marker = marker;
    this.pidFile = pidFile;
    this.gap = gap;
  }

  /// Marks that this agent runs.
  ///
  /// @return nothing if another agent does
  /// @throws IOException if the directories cannot be written
  static Optional<RunMarker> set(AgentPaths paths) throws IOException {
    Files.createDirectories(paths.run());
    Files.createDirectories(paths.state());
    FileChannel channel =
        FileChannel.open(
            paths.run().resolve("agent.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock = channel.tryLock();
    if (lock == null) {
      channel.close();
      return Optional.empty();
    }
    Path marker = paths.state().resolve("running");
    Optional<String> gap = gapBefore(marker, paths.journal().resolve("journal.jsonl"));
    Files.writeString(marker, Instant.now() + "\n");
    Files.writeString(paths.pidFile(), ProcessHandle.current().pid() + "\n");
    return Optional.of(new RunMarker(channel, marker, paths.pidFile(), gap));
  }

  private static Optional<String> gapBefore(Path marker, Path journal) throws IOException {
    if (!Files.exists(marker)) {
      return Optional.empty();
    }
    Instant last =
        Files.exists(journal)
            ? Files.getLastModifiedTime(journal).toInstant()
            : Files.getLastModifiedTime(marker).toInstant();
    return Optional.of(
        "the run before ended without stopping: started="
            + Files.readString(marker).strip()
            + " lastRecord="
            + last);
  }

  /// What is known of a run that ended without stopping, if the one before did.
  Optional<String> gap() {
    return gap;
  }

  /// The run ends in order.
  @Override
  public void close() throws IOException {
    Files.deleteIfExists(marker);
    Files.deleteIfExists(pidFile);
    channel.close();
  }

  /// As [#close], and says it if it cannot.
  void end() {
    try {
      close();
    } catch (IOException e) {
      System.err.println("redoubt: the run could not be marked as ended: " + e.getMessage());
    }
  }
}
