package redoubt.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import redoubt.agent.admission.HostPast;
import redoubt.agent.health.TimeSource;
import redoubt.agent.policy.PrivateFile;
import redoubt.agent.recording.EventRecording;
import redoubt.agent.recording.ExecutedFiles;
import redoubt.agent.recording.RecordedEvents;
import redoubt.core.linux.FileStatus;
import redoubt.core.model.DecisionRecord;
import redoubt.core.model.FileIdentity;
import redoubt.core.model.HostEvent;

/// Keeps what happens on this host, and makes a past of it against which new content is held.
/// Thread-safe.
final class HostPasts {
  /// Of how many turns of housekeeping one writes down what is executed.
  private static final int TURNS = 150;

  /// A file that is longer is no program that a host cannot do without.
  private static final long MOST_BYTES = 256L << 20;

  /// A program that was executed so often runs here; once, anything may.
  private static final int SOME = 3;

  private final EventRecording events;
  private final ExecutedFiles executed;
  private final Supplier<List<Path>> protectedFiles;
  private final DigestMemory digests;
  private int turn;

  /// @param folder where it is kept; made if it is not there
  /// @param protectedFiles finds the files that this host cannot do without
  HostPasts(Path folder, Supplier<List<Path>> protectedFiles, TimeSource time) throws IOException {
    PrivateFile.createDirectory(folder);
    events = EventRecording.in(folder, time);
    executed = ExecutedFiles.in(folder);
    this.protectedFiles = protectedFiles;
    digests = new DigestMemory(time);
  }

  /// Something was decided.
  void note(DecisionRecord decision) {
    executed.note(decision.eventClass(), decision.answer(), decision.path());
  }

  /// Something happened.
  void note(HostEvent event) {
    events.take(event);
  }

  /// Writes down what was kept; called every two seconds. What cannot be written is lost: it is a
  /// sample.
  synchronized void keep() {
    try {
      events.write();
      if (++turn % TURNS == 0) {
        executed.write();
      }
    } catch (IOException _) {
      // A full disk is said by whoever cannot do without it.
    }
  }

  /// Writes down what is executed, at the end.
  synchronized void close() {
    turn = TURNS - 1;
    keep();
  }

  /// What this host has, and what happened on it up to now.
  ///
  /// @param withFiles whether its files matter
  HostPast past(boolean withFiles) throws IOException {
    List<HostPast.File> files = withFiles ? files() : List.of();
    RecordedEvents recorded = recorded();
    return new HostPast(files, recorded::batches, recorded::close);
  }

  /// Nobody puts one file in the place of another meanwhile.
  private synchronized RecordedEvents recorded() throws IOException {
    keep();
    return events.recorded();
  }

  private List<HostPast.File> files() {
    Set<Path> run = new LinkedHashSet<>(executed.most(SOME));
    Set<Path> all = new LinkedHashSet<>(run);
    all.addAll(protectedFiles.get());
    List<HostPast.File> files = new ArrayList<>();
    try (FileStatus status = new FileStatus();
        DigestMemory.Round round = digests.begin()) {
      for (Path path : all) {
        file(path, run.contains(path), status, round).ifPresent(files::add);
      }
    }
    return files;
  }

  private static Optional<HostPast.File> file(
      Path path, boolean runs, FileStatus status, DigestMemory.Round digests) {
    try {
      Path real = path.toRealPath();
      if (status.load(real.toString()) < 0
          || !status.isRegular()
          || status.sizeBytes() > MOST_BYTES) {
        return Optional.empty();
      }
      FileIdentity identity = status.identity();
      return Optional.of(
          new HostPast.File(
              real.toString(),
              identity,
              digests.of(real, identity),
              Files.isExecutable(real),
              runs));
    } catch (IOException _) {
      return Optional.empty(); // It is no more.
    }
  }
}
