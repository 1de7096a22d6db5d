package redoubt.agent.decision;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;
import redoubt.agent.hook.Operation;
import redoubt.core.model.EngineMode;
import redoubt.core.model.EngineOpinion;
import redoubt.core.model.FileIdentity;
import redoubt.core.model.Provenance;
import redoubt.core.model.Sha256;
import redoubt.core.model.Verdict;
import redoubt.core.model.VerdictScope;

/// The question that one operation puts to the engines, until each has answered or time is up.
///
/// Opinions come from any thread, in any order; the first for each slot counts, whatever comes
/// after it is late. The facts of the file are written by one examiner before any engine is asked.
public final class Inquiry implements Subject {
  private static final VarHandle CONCLUDED;
  private static final VarHandle LEASED;
  private static final VarHandle WISHES;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      CONCLUDED = lookup.findVarHandle(Inquiry.class, "concluded", boolean.class);
      LEASED = lookup.findVarHandle(Inquiry.class, "leased", boolean.class);
      WISHES = lookup.findVarHandle(Inquiry.class, "quarantineWishes", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Operation operation;
  private final @Nullable EngineLink[] engines;
  private final boolean protectedFile;
  private final long deadlineNanos;
  private final Bench bench;
  private final AtomicReferenceArray<@Nullable EngineOpinion> opinions;
  private final AtomicInteger open;

  private volatile String path = "";
  private volatile String actorImage = "";
  private volatile FileIdentity file;
  private volatile @Nullable Sha256 sha256;
  private volatile boolean stable;
  private volatile boolean leased;
  private volatile boolean script;
  private volatile boolean delivered;
  private volatile String exception = "";
  private volatile @Nullable Provenance provenance;
  private volatile long provenanceGeneration;
  private volatile @Nullable ContentDigest digest;
  private volatile boolean concluded;

  /// A bit for each slot whose engine wishes that the file be put away.
  private volatile long quarantineWishes;

  /// Receives what becomes of an inquiry. Called by whichever thread brought the news.
  public interface Bench {
    /// A slot has an opinion now.
    void weigh(Inquiry inquiry);

    /// An engine spoke after its slot was closed.
    void late(Inquiry inquiry, int slot, EngineOpinion.Answered opinion);

    /// A verdict may be kept for the same content.
    void remember(Inquiry inquiry, int slot, CachedVerdict verdict);

    /// The monotonic clock.
    long nanos();
  }

  /// @param engines the engines to ask, by slot; null where a slot is not asked
  public Inquiry(
      Operation operation,
      @Nullable EngineLink[] engines,
      boolean protectedFile,
      long deadlineNanos,
      Bench bench) {
    this.operation = operation;
    this.engines = engines;
    this.protectedFile = protectedFile;
    this.deadlineNanos = deadlineNanos;
    this.bench = bench;
    this.file = operation.file().identity();
    this.opinions = new AtomicReferenceArray<>(engines.length);
    this.open = new AtomicInteger(asked());
  }

  @Override
  public Operation operation() {
    return operation;
  }

  @Override
  public String path() {
    return path;
  }

  @Override
  public FileIdentity file() {
    return file;
  }

  @Override
  public @Nullable Sha256 sha256() {
    return sha256;
  }

  @Override
  public boolean stable() {
    return stable;
  }

  /// When the agent answers without those that are still silent, on the monotonic clock.
  public long deadlineNanos() {
    return deadlineNanos;
  }

  /// An engine's verdict, in time or late. Called once for each question.
  ///
  /// @param slot the slot it was asked under
  /// @param epoch the engine's epoch when it was asked
  /// @param lifetimeNanos how long the verdict may be kept
  public void answered(
      int slot,
      long epoch,
      Verdict verdict,
      VerdictScope scope,
      long lifetimeNanos,
      String reason,
      String rule,
      String contentVersion) {
    EngineLink engine = engines[slot];
    if (engine == null) {
      return;
    }
    long now = bench.nanos();
    boolean inTime = opinions.get(slot) == null;
    EngineOpinion.Answered opinion =
        new EngineOpinion.Answered(
            engine.id(),
            engine.mode(),
            verdict,
            reason,
            rule,
            contentVersion,
            now - operation.readNanos(),
            false,
            !inTime);
    if (scope != VerdictScope.EVENT && lifetimeNanos > 0 && stable) {
      bench.remember(
          this,
          slot,
          new CachedVerdict(
              epoch,
              verdict,
              scope,
              now + lifetimeNanos,
              operation.uid(),
              actorImage,
              reason,
              rule,
              contentVersion));
    }
    if (!settle(slot, opinion)) {
      bench.late(this, slot, opinion);
    }
  }

  /// The engine asked under a slot wishes that the file be put away. Said before its verdict, which
  /// is DENY.
  public void wishQuarantine(int slot) {
    var _ = (long) WISHES.getAndBitwiseOr(this, 1L << slot);
  }

  /// Whether it does.
  public boolean wishesQuarantine(int slot) {
    return (quarantineWishes & 1L << slot) != 0;
  }

  /// Whether any engine does.
  boolean wishesQuarantine() {
    return quarantineWishes != 0;
  }

  /// The engine will not answer.
  public void missing(int slot, EngineOpinion.Cause cause) {
    missing(slot, cause, "");
  }

  /// The engine will not answer, and says why.
  public void missing(int slot, EngineOpinion.Cause cause, String reason) {
    EngineLink engine = engines[slot];
    if (engine != null) {
      settle(slot, new EngineOpinion.Missing(engine.id(), engine.mode(), cause, reason));
    }
  }

  /// Puts an opinion into its slot unless there is one, and has the case weighed.
  ///
  /// @return whether it counted
  boolean settle(int slot, EngineOpinion opinion) {
    if (!opinions.compareAndSet(slot, null, opinion)) {
      return false;
    }
    open.decrementAndGet();
    bench.weigh(this);
    return true;
  }

  /// How many slots there are.
  public int slots() {
    return engines.length;
  }

  /// The slot of one of those that are asked: each has its turn. 0 if none is.
  int slotOf(int turn) {
    int engine = Math.floorMod(turn, Math.max(1, asked()));
    for (int slot = 0; slot < engines.length; slot++) {
      if (engines[slot] != null && engine-- == 0) {
        return slot;
      }
    }
    return 0;
  }

  /// The engine asked under a slot, or null.
  public @Nullable EngineLink engine(int slot) {
    return engines[slot];
  }

  /// The opinion in a slot, or null while there is none.
  public @Nullable EngineOpinion opinion(int slot) {
    return opinions.get(slot);
  }

  /// Whether every asked engine has an opinion or is known to have none.
  public boolean complete() {
    return open.get() == 0;
  }

  /// Whether nothing may deny the file.
  public boolean protectedFile() {
    return protectedFile;
  }

  /// Whether the engines have been handed the event.
  boolean delivered() {
    return delivered;
  }

  void markDelivered() {
    delivered = true;
  }

  boolean leased() {
    return leased;
  }

  /// Sets whether a lease is held on the file, what the file is now, and which program asks: while
  /// it waits, it still runs its old image.
  public void begin(boolean leased, FileIdentity file, String actorImage) {
    this.leased = leased;
    this.file = file;
    this.actorImage = actorImage;
  }

  /// The program that asks, empty if it was not looked up.
  public String actorImage() {
    return actorImage;
  }

  /// Finds out where the file comes from, unless that was done. By the thread that hands the
  /// inquiry to engines, before it does.
  void findProvenance(ProvenanceSource source) {
    if (provenance == null) {
      provenanceGeneration = source.generation();
      provenance = source.find(this);
    }
  }

  /// Where the file comes from, or null if no engine that was asked wants to know.
  public @Nullable Provenance provenance() {
    return provenance;
  }

  /// What [ProvenanceSource#generation] was before that was found out.
  public long provenanceGeneration() {
    return provenanceGeneration;
  }

  /// True for one caller only, if a lease is held: the one that gives it back.
  boolean takeLeaseOff() {
    return LEASED.compareAndSet(this, true, false);
  }

  /// Whether the inquiry has been handed to the recorder.
  boolean concluded() {
    return concluded;
  }

  boolean script() {
    return script;
  }

  String exception() {
    return exception;
  }

  void setException(String id) {
    exception = id;
  }

  /// The digest that an examiner is working on, or null: while there is one, the lease is its own.
  @Nullable ContentDigest digest() {
    return digest;
  }

  void setDigest(@Nullable ContentDigest digest) {
    this.digest = digest;
  }

  /// Sets what the examiner found, before any engine is asked.
  public void examined(String path, @Nullable Sha256 sha256, boolean stable, boolean script) {
    this.path = path;
    this.sha256 = sha256;
    this.stable = stable;
    this.script = script;
  }

  /// True for one caller only: the one that writes the inquiry up.
  boolean conclude() {
    return CONCLUDED.compareAndSet(this, false, true);
  }

  /// The opinions so far, in slot order.
  List<EngineOpinion> opinions() {
    List<EngineOpinion> all = new ArrayList<>(engines.length);
    for (int slot = 0; slot < engines.length; slot++) {
      EngineOpinion opinion = opinions.get(slot);
      if (opinion != null) {
        all.add(opinion);
      }
    }
    return all;
  }

  /// Whether an engine in enforce mode is asked.
  boolean hasEnforcer() {
    for (EngineLink engine : engines) {
      if (engine != null && engine.mode() == EngineMode.ENFORCE) {
        return true;
      }
    }
    return false;
  }

  private int asked() {
    int count = 0;
    for (EngineLink engine : engines) {
      if (engine != null) {
        count++;
      }
    }
    return count;
  }
}
