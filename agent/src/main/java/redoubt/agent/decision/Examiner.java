package redoubt.agent.decision;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import redoubt.agent.health.Counter;
import redoubt.agent.health.Counters;
import redoubt.agent.health.TimeSource;
import redoubt.agent.hook.FileFacts;
import redoubt.agent.hook.Kernel;
import redoubt.core.model.FileIdentity;
import redoubt.core.model.Sha256;

/// One thread that finds out what a file is before engines are asked: holds it still, hashes it
/// once for all, notes its path.
///
/// A prompt examiner works until an inquiry's deadline and hands what it has not finished to a
/// patient one, so that a file padded beyond what can be hashed in time is judged all the same,
/// late. A reader of a dead network file system holds up one examiner and no answer.
final class Examiner implements Runnable {
  private static final int CHUNK_BYTES = 128 * 1024;

  private final Kernel kernel;
  private final VerdictCache cache;
  private final RecentDigests recent;
  private final Decider decider;
  private final FairQueue<Inquiry> queue;
  private final @Nullable FairQueue<Inquiry> patientQueue;
  private final Counters counters;
  private final TimeSource time;
  private final byte[] copy = new byte[CHUNK_BYTES];
  private final MemorySegment chunk = Arena.ofAuto().allocate(CHUNK_BYTES);
  private final FileFacts facts = new FileFacts();

  /// @param patientQueue where unfinished work goes, or null for a patient examiner, which finishes
  Examiner(
      Kernel kernel,
      VerdictCache cache,
      RecentDigests recent,
      Decider decider,
      FairQueue<Inquiry> queue,
      @Nullable FairQueue<Inquiry> patientQueue,
      Counters counters,
      TimeSource time) {
    this.kernel = kernel;
    this.cache = cache;
    this.recent = recent;
    this.decider = decider;
    this.queue = queue;
    this.patientQueue = patientQueue;
    this.counters = counters;
    this.time = time;
  }

  @Override
  public void run() {
    try {
      while (true) {
        examine(queue.take());
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /// Examines one inquiry and delivers it, or hands it on. Whoever put it into a queue has retained
  /// its operation for the examiner.
  void examine(Inquiry inquiry) {
    ContentDigest begun = inquiry.digest();
    if (begun != null) {
      hash(inquiry, begun);
      return;
    }
    int descriptor = inquiry.operation().descriptor();
    boolean leased = kernel.takeLease(descriptor) >= 0;
    boolean described = kernel.describeFile(descriptor, facts) >= 0;
    CacheEntry entry = described ? cache.find(facts) : null;
    inquiry.begin(
        leased,
        described ? facts.identity() : inquiry.file(),
        inquiry.operation().answered() ? "" : kernel.image(inquiry.operation().pid()));
    if (entry != null) {
      inquiry.examined(kernel.path(descriptor), entry.sha256(), leased, false);
      decider.deliver(inquiry, entry);
      decider.letGo(inquiry);
    } else if (!described || facts.sizeBytes() > DecisionLimits.HASH_BYTES) {
      unscanned(inquiry);
    } else {
      ContentDigest digest = new ContentDigest();
      inquiry.setDigest(digest);
      hash(inquiry, digest);
    }
  }

  private void hash(Inquiry inquiry, ContentDigest digest) {
    int descriptor = inquiry.operation().descriptor();
    switch (digest.advance(
        kernel, descriptor, inquiry.leased(), chunk, copy, () -> timeIsUp(inquiry))) {
      case DONE -> hashed(inquiry, digest);
      case UNFINISHED -> postpone(inquiry);
      case DISTURBED -> {
        decider.releaseLease(inquiry);
        hash(inquiry, digest);
      }
      case FAILED -> unscanned(inquiry);
    }
  }

  private boolean timeIsUp(Inquiry inquiry) {
    return patientQueue != null && time.nanos() - inquiry.deadlineNanos() > 0;
  }

  private void postpone(Inquiry inquiry) {
    FairQueue<Inquiry> patient = patientQueue;
    if (patient == null
        || patient.offer(inquiry.operation().uid(), inquiry) != FairQueue.Offered.TAKEN) {
      unscanned(inquiry);
    }
  }

  private void hashed(Inquiry inquiry, ContentDigest digest) {
    int descriptor = inquiry.operation().descriptor();
    FileIdentity file = inquiry.file();
    boolean unchanged = kernel.describeFile(descriptor, facts) >= 0 && facts.matches(file);
    boolean stable = unchanged && inquiry.leased() && kernel.leaseHeld(descriptor);
    Sha256 sha256 = digest.finish();
    recent.note(file, sha256);
    counters.add(Counter.FILES_HASHED);
    counters.add(Counter.BYTES_HASHED, digest.offset());
    if (!stable) {
      counters.add(Counter.UNSTABLE_FILES);
    }
    boolean kept =
        stable && facts.cacheable() && cache.keep(file, sha256, time.wallMillis() * 1_000_000L);
    inquiry.examined(kernel.path(descriptor), sha256, stable, digest.script());
    finish(inquiry, kept ? cache.find(facts) : null);
  }

  /// The engines are asked without a digest and may read for themselves.
  private void unscanned(Inquiry inquiry) {
    counters.add(Counter.UNSCANNED_FILES);
    inquiry.examined(kernel.path(inquiry.operation().descriptor()), null, false, false);
    finish(inquiry, null);
  }

  private void finish(Inquiry inquiry, @Nullable CacheEntry entry) {
    decider.deliver(inquiry, entry);
    inquiry.setDigest(null);
    decider.letGo(inquiry);
  }
}
