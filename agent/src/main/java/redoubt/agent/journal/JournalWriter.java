package redoubt.agent.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// The one consumer of the ring: formats batches, appends them to the file, forces them to the disk
/// once in a while, and sleeps without waking up when there is nothing to do.
///
/// [#run] belongs to the writer's thread; the other methods may be called from any.
final class JournalWriter implements Runnable {
  /// A batch is written when it has grown to this size; one more line may come on top.
  private static final int BATCH_BYTES = 256 * 1024;

  /// How long the writer stays half awake after a batch, so that the records of a burst cost their
  /// producers no wake-up.
  private static final long LINGER_NANOS = 20_000_000;

  private final EntryRing ring;
  private final AtomicLong dropped;
  private final JournalFile file;
  private final OcsfFormat format;
  private final InstantSource clock;
  private final long syncIntervalNanos;
  private final LineBuffer batch = new LineBuffer(BATCH_BYTES + JournalLimits.MAX_LINE_BYTES);

  private final AtomicBoolean asleep = new AtomicBoolean();
  private final Object flushed = new Object();
  private final AtomicLong flushesAsked = new AtomicLong();
  private final AtomicLong handled = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private final AtomicLong fileErrors = new AtomicLong();
  private volatile @Nullable Thread thread;
  private volatile boolean stopping;
  private volatile boolean finished;
  private volatile long written;
  private volatile @Nullable String lastFileError;
  private volatile String head = LineChain.BEGINNING;

  // Of the writer's thread; flushesDone is changed under the lock of `flushed`.
  private long flushesDone;
  private long lossesNoted;
  private long tornNoted;
  private long lastSyncNanos = System.nanoTime();
  private boolean lastWriteFailed;
  private final LineChain chain = new LineChain();
  private boolean headKnown;

  /// The digest of the last line in the batch, or of the last one in the file.
  private String previous = LineChain.BEGINNING;

  /// @param dropped counts the records that found no room in the ring
  JournalWriter(
      EntryRing ring,
      AtomicLong dropped,
      JournalFile file,
      OcsfFormat format,
      JournalLimits limits,
      InstantSource clock) {
    this.ring = ring;
    this.dropped = dropped;
    this.file = file;
    this.format = format;
    this.clock = clock;
    this.syncIntervalNanos = limits.syncInterval().toNanos();
  }

  @Override
  public void run() {
    thread = Thread.currentThread();
    boolean goOn = true;
    while (goOn) {
      goOn = step();
    }
    closeFile();
    finished = true;
    completeFlushes(Long.MAX_VALUE);
  }

  /// Wakes the writer if it sleeps; otherwise costs one read.
  void wake() {
    if (asleep.get() && asleep.compareAndSet(true, false)) {
      LockSupport.unpark(thread);
    }
  }

  /// Waits until all that the ring holds now is written and forced to the disk, or lost.
  ///
  /// @return false if that takes longer than `patienceNanos` or the thread is interrupted
  boolean awaitFlush(long patienceNanos) throws InterruptedException {
    long ticket = flushesAsked.incrementAndGet();
    LockSupport.unpark(thread);
    wake();
    long deadline = System.nanoTime() + patienceNanos;
    synchronized (flushed) {
      while (flushesDone < ticket) {
        long leftMillis = (deadline - System.nanoTime()) / 1_000_000;
        if (leftMillis <= 0) {
          return false;
        }
        flushed.wait(leftMillis);
      }
    }
    return true;
  }

  /// Tells the writer to end when the ring is empty.
  void stop() {
    stopping = true;
    LockSupport.unpark(thread);
    wake();
  }

  boolean isStopping() {
    return stopping;
  }

  long written() {
    return written;
  }

  /// How many records were taken from the ring, or left in it at the end, and not written.
  long failed() {
    return failed.get() + (finished ? ring.claimed() - handled.get() : 0);
  }

  long fileErrors() {
    return fileErrors.get();
  }

  /// The digest of the newest line in the files, empty if there is none.
  String head() {
    return head;
  }

  @Nullable String lastFileError() {
    return lastFileError;
  }

  /// Writes at most one batch, and sleeps if that was the last.
  ///
  /// @return false when the writer is to end
  private boolean step() {
    boolean lastStep = stopping;
    long ticket = flushesAsked.get();
    long target = ring.claimed();
    boolean worked = writeBatch();
    boolean caughtUp = handled.get() >= target;
    keepFiles(caughtUp && ticket > flushesDone);
    if (caughtUp) {
      completeFlushes(ticket);
      if (lastStep) {
        return false;
      }
    }
    if (ring.isDry()) {
      rest(worked);
    }
    return true;
  }

  private boolean writeBatch() {
    batch.cutTo(0);
    findHead();
    long line = written;
    long now = clock.millis();
    long torn = file.tornBytes();
    if (torn > tornNoted) {
      line += notice(torn - tornNoted, "bytes of an unfinished line cut off", line, now);
    }
    long losses = dropped.get() + failed.get();
    if (losses > lossesNoted) {
      line += notice(losses - lossesNoted, "records lost", line, now);
    }
    int taken = 0;
    int unformatted = 0;
    for (Entry entry = ring.poll(); entry != null; entry = next()) {
      taken++;
      if (append(entry, line + 1, now)) {
        line++;
      } else {
        unformatted++;
      }
    }
    if (taken == 0 && batch.length() == 0) {
      return false;
    }
    boolean stored = batch.length() == 0 || store();
    if (stored) {
      written = line;
      head = previous;
      lossesNoted = losses;
      tornNoted = torn;
    }
    failed.getAndAdd(stored ? unformatted : taken);
    handled.getAndAdd(taken);
    return true;
  }

  private @Nullable Entry next() {
    return batch.length() < BATCH_BYTES ? ring.poll() : null;
  }

  private int notice(long count, String what, long line, long nowMillis) {
    Entry loss = new Entry.Notice(Journal.lossNotice(nowMillis, count, what));
    return append(loss, line + 1, nowMillis) ? 1 : 0;
  }

  private boolean append(Entry entry, long sequence, long nowMillis) {
    int start = batch.length();
    boolean formatted = format.append(entry, sequence, nowMillis, previous, batch);
    if (formatted) {
      previous = chain.digest(batch.view(start, batch.length() - 1));
    }
    return formatted;
  }

  /// Goes on from the last line that is in the files: after a start, and after a failed write. If
  /// that line cannot be read the chain begins anew, which a check of it reports.
  private void findHead() {
    if (!headKnown) {
      try {
        head =
            file.lastLine()
                .map(line -> chain.digest(ByteBuffer.wrap(line)))
                .orElse(LineChain.BEGINNING);
      } catch (IOException e) {
        noteFileError(e);
        head = LineChain.BEGINNING;
      }
      headKnown = true;
    }
    previous = head;
  }

  private boolean store() {
    try {
      file.append(batch.view());
      lastWriteFailed = false;
    } catch (IOException e) {
      noteFileError(e);
      lastWriteFailed = true;
      headKnown = false;
    }
    return !lastWriteFailed;
  }

  private void keepFiles(boolean syncNow) {
    try {
      file.rotateIfLarge();
      long now = System.nanoTime();
      if (file.isUnsynced() && (syncNow || now - lastSyncNanos >= syncIntervalNanos)) {
        lastSyncNanos = now;
        file.sync();
      }
    } catch (IOException e) {
      noteFileError(e);
    }
  }

  /// Stays half awake for a moment after work, then sleeps until woken; wakes by itself only to
  /// force written lines to the disk, or to try again after a failed write.
  private void rest(boolean worked) {
    if (worked && isIdle()) {
      LockSupport.parkNanos(this, LINGER_NANOS);
    }
    asleep.set(true);
    if (isIdle()) {
      if (file.isUnsynced() || lastWriteFailed) {
        LockSupport.parkNanos(this, Math.max(1, syncDueNanos()));
      } else {
        LockSupport.park(this);
      }
    }
    asleep.set(false);
  }

  private long syncDueNanos() {
    return lastWriteFailed
        ? syncIntervalNanos
        : lastSyncNanos + syncIntervalNanos - System.nanoTime();
  }

  private boolean isIdle() {
    boolean lossToNote = dropped.get() + failed.get() > lossesNoted && !lastWriteFailed;
    return ring.isDry() && !lossToNote && !stopping && flushesAsked.get() <= flushesDone;
  }

  private void completeFlushes(long ticket) {
    if (ticket <= flushesDone) {
      return;
    }
    synchronized (flushed) {
      flushesDone = ticket;
      flushed.notifyAll();
    }
  }

  private void closeFile() {
    try {
      file.close();
    } catch (IOException e) {
      noteFileError(e);
    }
  }

  private void noteFileError(IOException e) {
    fileErrors.getAndIncrement();
    lastFileError = e.toString();
  }
}
