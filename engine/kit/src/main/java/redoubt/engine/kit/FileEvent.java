package redoubt.engine.kit;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import redoubt.core.model.Actor;
import redoubt.core.model.EventClass;
import redoubt.core.model.FileIdentity;
import redoubt.core.model.Provenance;
import redoubt.core.model.Sha256;
import redoubt.core.model.Verdict;
import redoubt.core.wire.AgentMessage.Event;

/// Somebody is about to execute or open a file, or has done so, or wants it scanned. Valid until
/// the judgement is returned.
public final class FileEvent {
  private final Event event;
  private final long deadlineNanos;
  private final @Nullable FileContent content;

  /// @param deadlineNanos on the clock of [System#nanoTime]
  FileEvent(Event event, long deadlineNanos, @Nullable FileContent content) {
    this.event = event;
    this.deadlineNanos = deadlineNanos;
    this.content = content;
  }

  /// What is asked.
  public EventClass eventClass() {
    return event.eventClass();
  }

  /// Whether the operation waits for the judgement.
  public boolean answerable() {
    return event.answerable();
  }

  /// How much time is left, zero if none. It is four fifths of what the platform waits, so that the
  /// answer still travels in time; an event that nobody waits for has ten seconds.
  public Duration remaining() {
    return Duration.ofNanos(Math.max(0, deadlineNanos - System.nanoTime()));
  }

  /// What the kernel was told already; empty while the operation waits.
  public Optional<Verdict> answer() {
    return Optional.ofNullable(event.answer());
  }

  /// Who asked. The engine is not told the path of the parent's image: it is empty.
  public Actor actor() {
    return new Actor(
        event.pid(),
        event.processUniqueId(),
        event.parentPid(),
        event.uid(),
        event.gid(),
        event.effectiveUid(),
        event.cgroupId(),
        event.image(),
        "");
  }

  /// The file's path as the agent sees it, empty if unknown: a hint for people, never a name to
  /// open.
  public String path() {
    return event.path();
  }

  /// The identity of the file's content.
  public FileIdentity identity() {
    return event.file();
  }

  /// The digest of the content, computed once by the platform for all engines; empty where it was
  /// not computed.
  public Optional<Sha256> sha256() {
    return Optional.ofNullable(event.sha256());
  }

  /// Whether the content is held still until the answer. What is said of an unstable file holds for
  /// this event only.
  public boolean stable() {
    return event.stable();
  }

  /// Where the file comes from and for whom it is used. Empty for an engine that did not ask for it
  /// in its [EngineDescription], and where the platform passed an event that is over.
  public Optional<Provenance> provenance() {
    return Optional.ofNullable(event.provenance());
  }

  /// The file's bytes; empty where the platform passed no descriptor.
  public Optional<FileContent> content() {
    return Optional.ofNullable(content);
  }
}
