package redoubt.core.model;

import org.jspecify.annotations.Nullable;

/// Something that has happened on this host; nobody waits for an answer. Immutable. The catalogue
/// in `spec/events.md` says what each can miss.
public sealed interface HostEvent {
  /// What happened.
  EventClass eventClass();

  /// When, in nanoseconds since the epoch.
  long timeNanos();

  /// The process that did it, or to which it happened.
  ProcessInfo process();

  /// A process runs a new program.
  ///
  /// @param parent the process that made it; [ProcessInfo#UNKNOWN] if it is not known
  /// @param sha256 of the program, or null if it is not known
  record ProcessStart(
      long timeNanos, ProcessInfo process, ProcessInfo parent, @Nullable Sha256 sha256)
      implements HostEvent {
    /// A start of a program whose digest is not known.
    public ProcessStart(long timeNanos, ProcessInfo process, ProcessInfo parent) {
      this(timeNanos, process, parent, null);
    }

    @Override
    public EventClass eventClass() {
      return EventClass.PROCESS_START;
    }
  }

  /// A process ended.
  ///
  /// @param process as it was before
  /// @param status how it ended, as `wait(2)` encodes it
  record ProcessExit(long timeNanos, ProcessInfo process, int status) implements HostEvent {
    @Override
    public EventClass eventClass() {
      return EventClass.PROCESS_EXIT;
    }
  }

  /// A process attached to another as a debugger does, and may read and steer it from then on.
  ///
  /// @param process the one that attached
  /// @param target the other
  record ProcessAccess(long timeNanos, ProcessInfo process, ProcessInfo target)
      implements HostEvent {
    @Override
    public EventClass eventClass() {
      return EventClass.PROCESS_ACCESS;
    }
  }

  /// A process made another, which runs the same program.
  ///
  /// @param process the new one
  /// @param parent the one that made it
  record ProcessFork(long timeNanos, ProcessInfo process, ProcessInfo parent) implements HostEvent {
    @Override
    public EventClass eventClass() {
      return EventClass.PROCESS_FORK;
    }
  }

  /// A process has the rights of another user or group.
  ///
  /// @param process as it is now
  /// @param before whose rights it had
  record ProcessIdentity(long timeNanos, ProcessInfo process, Credentials before)
      implements HostEvent {
    @Override
    public EventClass eventClass() {
      return EventClass.PROCESS_IDENTITY;
    }
  }

  /// Something was done to a file, or to a name of it.
  ///
  /// @param eventClass one of [EventClass#ofFiles]
  /// @param process the process that did it
  /// @param path the file's name, after a rename the new one; without its directory if that is not
  ///   known any more
  /// @param oldPath of a rename, the name before; otherwise empty
  /// @param directory whether it is a directory
  record FileChange(
      EventClass eventClass,
      long timeNanos,
      ProcessInfo process,
      String path,
      String oldPath,
      boolean directory)
      implements HostEvent {
    public FileChange {
      if (!EventClass.ofFiles().contains(eventClass)) {
        throw new IllegalArgumentException("no class of files: eventClass=" + eventClass);
      }
    }
  }

  /// A flow over an IP network began or ended, or a socket began to listen for such.
  ///
  /// @param eventClass one of [EventClass#ofNetwork]
  /// @param process the process that began to connect or to listen; of an incoming flow, the one
  ///   that began to listen
  /// @param protocol the protocol above IP by its IANA number, such as 6 for TCP
  /// @param inbound whether the flow came from outside; not of one who listens
  /// @param local this host's end
  /// @param remote the other end; [Endpoint#NONE] of one who listens
  /// @param durationNanos of a flow that ended, how long it was; otherwise 0
  record NetworkActivity(
      EventClass eventClass,
      long timeNanos,
      ProcessInfo process,
      int protocol,
      boolean inbound,
      Endpoint local,
      Endpoint remote,
      long durationNanos)
      implements HostEvent {
    public NetworkActivity {
      if (!EventClass.ofNetwork().contains(eventClass)) {
        throw new IllegalArgumentException("no class of networks: eventClass=" + eventClass);
      }
    }
  }
}
