package redoubt.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import redoubt.core.wire.ControlReply;

/// What a scan has come to so far. Thread-safe.
final class ScanReport implements ScanWalk.Visitor {
  /// Hears of each file as its result comes, one after the other.
  @FunctionalInterface
  interface Listener {
    /// A file was looked at, or could not be.
    ///
    /// @param numbers what all have come to
    void scanned(Path path, ControlReply.ScannedFile result, Numbers numbers);
  }

  /// Files by what became of them.
  ///
  /// @param files all of them
  /// @param clean in which nothing was found
  /// @param known of these, those that had been looked at before
  /// @param found in which something was found
  /// @param excepted in which something was found that the owner allows
  /// @param unscanned that were not looked at, by one engine or at all
  /// @param bytes the size of all
  record Numbers(
      long files, long clean, long known, long found, long excepted, long unscanned, long bytes) {}

  /// The most that is kept for a report at the end.
  private static final int MOST_KEPT = 100_000;

  /// Something that a report has to name.
  ///
  /// @param path where
  /// @param result what
  record Remarkable(Path path, ControlReply.ScannedFile result) {}

  private final ScanBatches batches;
  private final Listener listener;
  private final List<Remarkable> remarkable = new ArrayList<>();
  private long files;
  private long clean;
  private long known;
  private long found;
  private long excepted;
  private long unscanned;
  private long bytes;

  /// @param batches where the files go that are to be scanned
  ScanReport(ScanBatches batches, Listener listener) {
    this.batches = batches;
    this.listener = listener;
  }

  @Override
  public boolean file(Path path, long sizeBytes) {
    return batches.add(path, sizeBytes);
  }

  @Override
  public void problem(Path path, String why) {
    add(path, 0, new ControlReply.ScannedFile("unscanned", false, why, List.of()));
  }

  /// Adds the result of one file.
  synchronized void add(Path path, long sizeBytes, ControlReply.ScannedFile result) {
    switch (result.state()) {
      case "clean" -> clean++;
      case "found" -> found++;
      case "excepted" -> excepted++;
      case "skipped" -> {
        // It was a file when the walk saw it, and is something else now.
        return;
      }
      default -> unscanned++;
    }
    files++;
    bytes += sizeBytes;
    if (result.known()) {
      known++;
    }
    if (!result.state().equals("clean") && remarkable.size() < MOST_KEPT) {
      remarkable.add(new Remarkable(path, result));
    }
    listener.scanned(path, result, numbers());
  }

  synchronized Numbers numbers() {
    return new Numbers(files, clean, known, found, excepted, unscanned, bytes);
  }

  /// What is not clean, in the order in which it came.
  synchronized List<Remarkable> remarkable() {
    return List.copyOf(remarkable);
  }
}
