package redoubt.engine.scanner.archive;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.apache.commons.compress.MemoryLimitException;
import org.apache.commons.compress.PasswordRequiredException;

/// The bytes of one member, in native memory that grows with them. Used by one thread.
final class MemberBytes implements AutoCloseable {
  private static final int FIRST_BYTES = 64 * 1024;

  private final UnpackBudget budget;
  private Arena arena = Arena.ofConfined();
  private MemorySegment room;
  private long length;

  /// Why not all is there; empty if all is.
  private String why = "";

  private MemberBytes(UnpackBudget budget) throws UnpackException {
    budget.hold(FIRST_BYTES);
    this.budget = budget;
    room = arena.allocate(FIRST_BYTES);
  }

  /// Reads a stream to its end, to where it is broken, or to the longest that a member may be.
  ///
  /// @param buffer to work with
  /// @throws UnpackException if it is too much
  static MemberBytes read(InputStream stream, byte[] buffer, UnpackBudget budget)
      throws UnpackException {
    MemberBytes bytes = new MemberBytes(budget);
    boolean done = false;
    try {
      bytes.readAll(stream, buffer);
      done = true;
      return bytes;
    } finally {
      if (!done) {
        bytes.close();
      }
    }
  }

  private void readAll(InputStream stream, byte[] buffer) throws UnpackException {
    try {
      for (int count = stream.read(buffer); count >= 0; count = stream.read(buffer)) {
        budget.unpacked(count);
        budget.time();
        if (!add(buffer, count)) {
          why = "more than " + UnpackBudget.MEMBER_BYTES + " bytes";
          return;
        }
      }
    } catch (PasswordRequiredException _) {
      why = "encrypted";
    } catch (MemoryLimitException _) {
      why = "it takes too much memory";
    } catch (IOException | RuntimeException e) {
      why = "broken: " + e.getMessage();
    }
  }

  private boolean add(byte[] from, int count) throws UnpackException {
    if (length + count > UnpackBudget.MEMBER_BYTES) {
      return false;
    }
    if (length + count > room.byteSize()) {
      grow(Math.min(UnpackBudget.MEMBER_BYTES, Math.max(2 * room.byteSize(), length + count)));
    }
    MemorySegment.copy(from, 0, room, ValueLayout.JAVA_BYTE, length, count);
    length += count;
    return true;
  }

  @SuppressWarnings("MustBeClosedChecker") // [#close] closes the last one
  private void grow(long size) throws UnpackException {
    budget.hold(size);
    Arena larger = Arena.ofConfined();
    MemorySegment moved = larger.allocate(size);
    moved.copyFrom(room.asSlice(0, length));
    budget.release(room.byteSize());
    arena.close();
    arena = larger;
    room = moved;
  }

  /// The bytes, until [#close].
  MemorySegment segment() {
    return room.asSlice(0, length);
  }

  /// Whether these are all of the member's.
  boolean isWhole() {
    return why.isEmpty();
  }

  /// Why not all are there.
  String why() {
    return why;
  }

  @Override
  public void close() {
    budget.release(room.byteSize());
    arena.close();
  }
}
