package redoubt.engine.kit;

import java.io.IOException;
import java.util.Optional;
import redoubt.core.model.EventFilter;

/// A detection engine. [EngineHost#serve] connects it to the platform.
///
/// No method may keep a [FileEvent] or its [FileContent] after it returned; a [Content] may be kept
/// for as long as the engine judges with it.
public interface Engine {
  /// Who the engine is and what it asks for. Called once, first.
  EngineDescription describe();

  /// Takes new content into use for the events that come after the return, or refuses it and goes
  /// on with what it had.
  ///
  /// Called on a thread of its own while other threads judge, so the switch is one assignment to a
  /// volatile field of something immutable. Never called twice at a time, and never for an engine
  /// whose [EngineDescription#schemaHash] is empty.
  ///
  /// @throws IOException if the content cannot be read; it is refused
  LoadResult load(Content content) throws IOException;

  /// Which events of the host the engine needs; empty for all that it was granted. The agent sends
  /// no others, so an engine that needs few costs little. Asked whenever content has come into
  /// force, on the thread that loaded it; of an engine without content once, after the welcome.
  ///
  /// A filter that is larger than the protocol allows is left out: the engine hears of all events.
  default Optional<EventFilter> filter() {
    return Optional.empty();
  }

  /// Judges a file that somebody is about to execute or open. Called by several threads at a time.
  ///
  /// An engine that cannot know before [FileEvent#remaining] is over says so with
  /// [Judgement#abstain]: a verdict never claims what was not checked. A thrown exception counts as
  /// an abstention; an [Error] ends the process.
  ///
  /// @throws IOException if the file cannot be read
  Judgement judge(FileEvent event) throws IOException;

  /// Hears of what has happened on the host, if it asked for such classes. Called by one thread, in
  /// the order of events, while others judge; a thrown exception costs what is left of these
  /// events, an [Error] ends the process. What was said before the return belongs to these events.
  default void observe(HostEvents events) {}
}
