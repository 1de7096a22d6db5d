package redoubt.engine.scanner.archive;

import java.time.Duration;
import java.util.function.Supplier;

/// How much may be unpacked for one file. Used by one thread.
public final class UnpackBudget {
  /// How deep archives in archives may be.
  static final int DEPTH = 8;

  /// How many members all of them may have together.
  static final int MEMBERS = 20_000;

  /// How many bytes one member may have.
  static final int MEMBER_BYTES = 32 << 20;

  /// How many bytes members may take up at a time, one in the other.
  static final long BYTES_AT_A_TIME = 64L << 20;

  /// How many bytes all members may have together.
  static final long BYTES = 1L << 30;

  private final Supplier<Duration> remaining;
  private int members;
  private long bytes;
  private long held;
  private boolean exhausted;

  /// @param remaining how much time is left
  public UnpackBudget(Supplier<Duration> remaining) {
    this.remaining = remaining;
  }

  /// One more member.
  ///
  /// @throws UnpackException if that is too many, or time is up
  void member() throws UnpackException {
    if (++members > MEMBERS) {
      exhausted = true;
      throw new UnpackException("more than " + MEMBERS + " members");
    }
    time();
  }

  /// @throws UnpackException if time is up
  void time() throws UnpackException {
    if (remaining.get().isZero()) {
      exhausted = true;
      throw new UnpackException("not unpacked in time");
    }
  }

  /// Bytes came out of an archive.
  ///
  /// @throws UnpackException if that is too much
  void unpacked(long count) throws UnpackException {
    bytes += count;
    if (bytes > BYTES) {
      exhausted = true;
      throw new UnpackException("unpacked it has more than " + BYTES + " bytes");
    }
  }

  /// Whether there is no sense in unpacking more.
  boolean isExhausted() {
    return exhausted;
  }

  /// Memory is taken for a member.
  ///
  /// @throws UnpackException if that is too much
  void hold(long count) throws UnpackException {
    held += count;
    if (held > BYTES_AT_A_TIME) {
      held -= count;
      throw new UnpackException("archives in it are too large");
    }
  }

  /// Memory is given back.
  void release(long count) {
    held -= count;
  }
}
