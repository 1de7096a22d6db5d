package redoubt.testing.testkit;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import redoubt.agent.hook.FileFacts;
import redoubt.core.model.Sha256;

/// A file in memory: its content, the facts that the kernel keeps of it, who holds it open for
/// writing and who has a lease on it. Not thread-safe.
public final class SimulatedFile {
  /// The kernel stamps files with a clock that ticks (`linux-hooks`, F32).
  private static final long TICK_NANOS = 4_000_000L;

  /// What a file is; nothing of it changes with its content.
  ///
  /// @param device the device that it is on
  /// @param inode its number there
  /// @param path what the kernel says its path is
  /// @param keepsChangeTimes whether a store through a mapping changes the change time: on disk
  ///   file systems it does, on tmpfs it does not
  /// @param regular whether it is a regular file
  public record Kind(
      long device, long inode, String path, boolean keepsChangeTimes, boolean regular) {}

  private final SimulatedTime time;
  private final Kind kind;
  private final long birthNanos;
  private final Set<Integer> leases = new HashSet<>();
  private final Deque<Writer> waitingWriters = new ArrayDeque<>();
  private byte[] content;
  private long changeNanos;
  private int writers;
  private boolean readable = true;

  SimulatedFile(SimulatedTime time, Kind kind, byte[] content) {
    this.time = time;
    this.kind = kind;
    this.content = content.clone();
    this.birthNanos = stamp();
    this.changeNanos = birthNanos;
  }

  /// What does not change.
  public Kind kind() {
    return kind;
  }

  /// When it was created, nanoseconds since the epoch.
  public long birthNanos() {
    return birthNanos;
  }

  /// The digest of what it holds now.
  public Sha256 sha256() {
    return Sha256.hash(content);
  }

  /// From now on reading fails with EIO.
  public void breakReads() {
    readable = false;
  }

  /// Somebody opens the file for writing. While anybody has a lease the writer waits.
  ///
  /// @param opened happens once the writer has the file open
  public Writer openForWriting(Runnable opened) {
    Writer writer = new Writer(opened);
    waitingWriters.add(writer);
    admitWriters();
    return writer;
  }

  /// Somebody who has the file open for writing, or waits to.
  public final class Writer {
    private final Runnable opened;
    private boolean open;
    private boolean stored;

    private Writer(Runnable opened) {
      this.opened = opened;
    }

    /// Replaces the content by a system call: the change time tells.
    public void write(byte[] bytes) {
      requireOpen();
      content = bytes.clone();
      changeNanos = stamp();
    }

    /// Stores through a shared mapping. Where the file system keeps change times, the first store
    /// changes it and no later one does: only the first finds the page clean.
    public void store(int offset, byte value) {
      requireOpen();
      content[offset] = value;
      if (kind.keepsChangeTimes() && !stored) {
        changeNanos = stamp();
      }
      stored = true;
    }

    /// Closes the file and drops the mapping.
    public void close() {
      requireOpen();
      open = false;
      writers--;
    }

    private void requireOpen() {
      if (!open) {
        throw new IllegalStateException("not open for writing: path=" + kind.path());
      }
    }
  }

  /// How long it is now.
  public int sizeBytes() {
    return content.length;
  }

  void describe(FileFacts into) {
    into.set(
        kind.device(),
        kind.inode(),
        changeNanos,
        changeNanos,
        birthNanos,
        content.length,
        kind.regular(),
        false,
        kind.keepsChangeTimes());
  }

  boolean readable() {
    return readable;
  }

  /// The bytes from `offset`, at most `most`, empty at the end.
  byte[] bytes(long offset, long most) {
    int from = (int) Math.min(offset, content.length);
    return Arrays.copyOfRange(content, from, (int) Math.min(content.length, from + most));
  }

  /// Takes a read lease for an open file.
  ///
  /// @return false if somebody writes or waits to
  boolean lease(int descriptor) {
    if (writers > 0 || !waitingWriters.isEmpty()) {
      return false;
    }
    leases.add(descriptor);
    return true;
  }

  boolean leased(int descriptor) {
    return leases.contains(descriptor);
  }

  boolean writerWaits() {
    return !waitingWriters.isEmpty();
  }

  /// Gives a lease back; the last one lets the writers in.
  ///
  /// @return whether there was one
  boolean unlease(int descriptor) {
    boolean had = leases.remove(descriptor);
    admitWriters();
    return had;
  }

  private void admitWriters() {
    while (leases.isEmpty() && !waitingWriters.isEmpty()) {
      Writer writer = waitingWriters.remove();
      writer.open = true;
      writers++;
      time.after(0, writer.opened);
    }
  }

  private long stamp() {
    return Math.floorDiv(time.wallNanos(), TICK_NANOS) * TICK_NANOS;
  }
}
