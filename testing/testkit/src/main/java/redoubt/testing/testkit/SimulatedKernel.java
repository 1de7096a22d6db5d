package redoubt.testing.testkit;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import redoubt.agent.hook.EventSource;
import redoubt.agent.hook.FileFacts;
import redoubt.agent.hook.Kernel;
import redoubt.agent.hook.Operation;
import redoubt.core.linux.Errno;
import redoubt.core.model.EventClass;
import redoubt.testing.testkit.SimulatedDescriptors.Target;
import redoubt.testing.testkit.SimulatedOpener.Outcome;

/// A kernel with permission events, in memory: openers that wait, a queue, descriptors, leases.
///
/// It is stricter than the real one. An answer to a descriptor that was never given out or is
/// closed, a second answer, a descriptor that is closed twice or while its opener still waits: each
/// throws an [AssertionError] at the very call. Not thread-safe.
public final class SimulatedKernel implements Kernel {
  /// A queue without bound (`FAN_UNLIMITED_QUEUE`).
  public static final int UNLIMITED = Integer.MAX_VALUE;

  private static final int INIT = 1;
  private static final int BATCH = 64;
  private static final long UNIQUE_ID_BASE = 1L << 32;

  /// What waits to be read: an opener, or the word that others were not queued.
  private record Queued(@Nullable SimulatedOpener opener) {}

  private final SimulatedTime time;
  private final SimulatedDescriptors descriptors;
  private final int queueLimit;
  private final Deque<Queued> queue = new ArrayDeque<>();
  private final List<SimulatedOpener> openers = new ArrayList<>();
  private final List<SimulatedFile> files = new ArrayList<>();
  private boolean overflowQueued;
  private boolean closed;
  private int answersToRefuse;
  private long readNanosPerKiB;

  /// @param descriptorLimit the most descriptors that events may hold at once
  /// @param queueLimit the most events that wait to be read, or [#UNLIMITED]
  public SimulatedKernel(SimulatedTime time, int descriptorLimit, int queueLimit) {
    this.time = time;
    this.descriptors = new SimulatedDescriptors(descriptorLimit);
    this.queueLimit = queueLimit;
  }

  /// Creates a file.
  public SimulatedFile create(SimulatedFile.Kind kind, byte[] content) {
    SimulatedFile file = new SimulatedFile(time, kind, content);
    files.add(file);
    return file;
  }

  /// A new process asks for a file; it waits unless the kernel settles the matter by itself.
  ///
  /// @param image the program that the process runs
  public SimulatedOpener ask(SimulatedFile file, EventClass eventClass, int uid, String image) {
    int pid = 1000 + openers.size();
    SimulatedOpener opener = new SimulatedOpener(file, eventClass, pid, uid, image, time.nanos());
    openers.add(opener);
    if (closed) {
      opener.release(Outcome.LET_GO, time.nanos());
    } else if (queue.size() >= queueLimit) {
      opener.release(Outcome.UNASKED, time.nanos());
      queueOverflow();
    } else {
      queue.add(new Queued(opener));
    }
    return opener;
  }

  private void queueOverflow() {
    if (!overflowQueued) {
      overflowQueued = true;
      queue.add(new Queued(null));
    }
  }

  /// Somebody kills a process that waits. Its question vanishes.
  public void killWaiting(SimulatedOpener opener) {
    if (opener.outcome() == Outcome.WAITING) {
      opener.release(Outcome.KILLED_WAITING, time.nanos());
      queue.removeIf(queued -> queued.opener() == opener);
    }
  }

  /// The next answers are refused although their openers wait.
  public void refuseAnswers(int count) {
    answersToRefuse = count;
  }

  /// Somebody else changes the agent's descriptor limit behind its back.
  public void limitDescriptors(int limit) {
    descriptors.setLimit(limit);
  }

  /// The storage is slow from now on.
  public void slowReads(long nanosPerKiB) {
    readNanosPerKiB = nanosPerKiB;
  }

  /// How many events wait to be read.
  public int queued() {
    return queue.size();
  }

  /// Every process that ever asked, in the order of asking.
  public List<SimulatedOpener> openers() {
    return List.copyOf(openers);
  }

  /// The process that asked under this id.
  public SimulatedOpener opener(int pid) {
    return openers.get(pid - 1000);
  }

  /// The most descriptors that were open at once.
  public int descriptorsPeak() {
    return descriptors.peak();
  }

  /// Checks that nobody waits any more and that everything was given back.
  ///
  /// @throws AssertionError saying what is left
  public void requireQuiet() {
    for (SimulatedOpener opener : openers) {
      if (opener.outcome() == Outcome.WAITING) {
        throw new AssertionError("nobody answered: " + opener);
      }
    }
    if (descriptors.inUse() > 0) {
      throw new AssertionError("descriptors left open: " + descriptors);
    }
    for (SimulatedFile file : files) {
      if (file.writerWaits()) {
        throw new AssertionError("a writer waits for a lease: path=" + file.kind().path());
      }
    }
  }

  @Override
  public EventSource openSource() {
    return new Source();
  }

  @Override
  public int answer(int descriptor, boolean allow) {
    SimulatedOpener opener = eventFile(descriptor, "answered");
    if (closed) {
      return -Errno.EBADF;
    }
    switch (opener.outcome()) {
      case WAITING -> {}
      case KILLED_WAITING -> {
        return -Errno.ENOENT;
      }
      case ALLOWED, DENIED, DENIED_BY_KERNEL, UNASKED, LET_GO ->
          throw new AssertionError("answered twice: " + opener);
    }
    if (answersToRefuse > 0) {
      answersToRefuse--;
      return -Errno.EAGAIN;
    }
    opener.release(allow ? Outcome.ALLOWED : Outcome.DENIED, time.nanos());
    return 0;
  }

  @Override
  public void release(int descriptor) {
    if (descriptor < 0) {
      return;
    }
    switch (descriptors.close(descriptor)) {
      case null -> throw new AssertionError("closed, but not open: descriptor=" + descriptor);
      case Target.Asker _ -> {}
      case Target.EventFile(SimulatedOpener opener) -> {
        if (opener.outcome() == Outcome.WAITING) {
          throw new AssertionError("closed while its opener waits: " + opener);
        }
        if (opener.file().unlease(descriptor)) {
          throw new AssertionError("closed with its lease: " + opener);
        }
      }
    }
  }

  @Override
  public int describeFile(int descriptor, FileFacts into) {
    eventFile(descriptor, "described").file().describe(into);
    return 0;
  }

  @Override
  public int takeLease(int descriptor) {
    return eventFile(descriptor, "leased").file().lease(descriptor) ? 0 : -Errno.EAGAIN;
  }

  @Override
  public boolean leaseHeld(int descriptor) {
    SimulatedFile file = eventFile(descriptor, "asked for its lease").file();
    return file.leased(descriptor) && !file.writerWaits();
  }

  @Override
  public void releaseLease(int descriptor) {
    SimulatedOpener opener = eventFile(descriptor, "unleased");
    if (!opener.file().unlease(descriptor)) {
      throw new AssertionError("gave back a lease that it did not have: " + opener);
    }
  }

  /// Takes the time that the storage needs; meanwhile whatever is due happens.
  @Override
  public int read(int descriptor, MemorySegment into, long offset) {
    SimulatedFile file = eventFile(descriptor, "read").file();
    if (!file.readable()) {
      return -Errno.EIO;
    }
    byte[] bytes = file.bytes(offset, into.byteSize());
    time.advance(bytes.length * readNanosPerKiB / 1024);
    MemorySegment.copy(bytes, 0, into, ValueLayout.JAVA_BYTE, 0, bytes.length);
    return bytes.length;
  }

  @Override
  public String path(int descriptor) {
    return eventFile(descriptor, "asked for its path").file().kind().path();
  }

  @Override
  public String image(int pid) {
    int index = pid - 1000;
    if (index < 0 || index >= openers.size()) {
      return pid == INIT ? "/sbin/init" : "";
    }
    return openers.get(index).image();
  }

  @Override
  public int kill(int pidfd) {
    if (!(descriptors.find(pidfd) instanceof Target.Asker(SimulatedOpener opener))) {
      throw new AssertionError("killed through what is no pidfd: descriptor=" + pidfd);
    }
    if (opener.ended() || opener.outcome() == Outcome.KILLED_WAITING) {
      return -Errno.ESRCH;
    }
    opener.end();
    return 0;
  }

  /// Everybody who waits goes on.
  @Override
  public void close() {
    closed = true;
    queue.clear();
    for (SimulatedOpener opener : openers) {
      if (opener.outcome() == Outcome.WAITING) {
        opener.release(Outcome.LET_GO, time.nanos());
      }
    }
  }

  private SimulatedOpener eventFile(int descriptor, String use) {
    if (descriptors.find(descriptor) instanceof Target.EventFile(SimulatedOpener opener)) {
      return opener;
    }
    throw new AssertionError(use + ", but it is no event's file: descriptor=" + descriptor);
  }

  /// What one reading thread has read last.
  private final class Source implements EventSource {
    private record Event(@Nullable SimulatedOpener opener, int descriptor, int pidfd) {}

    private final List<Event> batch = new ArrayList<>();

    @Override
    public boolean await(int timeoutMillis) {
      return !queue.isEmpty();
    }

    @Override
    public int read(int most) {
      batch.clear();
      if (closed) {
        return -Errno.EBADF;
      }
      while (batch.size() < Math.min(most, BATCH) && !queue.isEmpty()) {
        batch.add(hand(queue.remove().opener()));
      }
      return batch.size();
    }

    private Event hand(@Nullable SimulatedOpener opener) {
      if (opener == null) {
        overflowQueued = false;
        return new Event(null, -1, -1);
      }
      opener.readAt(time.nanos());
      int descriptor = descriptors.open(new Target.EventFile(opener));
      if (descriptor < 0) {
        // linux-hooks F4
        opener.release(Outcome.DENIED_BY_KERNEL, time.nanos());
        return new Event(opener, -Errno.EMFILE, -1);
      }
      return new Event(opener, descriptor, descriptors.open(new Target.Asker(opener)));
    }

    @Override
    public boolean isOverflow(int i) {
      return batch.get(i).opener() == null;
    }

    @Override
    public EventClass eventClass(int i) {
      return opener(i).eventClass();
    }

    @Override
    public int descriptor(int i) {
      return batch.get(i).descriptor();
    }

    @Override
    public int pidfd(int i) {
      return batch.get(i).pidfd();
    }

    @Override
    public int pid(int i) {
      return opener(i).pid();
    }

    @Override
    public void describe(int i, Operation into) {
      SimulatedOpener opener = opener(i);
      opener.file().describe(into.file());
      if (pidfd(i) >= 0) {
        into.setProcess(
            _ -> UNIQUE_ID_BASE + opener.pid(),
            INIT,
            opener.uid(),
            opener.uid(),
            opener.uid(),
            UNIQUE_ID_BASE);
      }
    }

    private SimulatedOpener opener(int i) {
      SimulatedOpener opener = batch.get(i).opener();
      if (opener == null) {
        throw new AssertionError("an overflow record has no process: event=" + i);
      }
      return opener;
    }

    @Override
    public void close() {
      batch.clear();
    }
  }
}
