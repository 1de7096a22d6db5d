package redoubt.agent.engine;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import redoubt.agent.bounded.CountWindow;
import redoubt.agent.decision.Subject;
import redoubt.agent.health.TimeSource;
import redoubt.core.model.EventClass;
import redoubt.core.model.Verdict;
import redoubt.core.wire.EngineMessage;

/// What a process makes of a sample of what is asked and told of the one that serves, without a
/// vote. Never blocks; thread-safe.
final class Shadow {
  private static final Duration SECOND = Duration.ofSeconds(1);

  /// Of no process: it hears nothing.
  static final Shadow NONE = new Shadow(null, Set.of(), Set.of(), 0, TimeSource.system());

  /// So many questions in a second.
  static final int QUESTIONS = 20;

  /// So many events of the host in a second.
  static final int EVENTS = 200;

  private final @Nullable EngineConnection connection;
  private final Set<EventClass> judged;
  private final Set<EventClass> observed;
  private final long lateNanos;
  private final TimeSource time;
  private final AtomicLong asked = new AtomicLong();
  private final AtomicLong answered = new AtomicLong();
  private final AtomicLong late = new AtomicLong();
  private final AtomicLong told = new AtomicLong();
  private final AtomicLong dropped = new AtomicLong();
  private final AtomicLong found = new AtomicLong();
  private final AtomicLong denied = new AtomicLong();
  private volatile boolean resting;
  private final CountWindow questions = new CountWindow(SECOND);
  private final CountWindow events = new CountWindow(SECOND);

  /// Rules by the paths that they would have denied.
  private final Map<String, String> denials = new LinkedHashMap<>();

  /// @param judged the classes of events that it may be asked about
  /// @param observed those that it may be told of
  /// @param lateNanos after how long an answer is late
  Shadow(
      @Nullable EngineConnection connection,
      Set<EventClass> judged,
      Set<EventClass> observed,
      long lateNanos,
      TimeSource time) {
    this.connection = connection;
    this.judged = Set.copyOf(judged);
    this.observed = Set.copyOf(observed);
    this.lateNanos = lateNanos;
    this.time = time;
  }

  boolean isOf(EngineConnection one) {
    return connection == one;
  }

  private synchronized boolean mayAsk() {
    return questions.add(time.nanos()) <= QUESTIONS;
  }

  private synchronized boolean mayTell() {
    return events.add(time.nanos()) <= EVENTS;
  }

  /// Something is asked of the one that serves. A scan takes as long as it takes, and finds what it
  /// is to find.
  void ask(Subject subject) {
    EngineConnection to = connection;
    EventClass eventClass = subject.operation().eventClass();
    if (to == null || resting || eventClass == EventClass.SCAN || !judged.contains(eventClass)) {
      return;
    }
    if (mayAsk()) {
      asked.incrementAndGet();
      if (!to.sample(subject)) {
        asked.decrementAndGet();
      }
    }
  }

  /// The one that serves is told something.
  void tell(FoldedEvent event) {
    EngineConnection to = connection;
    if (to == null || resting || !observed.contains(event.event().eventClass()) || !mayTell()) {
      return;
    }
    switch (to.activity().take(event)) {
      case TAKEN -> told.incrementAndGet();
      case UNNEEDED -> {}
      case DROPPED -> dropped.incrementAndGet();
    }
  }

  void flush() {
    EngineConnection to = connection;
    if (to != null) {
      to.activity().flush();
    }
  }

  /// Takes an answer; null if it is that there is no verdict.
  void answered(EngineConnection.Asked to, EngineMessage.@Nullable EventVerdict verdict) {
    if (connection == null) {
      return;
    }
    answered.incrementAndGet();
    if (time.nanos() - to.sentNanos() > lateNanos) {
      late.incrementAndGet();
    }
    if (verdict != null && verdict.verdict() == Verdict.DENY) {
      denied.incrementAndGet();
      synchronized (this) {
        if (denials.size() < ShadowFigures.MOST_DENIALS) {
          denials.put(to.path(), verdict.rule());
        }
      }
    }
  }

  void found() {
    found.incrementAndGet();
  }

  /// What it did up to now.
  ///
  /// @param residentBytes the memory that it holds
  /// @param missedByServing how often the one that serves was late meanwhile
  /// @param foundByServing what the one that serves found meanwhile
  ShadowFigures figures(long residentBytes, long missedByServing, long foundByServing) {
    Map<String, String> paths;
    synchronized (this) {
      paths = Map.copyOf(denials);
    }
    return new ShadowFigures(
        asked.get(),
        answered.get(),
        late.get(),
        missedByServing,
        told.get(),
        dropped.get(),
        found.get(),
        foundByServing,
        denied.get(),
        paths,
        residentBytes);
  }

  /// Asks and tells no more.
  void rest() {
    resting = true;
    flush();
  }

  /// Whether nothing is left unanswered.
  boolean isIdle() {
    EngineConnection of = connection;
    return of == null || (answered.get() >= asked.get() && of.activity().isIdle());
  }
}
