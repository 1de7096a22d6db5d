package redoubt.engine.kit;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import redoubt.core.linux.Descriptors;
import redoubt.core.linux.Scheduling;
import redoubt.core.model.EventClass;
import redoubt.core.model.Verdict;
import redoubt.core.model.VerdictScope;
import redoubt.core.wire.AgentMessage.Event;
import redoubt.core.wire.EngineMessage;
import redoubt.core.wire.EngineMessage.EventVerdict;
import redoubt.core.wire.WireLimits;
import redoubt.core.wire.WireText;

/// The threads that judge, and the events that wait for them: at most as many as credits were
/// given. Files that are scanned wait for threads of their own, which give way: a process that is
/// held up never waits behind a scan.
///
/// Every event that is accepted is answered with a verdict or an abstention, which gives its credit
/// back, and has its descriptor closed.
final class JudgePool implements AutoCloseable {
  /// How many events may be here at a time; each may hold a descriptor.
  static final int CREDITS = 128;

  /// How much of one file is read at a time.
  static final int READ_BYTES = 64 * 1024;

  /// Exit status after an [Error]: what EX_SOFTWARE of sysexits.h says.
  private static final int CRASHED = 70;

  private static final int NO_DESCRIPTOR = -1;
  private static final int LEAST_WORKERS = 2;
  private static final int MOST_WORKERS = 4;

  /// How much the threads that scan give way.
  private static final int SCAN_NICE = 10;

  private record Task(Event event, long deadlineNanos, int descriptor) {}

  private final Engine engine;
  private final Outbox outbox;
  private final Semaphore credits = new Semaphore(0);
  private final BlockingQueue<Task> queue = new ArrayBlockingQueue<>(CREDITS);
  private final BlockingQueue<Task> scans = new ArrayBlockingQueue<>(CREDITS);
  private final List<Thread> workers = new CopyOnWriteArrayList<>();
  private final int workersOfEach;
  private volatile ContentInForce inForce = ContentInForce.none();
  private volatile int maxCredits = CREDITS;

  JudgePool(Engine engine, Outbox outbox) {
    this.engine = engine;
    this.outbox = outbox;
    int processors = Runtime.getRuntime().availableProcessors();
    workersOfEach = Math.clamp(processors, LEAST_WORKERS, MOST_WORKERS);
    for (int i = 0; i < workersOfEach; i++) {
      startWorker("redoubt-judge-" + i, queue, () -> {});
    }
  }

  /// Bounds the credits that [#sayReady] gives.
  void limitCredits(int most) {
    maxCredits = Math.min(most, CREDITS);
  }

  /// Tells the agent that events may come, and how many. Called once.
  void sayReady() {
    int given = maxCredits;
    credits.release(given);
    outbox.send(new EngineMessage.Ready(given));
  }

  /// Puts content in force: it is named in the verdicts on events whose judgement begins from now
  /// on. What it replaces is closed once no judgement needs it.
  void replaceContent(Content content) {
    replaceContent(content.version(), content.bytes());
  }

  private synchronized void replaceContent(String version, @Nullable FileContent bytes) {
    ContentInForce before = inForce;
    inForce = before.followedBy(version, bytes);
    before.leave();
  }

  /// Takes on an event.
  ///
  /// @param descriptor closed when the event is answered; negative for none
  /// @return false if the agent has no credit for it; the descriptor is closed then
  boolean accept(Event event, long deadlineNanos, int descriptor) {
    boolean scan = event.eventClass() == EventClass.SCAN;
    if (scan) {
      startScanners();
    }
    boolean accepted =
        credits.tryAcquire()
            && (scan ? scans : queue).offer(new Task(event, deadlineNanos, descriptor));
    if (!accepted) {
      closeDescriptor(descriptor);
    }
    return accepted;
  }

  /// Ends the workers and closes what waited for them; no event is answered any more.
  @Override
  public void close() {
    workers.forEach(Thread::interrupt);
    drop(queue);
    drop(scans);
    replaceContent("", null);
  }

  private static void drop(BlockingQueue<Task> waiting) {
    for (Task task = waiting.poll(); task != null; task = waiting.poll()) {
      closeDescriptor(task.descriptor());
    }
  }

  /// Called by the one thread that receives; most engines never see a scan.
  private void startScanners() {
    for (int i = 0; workers.size() < 2 * workersOfEach; i++) {
      startWorker("redoubt-scan-" + i, scans, () -> Scheduling.yielding(SCAN_NICE));
    }
  }

  private void startWorker(String name, BlockingQueue<Task> waiting, Runnable prepare) {
    workers.add(
        Thread.ofPlatform()
            .name(name)
            .daemon()
            .uncaughtExceptionHandler(JudgePool::crash)
            .start(() -> {
              prepare.run();
              work(waiting);
            }));
  }

  private void work(BlockingQueue<Task> waiting) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment scratch = arena.allocate(READ_BYTES);
      while (!Thread.currentThread().isInterrupted()) {
        process(waiting.take(), scratch);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void process(Task task, MemorySegment scratch) {
    ContentInForce judgedWith = enterContent();
    Event event = task.event();
    FileContent content =
        task.descriptor() == NO_DESCRIPTOR
            ? null
            : new FileContent(task.descriptor(), event.file().sizeBytes(), scratch);
    Judgement judgement = judge(new FileEvent(event, task.deadlineNanos(), content));
    if (content != null) {
      content.close();
    }
    judgedWith.leave();
    credits.release();
    outbox.send(message(event, judgement, judgedWith.version()));
  }

  private ContentInForce enterContent() {
    ContentInForce current = inForce;
    while (!current.enter()) {
      current = inForce;
    }
    return current;
  }

  private Judgement judge(FileEvent event) {
    try {
      return engine.judge(event);
    } catch (IOException | RuntimeException e) {
      Diagnostics.line("event not judged: " + e + " path=" + event.path());
      return Judgement.abstain("engine failed: " + e);
    }
  }

  private static EngineMessage message(Event event, Judgement judgement, String version) {
    return switch (judgement) {
      case Judgement.Decided decided ->
          new EngineMessage.Verdicts(List.of(verdict(event, decided, version)));
      case Judgement.Abstained(var reason) ->
          new EngineMessage.Abstained(
              List.of(event.id()), WireText.cut(reason, WireLimits.REASON_CHARS));
    };
  }

  /// What is said of a file that may change meanwhile holds for the event only.
  private static EventVerdict verdict(Event event, Judgement.Decided decided, String version) {
    return new EventVerdict(
        event.id(),
        decided.verdict(),
        event.stable() ? decided.scope() : VerdictScope.EVENT,
        Math.toIntExact(decided.lifetime().toSeconds()),
        WireText.cut(decided.reason(), WireLimits.REASON_CHARS),
        WireText.cut(decided.rule(), WireLimits.NAME_CHARS),
        version,
        decided.quarantine() && decided.verdict() == Verdict.DENY);
  }

  private static void closeDescriptor(int descriptor) {
    if (descriptor >= 0) {
      Descriptors.close(descriptor);
    }
  }

  static void crash(Thread thread, @Nullable Throwable failure) {
    Diagnostics.line("crashed: thread=" + thread.getName() + " " + failure);
    Runtime.getRuntime().halt(CRASHED);
  }
}
