package redoubt.agent.journal;

import java.time.Duration;

/// The bounds that the journal keeps.
///
/// @param queueEntries how many records may wait for the writer, a power of two from 2 to 2^20
/// @param fileBytes the size at which the current file is set aside, at least 64 KiB
/// @param totalBytes the size that all files together keep below, at least `fileBytes`; the oldest
///   are deleted first and the current one never is, so that one file's size may come on top
/// @param syncInterval the longest time that written records wait to be forced to the disk, from 1
///   ms to 1 h
public record JournalLimits(
    int queueEntries, long fileBytes, long totalBytes, Duration syncInterval) {
  /// No line is longer than this, its line feed included; longer records are shortened and say so.
  public static final int MAX_LINE_BYTES = 64 * 1024;

  /// 32,768 waiting records, files of 64 MiB, 1 GiB in all, forced to the disk once a second.
  public static final JournalLimits DEFAULT =
      new JournalLimits(1 << 15, 64L << 20, 1L << 30, Duration.ofSeconds(1));

  public JournalLimits {
    if (Integer.bitCount(queueEntries) != 1 || queueEntries < 2 || queueEntries > 1 << 20) {
      throw new IllegalArgumentException(
          "queue must be a power of two from 2 to 2^20: queueEntries=" + queueEntries);
    }
    if (fileBytes < MAX_LINE_BYTES || totalBytes < fileBytes) {
      throw new IllegalArgumentException(
          "journal sizes out of range: fileBytes=" + fileBytes + " totalBytes=" + totalBytes);
    }
    if (syncInterval.toMillis() < 1 || syncInterval.compareTo(Duration.ofHours(1)) > 0) {
      throw new IllegalArgumentException("sync interval out of range: interval=" + syncInterval);
    }
  }
}
