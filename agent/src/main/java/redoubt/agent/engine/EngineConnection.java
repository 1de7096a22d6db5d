package redoubt.agent.engine;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import redoubt.agent.decision.FairQueue;
import redoubt.agent.decision.Inquiry;
import redoubt.agent.decision.Subject;
import redoubt.agent.health.Counter;
import redoubt.agent.health.Counters;
import redoubt.agent.health.TimeSource;
import redoubt.agent.hook.Operation;
import redoubt.core.linux.Errno;
import redoubt.core.linux.SeqPacketSocket;
import redoubt.core.model.EngineOpinion;
import redoubt.core.model.EventClass;
import redoubt.core.wire.AgentMessage;
import redoubt.core.wire.EngineCodec;
import redoubt.core.wire.WireLimits;

/// The events that are with one connected engine: what was sent, what waits for credit, what each
/// actor has under way.
///
/// Sending never blocks: what the engine has no credit for, or what its socket cannot take, waits
/// in a bounded queue that serves actors in turn. Thread-safe.
final class EngineConnection {
  private static final int QUEUE = 1024;
  private static final int QUEUE_PER_ACTOR = 256;

  /// No user has this number.
  private static final int SCANS = -2;

  /// The most scans that an engine has at a time, so that those it never answers leave credits for
  /// what processes wait for.
  private static final int MOST_SCANS = 16;

  private static final int[] NO_DESCRIPTORS = {};

  /// Files that an engine may hold beyond its events, for a moment: it answers first and closes
  /// then, on several threads.
  private static final int KEPT_FREE = 16;

  /// An engine that holds more, or as many as it has credits, is not going to close them.
  private static final int KEPT_MOST = 256;

  /// Turns an inquiry into the event that goes over the wire.
  @FunctionalInterface
  interface EventWriter {
    /// Describes a subject as the event `id`.
    ///
    /// @param answerable whether the engine's verdict is waited for
    AgentMessage.Event write(long id, Subject subject, boolean answerable);
  }

  /// One event that the engine has or is to get.
  static final class Asked {
    private final Subject subject;
    private final @Nullable Inquiry inquiry;
    private final int slot;
    private final boolean awaited;
    private final long askedNanos;
    private final boolean sample;
    private volatile long sentNanos;
    private boolean withFile;

    private Asked(
        Subject subject,
        @Nullable Inquiry inquiry,
        int slot,
        boolean awaited,
        boolean sample,
        long askedNanos) {
      this.subject = subject;
      this.sample = sample;
      this.inquiry = inquiry;
      this.slot = slot;
      this.awaited = awaited;
      this.askedNanos = askedNanos;
    }

    /// The inquiry that wants the answer, or null if the engine was only told.
    @Nullable Inquiry inquiry() {
      return inquiry;
    }

    int slot() {
      return slot;
    }

    /// When the event was handed to the connection.
    long askedNanos() {
      return askedNanos;
    }

    /// When the event was sent to the engine; meaningless before.
    long sentNanos() {
      return sentNanos;
    }

    /// Whether the answer counts for nothing but what is known of the engine.
    boolean isSample() {
      return sample;
    }

    /// What the event is about.
    String path() {
      return subject.path();
    }

    /// Whether somebody wants the file scanned: no process is held up.
    boolean isScan() {
      return subject.operation().eventClass() == EventClass.SCAN;
    }

    /// Whose share it takes up, and in whose turn it waits. Scans are slow: they must not count
    /// against what processes of the same user wait for.
    private int uid() {
      return isScan() ? SCANS : subject.operation().uid();
    }
  }

  private final SeqPacketSocket socket;
  private final EventWriter writer;
  private final Consumer<Operation> release;
  private final Counters counters;
  private final TimeSource time;
  private final Map<Long, Asked> outstanding = new HashMap<>();
  private final Map<Inquiry, Asked> byInquiry = new HashMap<>();
  private final ActorShares shares;
  private final ActivityStream activity;
  private final FairQueue<Asked> queue = new FairQueue<>(QUEUE, QUEUE_PER_ACTOR);
  private long sequence;
  private long nextEvent = 1;
  private long lost;
  private int credits;
  private int grantedCredits;
  private int kept;
  private long passed;
  private int scans;
  private boolean closed;

  /// @param release gives back the hold on an operation whose event went nowhere
  EngineConnection(
      SeqPacketSocket socket,
      EventWriter writer,
      Consumer<Operation> release,
      Counters counters,
      TimeSource time) {
    this.socket = socket;
    this.writer = writer;
    this.release = release;
    this.counters = counters;
    this.time = time;
    this.shares = new ActorShares(time);
    this.activity = new ActivityStream(this, counters);
  }

  SeqPacketSocket socket() {
    return socket;
  }

  /// What has happened on the host, on its way to the engine.
  ActivityStream activity() {
    return activity;
  }

  /// Sends a message that is no event.
  ///
  /// @return 0, or a negative error number
  synchronized int send(AgentMessage message, int... descriptors) {
    if (closed) {
      return -Errno.EPIPE;
    }
    byte[] bytes = EngineCodec.encode(sequence + 1, message);
    int result = socket.send(bytes, bytes.length, descriptors, descriptors.length, false);
    if (result >= 0) {
      sequence++;
    }
    return result;
  }

  /// The engine's credits grew.
  ///
  /// @return false if they exceed what any engine may have
  synchronized boolean addCredits(int more) {
    grantedCredits += more;
    if (grantedCredits > WireLimits.CREDITS) {
      return false;
    }
    credits += more;
    pump();
    return true;
  }

  /// How many files in question went to the engine up to now.
  synchronized long passed() {
    return passed;
  }

  /// Looks how many files in question the engine holds. Each one beyond the events that it has
  /// takes up a credit until it is closed.
  ///
  /// @param held counts them, without this connection's lock
  /// @return false if the engine keeps more than any may
  boolean audit(IntSupplier held) {
    long passedBefore;
    long allowed;
    synchronized (this) {
      passedBefore = passed;
      allowed = KEPT_FREE + outstanding.values().stream().filter(asked -> asked.withFile).count();
    }
    int now = held.getAsInt();
    synchronized (this) {
      // What was passed meanwhile may have been counted.
      kept = (int) Math.max(0, now - allowed - (passed - passedBefore));
      pump();
      return kept == 0 || kept <= Math.min(KEPT_MOST, grantedCredits - 1);
    }
  }

  /// Whether files are kept beyond their events, as far as is known.
  synchronized boolean keepsFiles() {
    return kept > 0;
  }

  /// Asks for a verdict.
  ///
  /// @param awaited whether the operation waits for it
  /// @return null if the engine will get the event, else why it will not
  synchronized EngineOpinion.@Nullable Cause ask(Inquiry inquiry, int slot, boolean awaited) {
    if (closed) {
      return EngineOpinion.Cause.GONE;
    }
    Asked asked = new Asked(inquiry, inquiry, slot, awaited, false, time.nanos());
    inquiry.operation().retain();
    if (mayHaveMore(asked) && transmit(asked)) {
      byInquiry.put(inquiry, asked);
      return null;
    }
    // What nobody waits for does not queue: it would only hold descriptors.
    FairQueue.Offered offered = awaited ? queue.offer(asked.uid(), asked) : FairQueue.Offered.FULL;
    if (offered == FairQueue.Offered.TAKEN) {
      byInquiry.put(inquiry, asked);
      return null;
    }
    release.accept(inquiry.operation());
    return offered == FairQueue.Offered.FULL
        ? EngineOpinion.Cause.NO_CREDIT
        : EngineOpinion.Cause.ACTOR_THROTTLED;
  }

  /// Tells of an operation that was answered; dropped and counted if there is no credit.
  ///
  /// @return false if it was dropped
  synchronized boolean tell(Subject subject) {
    Asked told = new Asked(subject, null, 0, false, false, time.nanos());
    if (closed || !mayHaveMore(told) || !transmit(told)) {
      lost++;
      counters.add(Counter.NOTIFY_LOST);
      return false;
    }
    return true;
  }

  /// Asks for a verdict that counts for nothing but what is known of the engine.
  ///
  /// @return false if the engine does not get the event
  synchronized boolean sample(Subject subject) {
    Asked asked = new Asked(subject, null, 0, false, true, time.nanos());
    return !closed && mayHaveMore(asked) && transmit(asked);
  }

  synchronized boolean isClosed() {
    return closed;
  }

  /// Takes the engine's answer to an event.
  ///
  /// @return the event, or null if the engine has none by that id
  synchronized @Nullable Asked answered(long eventId) {
    Asked asked = outstanding.remove(eventId);
    if (asked == null) {
      return null;
    }
    credits++;
    if (asked.isScan()) {
      scans--;
    } else {
      shares.answered(asked.uid(), time.nanos() - asked.sentNanos);
    }
    if (asked.inquiry != null) {
      byInquiry.remove(asked.inquiry);
    }
    pump();
    return asked;
  }

  /// The event of an inquiry, sent or queued, or null if the engine does not have it.
  synchronized @Nullable Asked find(Inquiry inquiry) {
    return byInquiry.get(inquiry);
  }

  /// This actor's load kept the engine from answering in time.
  synchronized void throttle(int uid) {
    shares.blame(uid);
    counters.add(Counter.ACTOR_THROTTLES);
  }

  /// Ends the connection and returns every event that was with the engine or on its way.
  Collection<Asked> close() {
    List<Asked> left;
    synchronized (this) {
      closed = true;
      left = new ArrayList<>(outstanding.values());
      for (Asked asked = queue.poll(); asked != null; asked = queue.poll()) {
        left.add(asked);
      }
      outstanding.clear();
      byInquiry.clear();
    }
    socket.close();
    return left;
  }

  /// Sends what waits, as far as credits and shares go.
  private void pump() {
    for (int turns = queue.size(); turns > 0 && credits > kept; turns--) {
      Asked asked = queue.poll();
      if (asked == null) {
        return;
      }
      if (!mayHaveMore(asked) || !transmit(asked)) {
        requeue(asked);
      }
    }
  }

  /// Cannot fail: the lock is held and an element was taken out just now.
  private void requeue(Asked asked) {
    if (queue.offer(asked.uid(), asked) != FairQueue.Offered.TAKEN) {
      throw new IllegalStateException("a place just left is taken: queued=" + queue.size());
    }
  }

  private boolean mayHaveMore(Asked asked) {
    return credits > kept
        && (asked.isScan()
            ? scans < Math.min(MOST_SCANS, Math.max(1, grantedCredits / 2))
            : shares.hasRoom(asked.uid(), grantedCredits));
  }

  private boolean transmit(Asked asked) {
    long id = nextEvent;
    Inquiry inquiry = asked.inquiry;
    boolean awaited = asked.awaited && inquiry != null && !inquiry.operation().claimed();
    AgentMessage.Event event = writer.write(id, asked.subject, awaited);
    byte[] bytes = EngineCodec.encode(sequence + 1, new AgentMessage.Events(lost, List.of(event)));
    int[] descriptors =
        event.hasDescriptor() ? new int[] {asked.subject.operation().descriptor()} : NO_DESCRIPTORS;
    int result = socket.send(bytes, bytes.length, descriptors, descriptors.length, false);
    if (result < 0) {
      return false;
    }
    asked.sentNanos = time.nanos();
    sequence++;
    nextEvent++;
    lost = 0;
    credits--;
    if (event.hasDescriptor()) {
      asked.withFile = true;
      passed++;
    }
    outstanding.put(id, asked);
    if (asked.isScan()) {
      scans++;
    } else {
      shares.sent(asked.uid());
    }
    return true;
  }
}
