package redoubt.agent.hook;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.IntToLongFunction;
import org.jspecify.annotations.Nullable;
import redoubt.core.model.DecisionBasis;
import redoubt.core.model.EventClass;
import redoubt.core.model.Verdict;

/// One operation that waits in the kernel, from the moment it was read until its descriptors are
/// closed: the one object that the answer path allocates.
///
/// The reading thread fills in the facts; after it has handed the operation on, they do not change.
/// Exactly one thread answers: the one whose [#claim] returns true.
public final class Operation {
  /// No process has it: ids are numbers of inodes, which are positive.
  private static final long NOT_ASKED = -1;

  private static final VarHandle CLAIMED;
  private static final VarHandle HOLDERS;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      CLAIMED = lookup.findVarHandle(Operation.class, "claimed", boolean.class);
      HOLDERS = lookup.findVarHandle(Operation.class, "holders", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final EventClass eventClass;
  private final long readNanos;
  private final int descriptor;
  private final int pidfd;
  private final int pid;
  private final FileFacts file = new FileFacts();

  /// The threads whose the descriptors are; null if they are everybody's.
  private @Nullable HookThreads threads;

  private volatile boolean copied;
  private int copiedDescriptor = -1;
  private int copiedPidfd = -1;

  private IntToLongFunction uniqueIdOf = _ -> 0;
  private volatile long processUniqueId = NOT_ASKED;
  private int parentPid = -1;
  private int uid = -1;
  private int gid = -1;
  private int effectiveUid = -1;
  private long cgroupId;

  private volatile boolean claimed;
  private volatile boolean answered;
  private volatile boolean told;
  private volatile int holders = 1;
  private Verdict answer = Verdict.ALLOW;
  private DecisionBasis basis = DecisionBasis.NOT_JUDGED;
  private long answeredNanos;

  /// Begins an operation that was read at `readNanos`, with one holder.
  public Operation(EventClass eventClass, long readNanos, int descriptor, int pidfd, int pid) {
    this.eventClass = eventClass;
    this.readNanos = readNanos;
    this.descriptor = descriptor;
    this.pidfd = pidfd;
    this.pid = pid;
  }

  /// Sets whose the descriptors are; called by the reading thread only.
  void setThreads(HookThreads threads) {
    this.threads = threads;
  }

  /// Sets what the kernel said of the process; called by the reading thread only.
  ///
  /// @param uniqueIdOf gives the unique id of the process behind a pidfd, 0 if it has none; asked
  ///   when somebody wants to know, since a pidfd tells it also when the process has ended
  public void setProcess(
      IntToLongFunction uniqueIdOf,
      int parentPid,
      int uid,
      int gid,
      int effectiveUid,
      long cgroupId) {
    this.uniqueIdOf = uniqueIdOf;
    this.parentPid = parentPid;
    this.uid = uid;
    this.gid = gid;
    this.effectiveUid = effectiveUid;
    this.cgroupId = cgroupId;
  }

  public EventClass eventClass() {
    return eventClass;
  }

  /// When the operation was read, on the monotonic clock.
  public long readNanos() {
    return readNanos;
  }

  /// The event's own descriptor of the file: reading it raises no event. Under the number that the
  /// calling thread has it by, which another may not have; negative if there was none left to give
  /// it. For whoever holds the operation.
  public int descriptor() {
    return isHere() ? descriptor : copied().copiedDescriptor;
  }

  /// The pidfd of the asking process, negative if there is none; as [#descriptor()].
  public int pidfd() {
    return isHere() ? pidfd : copied().copiedPidfd;
  }

  private boolean isHere() {
    HookThreads theirs = threads;
    return theirs == null || theirs.here();
  }

  /// The threads that have the descriptors, if the calling thread is none of them.
  @Nullable HookThreads elsewhere() {
    return isHere() ? null : threads;
  }

  private Operation copied() {
    if (!copied) {
      copy();
    }
    return this;
  }

  private synchronized void copy() {
    HookThreads theirs = threads;
    if (!copied && theirs != null) {
      copiedDescriptor = theirs.take(descriptor);
      copiedPidfd = pidfd < 0 ? pidfd : theirs.take(pidfd);
      copied = true;
    }
  }

  /// Closes what other threads had copied. By the last holder.
  void giveBackCopies() {
    HookThreads theirs = threads;
    if (copied && theirs != null) {
      theirs.giveBack(copiedDescriptor);
      theirs.giveBack(copiedPidfd);
    }
  }

  public int pid() {
    return pid;
  }

  /// The file's facts when the operation was read.
  public FileFacts file() {
    return file;
  }

  /// The number of the asking process that no other has in this boot, 0 if unknown. For whoever
  /// holds the operation; off the answer path, because it may ask the kernel.
  public long processUniqueId() {
    long id = processUniqueId;
    if (id == NOT_ASKED) {
      int process = pidfd();
      id = process < 0 ? 0 : uniqueIdOf.applyAsLong(process);
      processUniqueId = id;
    }
    return id;
  }

  public int parentPid() {
    return parentPid;
  }

  /// The real user id, -1 if unknown.
  public int uid() {
    return uid;
  }

  public int gid() {
    return gid;
  }

  public int effectiveUid() {
    return effectiveUid;
  }

  public long cgroupId() {
    return cgroupId;
  }

  /// Whether the answer has been given: what is done to the descriptors from now on comes after it.
  public boolean answered() {
    return answered;
  }

  /// Whether the kernel has the answer.
  public boolean told() {
    return told;
  }

  /// Whether somebody has answered or is about to.
  public boolean claimed() {
    return claimed;
  }

  /// What the kernel was told; valid after the answer.
  public Verdict answer() {
    return answer;
  }

  /// Why; valid after the answer.
  public DecisionBasis basis() {
    return basis;
  }

  /// From reading to the kernel's having the answer; valid once it has.
  public long latencyNanos() {
    return answeredNanos - readNanos;
  }

  /// Claims the right to answer; true for one caller only.
  boolean claim(Verdict verdict, DecisionBasis why) {
    if (!CLAIMED.compareAndSet(this, false, true)) {
      return false;
    }
    answer = verdict;
    basis = why;
    return true;
  }

  /// The answer is on its way to the threads that can give it.
  void answerHandedOver() {
    answered = true;
  }

  void toldAt(long nanos) {
    answeredNanos = nanos;
    answered = true;
    told = true;
  }

  /// Adds a holder: somebody else needs the descriptors too.
  public void retain() {
    HOLDERS.getAndAdd(this, 1);
  }

  /// Drops a holder and says whether it was the last.
  boolean drop() {
    return (int) HOLDERS.getAndAdd(this, -1) == 1;
  }
}
