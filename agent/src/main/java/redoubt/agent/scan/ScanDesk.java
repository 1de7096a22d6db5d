package redoubt.agent.scan;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import redoubt.agent.decision.ContentDigest;
import redoubt.agent.decision.DecisionLimits;
import redoubt.agent.decision.EngineLink;
import redoubt.agent.decision.FileQuarantine;
import redoubt.agent.decision.Guardrails;
import redoubt.agent.decision.Inquiry;
import redoubt.agent.decision.Panel;
import redoubt.agent.health.Counter;
import redoubt.agent.health.Counters;
import redoubt.agent.health.TimeSource;
import redoubt.agent.hook.DescriptorBudget;
import redoubt.agent.hook.FileFacts;
import redoubt.agent.hook.Kernel;
import redoubt.agent.hook.LocalFileSystems;
import redoubt.agent.hook.Operation;
import redoubt.agent.hook.Responder;
import redoubt.core.linux.Descriptors;
import redoubt.core.linux.Errno;
import redoubt.core.linux.Scheduling;
import redoubt.core.model.EngineMode;
import redoubt.core.model.EngineOpinion;
import redoubt.core.model.EventClass;
import redoubt.core.model.FileIdentity;
import redoubt.core.model.Finding;
import redoubt.core.model.FindingLevel;
import redoubt.core.model.ProcessInfo;
import redoubt.core.model.Sha256;
import redoubt.core.model.Verdict;
import redoubt.core.wire.ControlReply;
import redoubt.core.wire.WireLimits;
import redoubt.core.wire.WireText;

/// Has engines look at files that somebody hands in, one after the other for each conversation.
///
/// The files come open: whoever can read a file may have it scanned, no name is looked up here, and
/// nothing is read of it but its digest. A content in which nothing was found is not looked at
/// again until it, an engine or an engine's content changes. While a file is looked at, a lease
/// shows whether it stays as it is; a writer who comes gets the file at once, and what is said of
/// it then counts for nothing later. Thread-safe.
public final class ScanDesk {
  /// How long engines may take for one file.
  static final long LIMIT_NANOS = 30_000_000_000L;

  /// The most conversations at a time. Each may be held up by a file system that does not answer,
  /// and the owner's own requests need places too.
  static final int MOST_AT_ONCE = 8;

  /// How often is looked whether a writer waits.
  private static final long WATCH_NANOS = 5_000_000L;

  private static final int NICE = 10;
  private static final int CHUNK_BYTES = 128 * 1024;
  private static final int NO_PIDFD = -1;
  private static final int ROOT = 0;
  private static final int UNKNOWN = -1;

  private final Kernel kernel;
  private final Responder responder;
  private final DescriptorBudget budget;
  private final Supplier<Panel> panel;
  private final Guardrails guardrails;
  private final Consumer<Finding> findings;
  private final FileQuarantine quarantine;
  private final Counters counters;
  private final TimeSource time;
  private final KnownScans scans = new KnownScans();
  private final Semaphore places = new Semaphore(MOST_AT_ONCE);

  /// @param panel the engines as they are now
  /// @param findings hears of what is found; never blocks
  /// @param quarantine where what is found can be put away
  public ScanDesk(
      Kernel kernel,
      Responder responder,
      DescriptorBudget budget,
      Supplier<Panel> panel,
      Guardrails guardrails,
      Consumer<Finding> findings,
      FileQuarantine quarantine,
      Counters counters,
      TimeSource time) {
    this.kernel = kernel;
    this.responder = responder;
    this.budget = budget;
    this.panel = panel;
    this.guardrails = guardrails;
    this.findings = findings;
    this.quarantine = quarantine;
    this.counters = counters;
    this.time = time;
  }

  /// Has files looked at, on the calling thread, which gives way to others from then on.
  ///
  /// @param descriptors closed by the time of the return, or once no engine needs them
  /// @param uid the user who asks
  /// @param pid the process that asks
  /// @param anew whether to look again at what is known
  /// @param putAway whether that user, who may, wants to have put away what is found
  public ControlReply scan(
      List<Integer> descriptors, int uid, int pid, boolean anew, boolean putAway) {
    Deque<Integer> left = new ArrayDeque<>(descriptors);
    Scheduling.yielding(NICE);
    try {
      if (!places.tryAcquire()) {
        return new ControlReply.Failed(
            "busy", "too many scans are under way: most=" + MOST_AT_ONCE, "try again later");
      }
      Asker asker = new Asker(uid, pid, anew, putAway, List.of());
      try (Arena arena = Arena.ofConfined()) {
        Buffers buffers = Buffers.in(arena);
        List<ControlReply.ScannedFile> results = new ArrayList<>();
        while (!left.isEmpty()) {
          ControlReply.ScannedFile result = scan(left.removeFirst(), asker, buffers);
          count(result);
          results.add(result);
        }
        return new ControlReply.Scanned(results);
      } finally {
        places.release();
      }
    } finally {
      left.forEach(kernel::release);
    }
  }

  /// Scans of the agent's own, on the calling thread, which gives way to others from then on.
  OwnScans ownScans() {
    return new OwnScans();
  }

  /// What the agent itself has looked at takes none of the places that users share. For the thread
  /// that made it.
  final class OwnScans implements AutoCloseable {
    private final Arena arena = Arena.ofConfined();
    private final Buffers buffers = Buffers.in(arena);

    private OwnScans() {
      Scheduling.yielding(NICE);
    }

    /// Has one file looked at.
    ///
    /// @param descriptor closed by the time of the return, or once no engine needs it
    /// @param lineage the process that wrote the file, the one that made it, and so on
    void scan(int descriptor, List<ProcessInfo> lineage) {
      Asker asker = new Asker(ROOT, lineage.getFirst().pid(), false, false, lineage);
      count(ScanDesk.this.scan(descriptor, asker, buffers));
    }

    @Override
    public void close() {
      arena.close();
    }
  }

  static ControlReply.ScannedFile clean(boolean known) {
    return new ControlReply.ScannedFile("clean", known, "", List.of());
  }

  static ControlReply.ScannedFile unscanned(String why) {
    return new ControlReply.ScannedFile("unscanned", false, why, List.of());
  }

  /// Why a file is looked at.
  ///
  /// @param uid the user who asks
  /// @param pid the process that engines are told of
  /// @param anew whether to look again at what is known
  /// @param putAway whether what is found is put away at once
  /// @param lineage the process that a finding is about, the one that made it, and so on
  private record Asker(
      int uid, int pid, boolean anew, boolean putAway, List<ProcessInfo> lineage) {}

  @SuppressWarnings("ArrayRecordComponent") // memory to work in, never compared
  private record Buffers(MemorySegment chunk, byte[] copy) {
    static Buffers in(Arena arena) {
      return new Buffers(arena.allocate(CHUNK_BYTES), new byte[CHUNK_BYTES]);
    }
  }

  /// Looks at one file, and closes what was given.
  private ControlReply.ScannedFile scan(int given, Asker asker, Buffers buffers) {
    @Nullable EngineLink[] engines = panel.get().judging(EventClass.SCAN);
    ControlReply.ScannedFile known = look(given, engines, asker);
    if (known != null) {
      kernel.release(given);
      return known;
    }
    if (budget.reserve(1) == 0) {
      kernel.release(given);
      return unscanned("the agent has no descriptors to spare");
    }
    // On the asker's own opening he could set what the agent relies on, or is ended by.
    int own = Descriptors.reopen(given);
    if (own >= 0) {
      kernel.release(given);
    } else if (!Descriptors.isReadable(given)) {
      kernel.release(given);
      budget.release(1);
      return unscanned("cannot be opened: " + Errno.name(own));
    }
    Operation operation =
        new Operation(EventClass.SCAN, time.nanos(), own >= 0 ? own : given, NO_PIDFD, asker.pid());
    operation.setProcess(_ -> 0, UNKNOWN, asker.uid(), UNKNOWN, asker.uid(), 0);
    try {
      return kernel.describeFile(operation.descriptor(), operation.file()) < 0
          ? unscanned("the file system does not say what it is")
          : ask(operation, own >= 0, engines, asker, buffers);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return unscanned("the agent ends");
    } finally {
      responder.release(operation);
    }
  }

  /// What can be said without reading the file, or null.
  private ControlReply.@Nullable ScannedFile look(
      int given, @Nullable EngineLink[] engines, Asker asker) {
    FileFacts facts = new FileFacts();
    // Root may read whatever it can name, and is denied to open what is bad.
    if (asker.uid() != ROOT && !Descriptors.isReadable(given)) {
      return unscanned("not open for reading");
    }
    if (LocalFileSystems.mayNeverAnswer(given)) {
      return unscanned("a program serves its file system, and may never answer: hand in a copy");
    }
    if (kernel.describeFile(given, facts) < 0) {
      return unscanned("the file system does not say what it is");
    }
    if (!facts.regular()) {
      return new ControlReply.ScannedFile("skipped", false, "not a regular file", List.of());
    }
    if (Arrays.stream(engines).allMatch(Objects::isNull)) {
      return unscanned("no engine scans files");
    }
    boolean known =
        !asker.anew()
            && facts.cacheable()
            && scans.contains(KnownScans.keyOf(facts.identity(), engines), seconds(time.nanos()));
    return known ? clean(true) : null;
  }

  private void count(ControlReply.ScannedFile result) {
    switch (result.state()) {
      case "found" -> counters.add(Counter.SCANS_FOUND);
      case "unscanned" -> counters.add(Counter.SCANS_MISSED);
      default -> {
        // Nothing to report.
      }
    }
    if (result.known()) {
      counters.add(Counter.SCANS_KNOWN);
    }
  }

  /// @param own whether the file was opened by the agent itself, so that a lease on it is its own
  private ControlReply.ScannedFile ask(
      Operation operation,
      boolean own,
      @Nullable EngineLink[] engines,
      Asker asker,
      Buffers buffers)
      throws InterruptedException {
    counters.add(Counter.FILES_SCANNED);
    FileFacts file = operation.file();
    KnownScans.Key key = KnownScans.keyOf(file.identity(), engines);
    Scan scan =
        new Scan(time, guardrails, (asked, slot, opinion) -> found(asked, slot, opinion, asker));
    Inquiry inquiry =
        new Inquiry(
            operation,
            engines,
            guardrails.isProtected(file.device(), file.inode(), file.birthNanos()),
            time.nanos() + LIMIT_NANOS,
            scan);
    boolean leased = own && kernel.takeLease(operation.descriptor()) >= 0;
    try {
      inquiry.begin(leased, file.identity(), "");
      ContentDigest digest = new ContentDigest();
      ContentDigest.Progress progress =
          file.sizeBytes() > DecisionLimits.HASH_BYTES
              ? ContentDigest.Progress.UNFINISHED
              : read(inquiry, leased, digest, buffers);
      if (progress == ContentDigest.Progress.FAILED) {
        return unscanned("its content cannot be read");
      }
      Sha256 sha256 = progress == ContentDigest.Progress.DONE ? digest.finish() : null;
      boolean stable = leased && sha256 != null && isStill(operation, file.identity());
      inquiry.examined(kernel.path(operation.descriptor()), sha256, stable, digest.script());
      scan.ask(inquiry);
      await(scan, inquiry, leased);
      if (stable) {
        remember(scan, inquiry, engines, key);
      }
      return putAwayIfWanted(scan.result(inquiry), inquiry, asker);
    } finally {
      if (leased) {
        kernel.releaseLease(operation.descriptor());
      }
    }
  }

  private ControlReply.ScannedFile putAwayIfWanted(
      ControlReply.ScannedFile result, Inquiry inquiry, Asker asker) {
    if (!asker.putAway() || !result.state().equals("found")) {
      return result;
    }
    for (int slot = 0; slot < inquiry.slots(); slot++) {
      if (inquiry.opinion(slot) instanceof EngineOpinion.Answered opinion
          && opinion.verdict() == Verdict.DENY) {
        return new ControlReply.ScannedFile(
            result.state(),
            result.known(),
            quarantine.putAway(inquiry, opinion, asker.uid()),
            result.hits());
      }
    }
    return result;
  }

  private ContentDigest.Progress read(
      Inquiry inquiry, boolean leased, ContentDigest digest, Buffers buffers) {
    int descriptor = inquiry.operation().descriptor();
    boolean watched = leased;
    while (true) {
      ContentDigest.Progress progress =
          digest.advance(
              kernel,
              descriptor,
              watched,
              buffers.chunk(),
              buffers.copy(),
              () -> time.nanos() - inquiry.deadlineNanos() > 0);
      if (progress != ContentDigest.Progress.DISTURBED) {
        return progress;
      }
      // A writer goes on; the digest is of what was read.
      kernel.releaseLease(descriptor);
      watched = false;
    }
  }

  /// Whether the content has been what it was all the time.
  private boolean isStill(Operation operation, FileIdentity before) {
    FileFacts now = new FileFacts();
    return kernel.leaseHeld(operation.descriptor())
        && kernel.describeFile(operation.descriptor(), now) >= 0
        && now.matches(before);
  }

  private void await(Scan scan, Inquiry inquiry, boolean leased) throws InterruptedException {
    int descriptor = inquiry.operation().descriptor();
    boolean watched = leased;
    long left = inquiry.deadlineNanos() - time.nanos();
    while (!scan.await(watched ? Math.min(left, WATCH_NANOS) : left)) {
      if (watched && !kernel.leaseHeld(descriptor)) {
        kernel.releaseLease(descriptor);
        watched = false;
      }
      left = inquiry.deadlineNanos() - time.nanos();
      if (left <= 0) {
        scan.giveUp(inquiry);
      }
    }
  }

  private void remember(
      Scan scan, Inquiry inquiry, @Nullable EngineLink[] engines, KnownScans.Key key) {
    int asked = (int) Arrays.stream(engines).filter(Objects::nonNull).count();
    long until = scan.keepUntilNanos(asked);
    Operation operation = inquiry.operation();
    if (until > 0
        && inquiry.file().isSettled(time.wallMillis() * 1_000_000L)
        && operation.file().cacheable()
        && isStill(operation, inquiry.file())) {
      scans.add(key, seconds(until));
    }
  }

  private static int seconds(long nanos) {
    return (int) (nanos / 1_000_000_000L);
  }

  private void found(Inquiry inquiry, int slot, EngineOpinion.Answered opinion, Asker asker) {
    String what = opinion.rule().isEmpty() ? opinion.reason() : opinion.rule();
    String title = "Scan found " + what + " in " + inquiry.path();
    findings.accept(
        new Finding(
            time.wallMillis(),
            opinion.engine(),
            opinion.contentVersion(),
            opinion.rule(),
            WireText.cut(title, WireLimits.NAME_CHARS),
            FindingLevel.HIGH,
            List.of(),
            List.of(new Finding.Reason("", opinion.reason())),
            inquiry.path(),
            inquiry.sha256(),
            asker.lineage(),
            0));
    if (!asker.putAway()
        && inquiry.wishesQuarantine(slot)
        && opinion.mode() == EngineMode.ENFORCE
        && !inquiry.protectedFile()) {
      quarantine.wished(inquiry, opinion);
    }
  }
}
