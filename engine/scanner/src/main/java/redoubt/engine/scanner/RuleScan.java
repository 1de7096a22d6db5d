package redoubt.engine.scanner;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import redoubt.core.model.EventClass;
import redoubt.engine.kit.FileContent;
import redoubt.engine.kit.FileEvent;
import redoubt.engine.kit.Judgement;
import redoubt.engine.scanner.archive.UnpackBudget;
import redoubt.engine.scanner.archive.UnpackException;
import redoubt.engine.scanner.archive.Unpacker;
import redoubt.engine.scanner.yara.YaraException;
import redoubt.engine.scanner.yara.YaraMatch;

/// Holds rules and lists against files and what is in them. A file is read into memory as a whole,
/// once, also for digests: a rule may ask for any place of it, and a file under a mapping may
/// shrink. Thread-safe.
final class RuleScan {
  /// The longest file that rules are held against.
  static final long MOST_BYTES = 128L << 20;

  /// What all files in memory may have together that are scanned, and that processes wait for:
  /// these never queue behind those.
  private static final int SCANNED_MEBIBYTES = 160;

  private static final int AWAITED_MEBIBYTES = 64;

  private static final int MEBIBYTE_SHIFT = 20;

  private final Semaphore scanned = new Semaphore(SCANNED_MEBIBYTES, true);
  private final Semaphore awaited = new Semaphore(AWAITED_MEBIBYTES, true);

  /// One archive at a time: what unpacking takes is on the heap, up to 80 MiB for a dictionary.
  private final Semaphore unpacking = new Semaphore(1, true);

  private final ScanSpeed speed = new ScanSpeed();

  /// Judges a file of which no platform digest is known to be bad.
  ///
  /// @param missing digests that are needed too
  /// @throws IOException if the file or a list cannot be read
  Judgement judge(ScanContent content, Set<Algorithm> missing, FileEvent event, FileContent file)
      throws IOException {
    if (file.sizeBytes() > MOST_BYTES) {
      return judgeLong(content, missing, event, file);
    }
    Duration remaining = event.remaining();
    boolean scan = event.eventClass() == EventClass.SCAN;
    int mebibytes = 1 + (int) (file.sizeBytes() >> MEBIBYTE_SHIFT);
    if (!scan
        && (mebibytes > AWAITED_MEBIBYTES
            || (event.answerable() && speed.expected(file.sizeBytes()).compareTo(remaining) > 0))) {
      speed.tooLong();
      return Judgement.abstain(
          "too long for the rules to be held against it in time: sizeBytes="
              + file.sizeBytes()
              + " remainingMillis="
              + remaining.toMillis());
    }
    Semaphore memory = scan ? scanned : awaited;
    if (!takes(memory, mebibytes, remaining)) {
      return Judgement.abstain("too many files are in memory at a time");
    }
    try {
      return judgeInMemory(content, missing, event, file);
    } finally {
      memory.release(mebibytes);
    }
  }

  /// Whether there is room in time; not if the engine ends.
  private static boolean takes(Semaphore room, int permits, Duration limit) {
    try {
      return room.tryAcquire(permits, limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /// Its digests can tell that it is bad; that it is good nobody can.
  private static Judgement judgeLong(
      ScanContent content, Set<Algorithm> missing, FileEvent event, FileContent file)
      throws IOException {
    Judgement byDigest =
        missing.isEmpty()
            ? Judgements.nothingFound()
            : new DigestScan(content, missing).judge(event, file);
    return byDigest.equals(Judgements.nothingFound())
        ? Judgement.abstain(
            "too long for rules: sizeBytes=" + file.sizeBytes() + " mostBytes=" + MOST_BYTES)
        : byDigest;
  }

  private Judgement judgeInMemory(
      ScanContent content, Set<Algorithm> missing, FileEvent event, FileContent file)
      throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment room = arena.allocate(Math.max(1, file.sizeBytes()));
      MemorySegment bytes = room.asSlice(0, file.read(room, 0));
      Optional<Judgement> whole = look(content, missing, event, event.path(), bytes);
      if (whole.isPresent()) {
        return whole.get();
      }
      if (!Unpacker.isPacked(bytes)) {
        return Judgements.nothingFound();
      }
      // What is executed is judged as it is; that says nothing of an open.
      return event.eventClass() == EventClass.EXEC
          ? Judgement.allow()
          : lookInside(content, event, bytes);
    } catch (YaraException | UnpackException e) {
      return Judgement.abstain(String.valueOf(e.getMessage()));
    }
  }

  /// An archive is executed as what it is, and opened for what is in it.
  private Judgement lookInside(ScanContent content, FileEvent event, MemorySegment bytes)
      throws IOException, UnpackException, YaraException {
    if (!takes(unpacking, 1, event.remaining())) {
      return Judgement.abstain("not unpacked in time: others are");
    }
    try {
      return unpack(content, event, bytes);
    } finally {
      unpacking.release();
    }
  }

  private Judgement unpack(ScanContent content, FileEvent event, MemorySegment bytes)
      throws IOException, UnpackException, YaraException {
    Set<Algorithm> algorithms = content.algorithms();
    AtomicReference<@Nullable Judgement> found = new AtomicReference<>();
    AtomicReference<@Nullable YaraException> failed = new AtomicReference<>();
    Unpacker.unpack(
        bytes,
        new UnpackBudget(event::remaining),
        (name, member) -> {
          try {
            look(content, algorithms, event, name, member)
                .ifPresent(judgement -> found.set(Judgements.inMember(judgement, name)));
          } catch (YaraException e) {
            failed.compareAndSet(null, e);
          }
          return found.get() == null;
        });
    Judgement bad = found.get();
    YaraException incomplete = failed.get();
    if (bad == null && incomplete != null) {
      throw incomplete;
    }
    return bad == null ? Judgements.nothingFound() : bad;
  }

  /// What a content is found to be, empty if nothing is found.
  private Optional<Judgement> look(
      ScanContent content,
      Set<Algorithm> algorithms,
      FileEvent event,
      String path,
      MemorySegment bytes)
      throws IOException, YaraException {
    if (!algorithms.isEmpty()) {
      DigestScan digests = new DigestScan(content, algorithms);
      digests.update(bytes.asByteBuffer());
      Optional<HashList.Entry> known = digests.find();
      if (known.isPresent()) {
        return Optional.of(Judgements.onList(known.get()));
      }
    }
    if (content.rules().isEmpty()) {
      return Optional.empty();
    }
    long begun = System.nanoTime();
    List<YaraMatch> matches = content.rules().get().scan(bytes, variables(path), event.remaining());
    if (event.eventClass() != EventClass.SCAN) {
      speed.took(bytes.byteSize(), System.nanoTime() - begun);
    }
    return matches.isEmpty() ? Optional.empty() : Optional.of(Judgements.matched(matches));
  }

  /// What rules may ask of a file beside its content.
  static Map<String, String> variables(String path) {
    String name = path.substring(path.lastIndexOf('/') + 1);
    int dot = name.lastIndexOf('.');
    return Map.of(
        "filename", name,
        "filepath", path,
        "extension", dot <= 0 ? "" : name.substring(dot).toLowerCase(Locale.ROOT));
  }

  /// Other rules are in force.
  void forgetSpeed() {
    speed.forget();
  }
}
