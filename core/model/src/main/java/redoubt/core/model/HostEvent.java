package redoubt.core.model;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Something that has happened on this host; nobody waits for an answer. Immutable. The catalogue
/// in `spec/events.md` says what each can miss.
public sealed interface HostEvent {
  /// What happened.
  EventClass eventClass();

  /// When, in nanoseconds since the epoch.
  long timeNanos();

  /// The process that did it, or to which it happened; [ProcessInfo#UNKNOWN] if that is not known.
  default ProcessInfo process() {
    return ProcessInfo.UNKNOWN;
  }

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
      requireOneOf(EventClass.ofFiles(), eventClass);
    }
  }

  /// What a file is like, a moment after it was changed or given another name. Of the content
  /// itself nothing is told.
  ///
  /// @param process the process that did it
  /// @param ancestors the ids of the one that made it, of the one that made that, and so on, as far
  ///   as they are remembered, at most [#MOST_ANCESTORS]
  /// @param path the file's name, after a rename the new one
  /// @param oldPath of a rename, the name before; otherwise empty
  /// @param sizeBytes how long it is
  /// @param birthNanos when it was made, nanoseconds since the epoch; 0 if its file system does not
  ///   say
  /// @param format what its first bytes say that it is, such as `gzip`; empty if that is none of
  ///   the formats in `spec/events.md`
  /// @param entropies of at most three parts, at the beginning, in the middle and at the end, how
  ///   much one byte tells, in thousandths of a bit, 0 to 8000; none of a file that is too short
  record FileContent(
      long timeNanos,
      ProcessInfo process,
      List<Integer> ancestors,
      String path,
      String oldPath,
      long sizeBytes,
      long birthNanos,
      String format,
      List<Integer> entropies)
      implements HostEvent {
    /// The most ancestors.
    public static final int MOST_ANCESTORS = 8;

    /// The most parts.
    public static final int MOST_PARTS = 3;

    /// The most that a byte can tell, in thousandths of a bit.
    public static final int MOST_MILLIBITS = 8_000;

    /// How long a part is, in bytes; a shorter file is one part.
    public static final int PART_BYTES = 8_192;

    public FileContent {
      ancestors = List.copyOf(ancestors);
      entropies = List.copyOf(entropies);
    }

    @Override
    public EventClass eventClass() {
      return EventClass.FILE_CONTENT;
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
      requireOneOf(EventClass.ofNetwork(), eventClass);
    }
  }

  /// A name was asked for, or the answer came, over UDP.
  ///
  /// @param process the process that asked; [ProcessInfo#UNKNOWN] if it is not known, or another
  ///   host asked
  /// @param inbound whether another host asked
  /// @param local this host's end
  /// @param remote the other end
  /// @param message as RFC 1035 lays it out, from whoever sent it: to be parsed by those alone who
  ///   have no rights to lose
  record DnsMessage(
      long timeNanos,
      ProcessInfo process,
      boolean inbound,
      Endpoint local,
      Endpoint remote,
      Octets message)
      implements HostEvent {
    @Override
    public EventClass eventClass() {
      return EventClass.DNS_MESSAGE;
    }
  }

  /// Something that concerns the host as a whole rather than a process of it.
  sealed interface OfSystem extends HostEvent {}

  /// A device was connected or disconnected.
  ///
  /// @param eventClass one of [EventClass#ofDevices]
  record DeviceChange(EventClass eventClass, long timeNanos, Device device) implements OfSystem {
    public DeviceChange {
      requireOneOf(EventClass.ofDevices(), eventClass);
    }
  }

  /// Code was loaded into the kernel, or taken out of it.
  ///
  /// @param eventClass one of [EventClass#ofModules]
  /// @param name the module's, with underscores
  /// @param path where a module of that name lies on disk; empty if that is not known
  /// @param taint the letters of what its loading did to the kernel, such as `OE`; empty if nothing
  record ModuleChange(EventClass eventClass, long timeNanos, String name, String path, String taint)
      implements OfSystem {
    public ModuleChange {
      requireOneOf(EventClass.ofModules(), eventClass);
    }
  }

  /// A file system was attached or detached.
  ///
  /// @param eventClass one of [EventClass#ofMounts]
  /// @param path where, as the agent's mount namespace shows it
  /// @param root which directory of the file system is seen there, `/` for all of it
  /// @param type of the file system, such as `ext4`
  /// @param source what it was made from, such as `/dev/sdb1`
  /// @param options of the mount and the file system, with commas between them
  record MountChange(
      EventClass eventClass,
      long timeNanos,
      String path,
      String root,
      String type,
      String source,
      String options)
      implements OfSystem {
    public MountChange {
      requireOneOf(EventClass.ofMounts(), eventClass);
    }
  }

  /// The kernel's audit system recorded something.
  ///
  /// @param process the one that it is about; [ProcessInfo#UNKNOWN] if the record names none
  /// @param type the kernel's number of such records, such as 1300 for `SYSCALL`
  /// @param text what follows the type, from `audit(` on
  record AuditRecord(long timeNanos, ProcessInfo process, int type, String text)
      implements OfSystem {
    @Override
    public EventClass eventClass() {
      return EventClass.AUDIT_RECORD;
    }
  }

  /// Somebody logged in, was refused or logged out.
  ///
  /// @param eventClass one of [EventClass#ofLogins]
  /// @param process the one that keeps the session
  /// @param user the account's name, as it was given; of a refusal it may be no account at all, or
  ///   a password typed into the wrong place
  /// @param terminal such as `pts/0` or `ssh`; empty if unknown
  /// @param host from where, a name or an address; empty if from here
  record LoginActivity(
      EventClass eventClass,
      long timeNanos,
      ProcessInfo process,
      String user,
      String terminal,
      String host)
      implements OfSystem {
    public LoginActivity {
      requireOneOf(EventClass.ofLogins(), eventClass);
    }
  }

  /// An account or a group of this host was made, changed or removed.
  ///
  /// @param eventClass one of [EventClass#ofAccounts]
  /// @param group whether it is a group
  /// @param name the account's or the group's
  /// @param id its number, of which several may have the same
  /// @param changed the names of what is different, such as `shell` or `members`, in order; of one
  ///   that was made or removed, nothing
  record AccountChange(
      EventClass eventClass,
      long timeNanos,
      boolean group,
      String name,
      int id,
      List<String> changed)
      implements OfSystem {
    public AccountChange {
      requireOneOf(EventClass.ofAccounts(), eventClass);
      changed = List.copyOf(changed);
    }
  }

  private static void requireOneOf(Set<EventClass> classes, EventClass eventClass) {
    if (!classes.contains(eventClass)) {
      throw new IllegalArgumentException(
          "not of this kind: eventClass=" + eventClass + " classes=" + classes);
    }
  }
}
