package redoubt.agent.decision;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import redoubt.agent.health.Counter;
import redoubt.agent.health.Counters;
import redoubt.agent.health.TimeSource;
import redoubt.agent.hook.Kernel;
import redoubt.agent.hook.Operation;
import redoubt.agent.hook.Responder;
import redoubt.agent.process.ProcessImages;
import redoubt.core.model.Actor;
import redoubt.core.model.Credentials;
import redoubt.core.model.DecisionRecord;
import redoubt.core.model.EngineOpinion;
import redoubt.core.model.FileIdentity;
import redoubt.core.model.Finding;
import redoubt.core.model.FindingLevel;
import redoubt.core.model.ProcessInfo;
import redoubt.core.model.Sha256;
import redoubt.core.model.Verdict;

/// Writes up what was decided, after the answer and on a thread of its own: looks up names, tells
/// the engines that want to hear, makes the decision record, gives the descriptors back.
///
/// Bounded: when the recorder cannot keep up, records are dropped and counted; nothing that waits
/// ever waits for it.
public final class Recorder implements Runnable {
  /// The most operations that wait to be written up, whatever may be under way.
  private static final int CAPACITY = 16_384;

  /// Where fewer operations can be under way than twice this, reading waits for the recorder.
  private static final int LEAST_CAPACITY = 1_024;

  /// How long the recorder looks for more work before it sleeps, so that a burst of events does not
  /// cost a wake-up each.
  private static final long LINGER_NANOS = 2_000_000L;

  private static final long TELLING_NANOS = 20_000L;

  /// Where finished records go; never blocks.
  public interface Outlet {
    /// Takes a decision.
    void decision(DecisionRecord decision);

    /// Takes a finding.
    void finding(Finding finding);

    /// A process was let execute a program.
    void executed(int pid);

    /// An outlet that forgets everything: for warming up and measuring.
    static Outlet none() {
      return new Outlet() {
        @Override
        public void decision(DecisionRecord decision) {}

        @Override
        public void finding(Finding finding) {}

        @Override
        public void executed(int pid) {}
      };
    }
  }

  private final ConcurrentLinkedQueue<Entry> queue = new ConcurrentLinkedQueue<>();
  private final AtomicInteger size = new AtomicInteger();
  private final Kernel kernel;
  private final Responder responder;
  private final ProcessImages images;
  private final Outlet outlet;
  private final Guardrails guardrails;
  private final Counters counters;
  private final TimeSource time;
  private final int capacity;
  private volatile @Nullable Thread writer;
  private volatile boolean idle;
  private volatile boolean stopping;
  private long sequence;

  /// What is to be written up.
  private sealed interface Entry {
    Operation operation();

    Panel panel();
  }

  private record Plain(Operation operation, @Nullable CacheEntry known, Panel panel)
      implements Entry {}

  /// What an inquiry had come to when it was concluded; an examination that ends later changes the
  /// inquiry, but not what the answer rested on.
  private record Inquired(Told told, String exception, List<EngineOpinion> opinions, Panel panel)
      implements Entry {
    @Override
    public Operation operation() {
      return told.operation();
    }
  }

  Recorder(
      Kernel kernel,
      Responder responder,
      ProcessImages images,
      Outlet outlet,
      Guardrails guardrails,
      Counters counters,
      TimeSource time) {
    this.kernel = kernel;
    this.responder = responder;
    this.images = images;
    this.outlet = outlet;
    this.guardrails = guardrails;
    this.counters = counters;
    this.time = time;
    // What waits here holds descriptors: the other half is left to operations that nobody answered.
    this.capacity = Math.clamp(responder.mostHeld() / 2, LEAST_CAPACITY, CAPACITY);
  }

  /// Takes an operation that was answered without an inquiry.
  ///
  /// @param known what the cache knew of the content, or null
  void record(Operation operation, @Nullable CacheEntry known, Panel panel) {
    offer(new Plain(operation, known, panel));
  }

  /// Takes an inquiry that is concluded now.
  void record(Inquiry inquiry, Panel panel) {
    Told told =
        new Told(
            inquiry.operation(),
            inquiry.path(),
            inquiry.file(),
            inquiry.sha256(),
            inquiry.stable());
    offer(new Inquired(told, inquiry.exception(), inquiry.opinions(), panel));
  }

  /// Reports a DENY that came after the operation was let go on.
  void lateDenial(Inquiry inquiry, EngineOpinion.Answered opinion) {
    outlet.finding(
        new Finding(
            time.wallMillis(),
            opinion.engine(),
            opinion.contentVersion(),
            opinion.rule(),
            "Denied after the deadline: the operation had been allowed",
            FindingLevel.HIGH,
            List.of(),
            List.of(),
            inquiry.path(),
            inquiry.sha256(),
            List.of(asker(inquiry.operation())),
            0));
  }

  private static ProcessInfo asker(Operation operation) {
    return new ProcessInfo(
        operation.pid(),
        operation.processUniqueId(),
        operation.parentPid(),
        new Credentials(operation.uid(), operation.effectiveUid(), operation.gid(), -1),
        operation.cgroupId(),
        "",
        "",
        List.of(),
        false,
        "",
        "");
  }

  private void offer(Entry entry) {
    if (size.incrementAndGet() > capacity) {
      size.decrementAndGet();
      counters.add(Counter.RECORDS_LOST);
      responder.release(entry.operation());
      return;
    }
    queue.add(entry);
    if (idle) {
      LockSupport.unpark(writer);
    }
  }

  @Override
  public void run() {
    writer = Thread.currentThread();
    int quietTurns = 0;
    while (!stopping) {
      if (drain() > 0) {
        quietTurns = 0;
      } else if (quietTurns++ < 3) {
        LockSupport.parkNanos(this, LINGER_NANOS);
      } else {
        idle = true;
        if (queue.isEmpty() && !stopping) {
          LockSupport.park(this);
        }
        idle = false;
        quietTurns = 0;
      }
    }
    drain();
  }

  /// Writes up everything that waits now.
  ///
  /// @return how many operations were written up
  int drain() {
    int done = 0;
    for (Entry entry = queue.poll(); entry != null; entry = queue.poll()) {
      size.decrementAndGet();
      try {
        awaitTold(entry.operation());
        write(entry);
      } finally {
        responder.release(entry.operation());
      }
      done++;
    }
    return done;
  }

  /// The answer may still be on its way to the threads that can give it, which takes them as long
  /// as waking up.
  private static void awaitTold(Operation operation) {
    while (!operation.told()) {
      LockSupport.parkNanos(TELLING_NANOS);
    }
  }

  /// Ends [#run] after what waits is written.
  void stop() {
    stopping = true;
    LockSupport.unpark(writer);
  }

  private void write(Entry entry) {
    switch (entry) {
      case Plain plain -> {
        CacheEntry known = plain.known();
        String path = kernel.path(plain.operation().descriptor());
        FileIdentity file = known == null ? plain.operation().file().identity() : known.file();
        Sha256 sha256 = known == null ? null : known.sha256();
        write(
            plain,
            new Told(plain.operation(), path, file, sha256, known != null),
            "",
            opinionsOf(plain));
      }
      case Inquired inquired ->
          write(
              inquired,
              inquired.told().withPath(kernel),
              inquired.exception(),
              inquired.opinions());
    }
  }

  private record Told(
      Operation operation, String path, FileIdentity file, @Nullable Sha256 sha256, boolean stable)
      implements Subject {
    /// Returns this with its path, asked for only if nobody has before.
    Told withPath(Kernel kernel) {
      return path.isEmpty()
          ? new Told(operation, kernel.path(operation.descriptor()), file, sha256, stable)
          : this;
    }
  }

  private void write(Entry entry, Told told, String exception, List<EngineOpinion> opinions) {
    Operation operation = entry.operation();
    Panel panel = entry.panel();
    for (int slot = 0; slot < panel.slots(); slot++) {
      EngineLink link = panel.link(slot);
      if (link != null && link.observes(operation.eventClass())) {
        link.tell(told);
      }
    }
    outlet.decision(
        new DecisionRecord(
            ++sequence,
            time.wallMillis(),
            operation.eventClass(),
            actorOf(operation, told.path()),
            told.path(),
            told.file(),
            told.sha256(),
            told.stable(),
            operation.answer(),
            operation.basis(),
            guardrails.generation(),
            exception,
            opinions,
            operation.latencyNanos()));
  }

  private Actor actorOf(Operation operation, String path) {
    String parent = images.of(operation.parentPid());
    Actor actor =
        new Actor(
            operation.pid(),
            operation.processUniqueId(),
            operation.parentPid(),
            operation.uid(),
            operation.gid(),
            operation.effectiveUid(),
            operation.cgroupId(),
            images.before(operation.pid(), operation.processUniqueId(), parent),
            parent);
    if (operation.answer() == Verdict.ALLOW
        && operation.eventClass() == redoubt.core.model.EventClass.EXEC) {
      images.executed(operation.pid(), operation.processUniqueId(), path);
      outlet.executed(operation.pid());
    }
    return actor;
  }

  /// The kept verdicts that the answer rested on: each counted then, whatever became of its engine
  /// since.
  private static List<EngineOpinion> opinionsOf(Plain plain) {
    CacheEntry known = plain.known();
    if (known == null) {
      return List.of();
    }
    Panel panel = plain.panel();
    List<EngineOpinion> opinions = new ArrayList<>(4);
    for (int slot = 0; slot < panel.slots(); slot++) {
      EngineLink link = panel.link(slot);
      if (link == null || !link.judges(plain.operation().eventClass())) {
        continue;
      }
      CachedVerdict verdict = known.anyVerdict(slot);
      if (verdict != null) {
        opinions.add(opinionOf(link, verdict));
      }
    }
    return opinions;
  }

  /// A kept verdict as an opinion.
  static EngineOpinion opinionOf(EngineLink link, CachedVerdict verdict) {
    return new EngineOpinion.Answered(
        link.id(),
        link.mode(),
        verdict.verdict(),
        verdict.reason(),
        verdict.rule(),
        verdict.contentVersion(),
        0,
        true,
        false);
  }
}
