package redoubt.testing.testkit;

import org.jspecify.annotations.Nullable;
import redoubt.core.model.EventClass;
import redoubt.core.model.Sha256;

/// One process that asks to execute or open a file and waits until the kernel lets it go on. It
/// keeps its own time, as a user would with a stopwatch. Not thread-safe.
public final class SimulatedOpener {
  /// What became of it.
  public enum Outcome {
    /// Still waiting.
    WAITING,
    /// The agent said ALLOW.
    ALLOWED,
    /// The agent said DENY.
    DENIED,
    /// The kernel had no descriptor for the agent and denied by itself.
    DENIED_BY_KERNEL,
    /// The kernel's queue was full: it went on unasked.
    UNASKED,
    /// The hook was closed while it waited: it went on.
    LET_GO,
    /// It was killed while it waited.
    KILLED_WAITING
  }

  private final SimulatedFile file;
  private final EventClass eventClass;
  private final int pid;
  private final int uid;
  private final long askedNanos;
  private Outcome outcome = Outcome.WAITING;
  private boolean read;
  private long readNanos;
  private long releasedNanos;
  private @Nullable Sha256 releasedContent;
  private String image;
  private boolean ended;

  SimulatedOpener(
      SimulatedFile file, EventClass eventClass, int pid, int uid, String image, long askedNanos) {
    this.file = file;
    this.eventClass = eventClass;
    this.pid = pid;
    this.uid = uid;
    this.image = image;
    this.askedNanos = askedNanos;
  }

  /// What it wants.
  public SimulatedFile file() {
    return file;
  }

  /// Whether to execute it or to open it.
  public EventClass eventClass() {
    return eventClass;
  }

  /// Its own process id; no two openers of one kernel share one.
  public int pid() {
    return pid;
  }

  /// Its user.
  public int uid() {
    return uid;
  }

  /// What became of it so far.
  public Outcome outcome() {
    return outcome;
  }

  /// Whether the agent read its question.
  public boolean wasRead() {
    return read;
  }

  /// Whether its process was ended by the agent after it had been let go on.
  public boolean ended() {
    return ended;
  }

  /// How long it waited in all, by its own clock.
  public long waitedNanos() {
    return releasedNanos - askedNanos;
  }

  /// How long it waited after the agent had read its question.
  public long waitedAfterReadNanos() {
    return releasedNanos - readNanos;
  }

  /// The digest of what the file held at the moment of its release, null before.
  public @Nullable Sha256 releasedContent() {
    return releasedContent;
  }

  /// The program that its process runs.
  String image() {
    return image;
  }

  void readAt(long nanos) {
    read = true;
    readNanos = nanos;
  }

  void release(Outcome how, long nanos) {
    outcome = how;
    releasedNanos = nanos;
    releasedContent = file.sha256();
    if (eventClass == EventClass.EXEC && goesOn(how)) {
      image = file.kind().path();
    }
  }

  void end() {
    ended = true;
  }

  private static boolean goesOn(Outcome outcome) {
    return switch (outcome) {
      case ALLOWED, UNASKED, LET_GO -> true;
      case WAITING, DENIED, DENIED_BY_KERNEL, KILLED_WAITING -> false;
    };
  }

  @Override
  public String toString() {
    return outcome + " pid=" + pid + " uid=" + uid + " path=" + file.kind().path();
  }
}
