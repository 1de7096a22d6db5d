package redoubt.agent.decision;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.security.MessageDigest;
import redoubt.agent.hook.Kernel;
import redoubt.core.model.Sha256;

/// A SHA-256 of a file's content that can be interrupted at its deadline and taken up again. Not
/// thread-safe, but may be handed from thread to thread.
public final class ContentDigest {
  /// What a piece of work came to.
  public enum Progress {
    /// The digest is complete.
    DONE,
    /// Time is up; more is to be read.
    UNFINISHED,
    /// The lease was lost or a writer waits for it: the content may change.
    DISTURBED,
    /// The file could not be read.
    FAILED
  }

  private final MessageDigest digest;
  private long offset;
  private boolean script;

  /// A digest of which nothing is read yet.
  public ContentDigest() {
    digest = Sha256.digester();
  }

  /// Reads on until the end, the deadline, or a writer who waits.
  ///
  /// @param chunk native memory to read into
  /// @param copy heap memory of the same size
  /// @param deadline asked before each chunk: whether to stop
  public Progress advance(
      Kernel kernel,
      int descriptor,
      boolean leased,
      MemorySegment chunk,
      byte[] copy,
      java.util.function.BooleanSupplier deadline) {
    while (true) {
      int count = kernel.read(descriptor, chunk, offset);
      if (count < 0) {
        return Progress.FAILED;
      }
      if (count == 0) {
        return Progress.DONE;
      }
      MemorySegment.copy(chunk, ValueLayout.JAVA_BYTE, 0, copy, 0, count);
      script |= offset == 0 && count >= 2 && copy[0] == '#' && copy[1] == '!';
      digest.update(copy, 0, count);
      offset += count;
      if (leased && !kernel.leaseHeld(descriptor)) {
        return Progress.DISTURBED;
      }
      if (deadline.getAsBoolean()) {
        return Progress.UNFINISHED;
      }
    }
  }

  /// The digest; call once, after [Progress#DONE].
  public Sha256 finish() {
    return Sha256.of(digest.digest());
  }

  /// How many bytes have been read.
  public long offset() {
    return offset;
  }

  /// Whether the content begins with `#!`: the kernel runs an interpreter in its place.
  public boolean script() {
    return script;
  }
}
