package redoubt.engine.drill;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import redoubt.core.model.EventClass;
import redoubt.core.model.EventFilter;
import redoubt.core.model.FindingLevel;
import redoubt.core.model.HostEvent;
import redoubt.engine.drill.DrillContent.Fault;
import redoubt.engine.kit.Content;
import redoubt.engine.kit.Engine;
import redoubt.engine.kit.EngineDescription;
import redoubt.engine.kit.FileEvent;
import redoubt.engine.kit.HostEvents;
import redoubt.engine.kit.HostFinding;
import redoubt.engine.kit.Judgement;
import redoubt.engine.kit.LoadResult;

/// Does what its content says, and fails as its content says. Thread-safe.
final class DrillEngine implements Engine {
  private static final String VERSION = "1.0";

  private static final int MEBIBYTE = 1 << 20;
  private static final int KIBIBYTE = 1 << 10;

  /// Where there is no `=`, its steps grow with the third power of the text's length. It is the
  /// part of an expression that took a large network down in July 2019.
  private static final Pattern BACKTRACKING = Pattern.compile(".*(?:.*=.*)");

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final AtomicLong handled = new AtomicLong();

  /// What leaks.
  private final ConcurrentLinkedQueue<byte[]> kept = new ConcurrentLinkedQueue<>();

  private volatile DrillContent content = DrillContent.parse("");

  /// One without content yet.
  DrillEngine() {}

  @Override
  public EngineDescription describe() {
    return new EngineDescription(
        "Redoubt drill",
        "Redoubt",
        VERSION,
        DrillContent.schemaHash(),
        Set.of(EventClass.EXEC, EventClass.OPEN),
        Set.of(EventClass.PROCESS_START));
  }

  @Override
  public LoadResult load(Content from) throws IOException {
    if (from.bytes().sizeBytes() > DrillContent.MOST_BYTES) {
      return refused("more than " + DrillContent.MOST_BYTES + " bytes");
    }
    byte[] bytes = from.bytes().readExactly(Math.toIntExact(from.bytes().sizeBytes()), 0);
    DrillContent read;
    try {
      read = DrillContent.parse(new String(bytes, StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      return refused(String.valueOf(e.getMessage()));
    }
    failWhileLoading(read);
    content = read;
    return new LoadResult.Loaded(read.rules(), List.of());
  }

  private static LoadResult refused(String problem) {
    return new LoadResult.Refused(List.of(new LoadResult.Problem("content", problem)));
  }

  private void failWhileLoading(DrillContent read) {
    if (read.fault(Fault.LOAD_CRASH).isPresent()) {
      Main.crash();
    }
    if (read.fault(Fault.LOAD_HANG).isPresent()) {
      hang();
    }
    if (read.fault(Fault.LOAD_SPIN).isPresent()) {
      work(Long.MAX_VALUE);
    }
    for (int i = 0; i < read.number(Fault.LOAD_MEMORY).orElse(0); i++) {
      keep(MEBIBYTE);
    }
  }

  @Override
  public Optional<EventFilter> filter() {
    return content.fault(Fault.NARROW_FILTER).map(_ -> new EventFilter(List.of()));
  }

  @Override
  public Judgement judge(FileEvent event) {
    DrillContent now = content;
    handle(now, event.path());
    if (now.fault(Fault.ABSTAIN).isPresent()) {
      return Judgement.abstain("its content says so");
    }
    Optional<String> rule = now.fault(Fault.DENY_ALL).or(() -> now.denial(event.path()));
    if (isBlind(now)) {
      return Judgement.allow();
    }
    return rule.isPresent()
        ? Judgement.deny().matching(rule.get()).because("its content says so")
        : Judgement.allow();
  }

  @Override
  public void observe(HostEvents events) {
    DrillContent now = content;
    List<HostEvent> all = events.all();
    for (int i = 0; i < all.size(); i++) {
      String image = all.get(i).process().image();
      String commandLine = all.get(i).process().commandLine();
      handle(now, image);
      if (now.fault(Fault.BACKTRACK).isPresent()) {
        BACKTRACKING.matcher(commandLine).find();
      }
      if (isBlind(now)) {
        continue;
      }
      List<String> rules = new ArrayList<>();
      now.fault(Fault.REPORT_ALL).ifPresent(rules::add);
      Optional.ofNullable(now.reports().get(image)).ifPresent(rules::add);
      for (String rule : rules) {
        events.report(i, finding(rule));
      }
    }
  }

  private static HostFinding finding(String rule) {
    return new HostFinding(
        rule, "a drill: " + rule, FindingLevel.LOW, List.of(), List.of(), Set.of(), 0);
  }

  private void handle(DrillContent now, String path) {
    long number = handled.incrementAndGet();
    if (now.number(Fault.CRASH_AT_EVENT).filter(at -> number >= at).isPresent()
        || now.fault(Fault.CRASH_ON_PATH).filter(path::contains).isPresent()
        || now.fault(Fault.CRASH_FROM).filter(DrillEngine::hasCome).isPresent()) {
      Main.crash();
    }
    if (now.fault(Fault.HANG_ON_PATH).filter(path::contains).isPresent()) {
      hang();
    }
    now.number(Fault.LEAK).ifPresent(kibibytes -> keep(kibibytes * KIBIBYTE));
    now.number(Fault.SLOW).ifPresent(millis -> work(TimeUnit.MILLISECONDS.toNanos(millis)));
  }

  private static boolean isBlind(DrillContent now) {
    return now.fault(Fault.BLIND_FROM).filter(DrillEngine::hasCome).isPresent();
  }

  private static boolean hasCome(String time) {
    return !Instant.now().isBefore(Instant.parse(time));
  }

  private static void hang() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /// Takes so much time of a processor, however busy it is.
  private static void work(long nanos) {
    long begun = THREADS.getCurrentThreadCpuTime();
    while (THREADS.getCurrentThreadCpuTime() - begun < nanos) {
      Thread.onSpinWait();
    }
  }

  /// Memory counts once something was written there.
  private void keep(int bytes) {
    byte[] some = new byte[bytes];
    for (int i = 0; i < bytes; i += KIBIBYTE) {
      some[i] = 1;
    }
    kept.add(some);
  }
}
