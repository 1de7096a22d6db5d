package redoubt.agent.sensor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import redoubt.core.linux.Descriptors;
import redoubt.core.linux.FileStatus;
import redoubt.core.model.HostEvent.FileContent;

/// Looks what a file is like: its format and how random its bytes are. Keeps nothing of the
/// content, and interprets nothing of it but the first bytes.
///
/// For one thread.
final class ContentSampler implements AutoCloseable {
  /// Of a shorter file, how random it is cannot be told.
  static final int LEAST_BYTES = 64;

  private static final int PART_BYTES = FileContent.PART_BYTES;

  /// What a file is like.
  ///
  /// @param sizeBytes how long it is
  /// @param birthNanos when it was made; 0 if unknown
  /// @param format by its first bytes, empty if unknown
  /// @param entropies of its parts, in thousandths of a bit for each byte
  record Sample(long sizeBytes, long birthNanos, String format, List<Integer> entropies) {}

  private final Arena arena = Arena.ofShared();
  private final MemorySegment part = arena.allocate(PART_BYTES);
  private final FileStatus status = new FileStatus();
  private final int[] counts = new int[256];

  /// Looks at a file of which only the place is open.
  ///
  /// @param place stays the caller's
  /// @return empty if it is no regular file, is empty, or cannot be read
  Optional<Sample> sample(int place) {
    if (status.load(place) < 0 || !status.isRegular() || status.sizeBytes() == 0) {
      return Optional.empty();
    }
    int file = Descriptors.reopen(place);
    if (file < 0) {
      return Optional.empty();
    }
    try {
      long size = status.sizeBytes();
      List<Integer> entropies = new ArrayList<>();
      String format = "";
      for (long offset : offsets(size)) {
        int read = Descriptors.pread(file, part, offset);
        if (offset == 0) {
          format = FileFormats.of(part.asSlice(0, Math.max(0, read)));
        }
        if (read >= LEAST_BYTES) {
          entropies.add(entropyMillibits(read));
        }
      }
      return Optional.of(new Sample(size, status.birthNanos(), format, entropies));
    } finally {
      Descriptors.close(file);
    }
  }

  private static List<Long> offsets(long size) {
    return size < (long) FileContent.MOST_PARTS * PART_BYTES
        ? List.of(0L)
        : List.of(0L, (size - PART_BYTES) / 2, size - PART_BYTES);
  }

  /// Shannon's entropy of the bytes.
  private int entropyMillibits(int length) {
    Arrays.fill(counts, 0);
    for (int i = 0; i < length; i++) {
      counts[Byte.toUnsignedInt(part.get(ValueLayout.JAVA_BYTE, i))]++;
    }
    double bits = 0;
    for (int count : counts) {
      if (count > 0) {
        double share = (double) count / length;
        bits -= share * Math.log(share) / Math.log(2);
      }
    }
    return (int) Math.round(bits * 1_000);
  }

  @Override
  public void close() {
    status.close();
    arena.close();
  }
}
