package redoubt.core.model;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/// A class of events that an engine can ask for. The catalogue in `spec/events.md` describes each.
public enum EventClass {
  /// A program is about to be executed; the kernel waits for the answer.
  EXEC,
  /// A file is about to be opened; the kernel waits for the answer.
  OPEN,
  /// A process runs a new program; nobody waits.
  PROCESS_START,
  /// A process ended; nobody waits.
  PROCESS_EXIT;

  private static final Set<EventClass> ANSWERABLE =
      Collections.unmodifiableSet(EnumSet.of(EXEC, OPEN));

  /// The classes whose events can wait for a verdict. Of all others engines are told when it has
  /// happened.
  public static Set<EventClass> answerable() {
    return ANSWERABLE;
  }

  /// Whether events of this class can wait for a verdict.
  public boolean isAnswerable() {
    return ANSWERABLE.contains(this);
  }
}
