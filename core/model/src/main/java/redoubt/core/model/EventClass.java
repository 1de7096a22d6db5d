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
  PROCESS_EXIT,
  /// A file or directory was made; nobody waits.
  FILE_CREATE,
  /// A file that was open for writing was closed; nobody waits.
  FILE_MODIFY,
  /// A file or directory has another name; nobody waits.
  FILE_RENAME,
  /// A name of a file or directory was removed; nobody waits.
  FILE_DELETE,
  /// What is kept of a file beside its content was changed; nobody waits.
  FILE_ATTRIBUTES,
  /// A flow began, outgoing or incoming; nobody waits.
  NET_CONNECT,
  /// A socket began to listen; nobody waits.
  NET_LISTEN,
  /// A flow ended; nobody waits.
  NET_CLOSE,
  /// A process attached to another, to read or steer it; nobody waits.
  PROCESS_ACCESS,
  /// A process made another that runs the same program; nobody waits.
  PROCESS_FORK,
  /// A process has the rights of another user or group; nobody waits.
  PROCESS_IDENTITY,
  /// A name was asked for or an answer came; nobody waits.
  DNS_MESSAGE,
  /// A device was connected; nobody waits.
  DEVICE_CONNECT,
  /// A device was disconnected; nobody waits.
  DEVICE_DISCONNECT,
  /// Code was loaded into the kernel; nobody waits.
  MODULE_LOAD,
  /// Code was taken out of the kernel; nobody waits.
  MODULE_UNLOAD,
  /// A file system was attached; nobody waits.
  MOUNT,
  /// A file system was detached; nobody waits.
  UNMOUNT,
  /// The kernel's audit system recorded something; nobody waits.
  AUDIT_RECORD,
  /// Somebody logged in; nobody waits.
  LOGIN,
  /// Somebody tried to log in and was refused; nobody waits.
  LOGIN_FAILURE,
  /// Somebody logged out; nobody waits.
  LOGOUT,
  /// An account or group was made; nobody waits.
  ACCOUNT_CREATE,
  /// An account or group is another than before; nobody waits.
  ACCOUNT_CHANGE,
  /// An account or group was removed; nobody waits.
  ACCOUNT_DELETE,
  /// What a file is like that was changed or renamed; nobody waits.
  FILE_CONTENT,
  /// A file is to be looked at, because somebody asked for it; that somebody waits, and no process
  /// is held up.
  SCAN;

  private static final Set<EventClass> ANSWERABLE =
      Collections.unmodifiableSet(EnumSet.of(EXEC, OPEN, SCAN));

  private static final Set<EventClass> OF_PROCESSES =
      Collections.unmodifiableSet(
          EnumSet.of(PROCESS_START, PROCESS_EXIT, PROCESS_ACCESS, PROCESS_FORK, PROCESS_IDENTITY));

  private static final Set<EventClass> OF_FILES =
      Collections.unmodifiableSet(
          EnumSet.of(FILE_CREATE, FILE_MODIFY, FILE_RENAME, FILE_DELETE, FILE_ATTRIBUTES));

  private static final Set<EventClass> OF_NETWORK =
      Collections.unmodifiableSet(EnumSet.of(NET_CONNECT, NET_LISTEN, NET_CLOSE));

  private static final Set<EventClass> OF_DEVICES =
      Collections.unmodifiableSet(EnumSet.of(DEVICE_CONNECT, DEVICE_DISCONNECT));

  private static final Set<EventClass> OF_MODULES =
      Collections.unmodifiableSet(EnumSet.of(MODULE_LOAD, MODULE_UNLOAD));

  private static final Set<EventClass> OF_MOUNTS =
      Collections.unmodifiableSet(EnumSet.of(MOUNT, UNMOUNT));

  private static final Set<EventClass> OF_LOGINS =
      Collections.unmodifiableSet(EnumSet.of(LOGIN, LOGIN_FAILURE, LOGOUT));

  private static final Set<EventClass> OF_ACCOUNTS =
      Collections.unmodifiableSet(EnumSet.of(ACCOUNT_CREATE, ACCOUNT_CHANGE, ACCOUNT_DELETE));

  /// The classes whose events can wait for a verdict. Of all others engines are told when it has
  /// happened.
  public static Set<EventClass> answerable() {
    return ANSWERABLE;
  }

  /// The classes that tell what processes did.
  public static Set<EventClass> ofProcesses() {
    return OF_PROCESSES;
  }

  /// The classes that tell what was done to files.
  public static Set<EventClass> ofFiles() {
    return OF_FILES;
  }

  /// The classes that tell what processes did over the network.
  public static Set<EventClass> ofNetwork() {
    return OF_NETWORK;
  }

  /// The classes that tell of devices.
  public static Set<EventClass> ofDevices() {
    return OF_DEVICES;
  }

  /// The classes that tell of modules of the kernel.
  public static Set<EventClass> ofModules() {
    return OF_MODULES;
  }

  /// The classes that tell of mounts.
  public static Set<EventClass> ofMounts() {
    return OF_MOUNTS;
  }

  /// The classes that tell who logged in.
  public static Set<EventClass> ofLogins() {
    return OF_LOGINS;
  }

  /// The classes that tell of accounts and groups.
  public static Set<EventClass> ofAccounts() {
    return OF_ACCOUNTS;
  }

  /// Whether events of this class can wait for a verdict.
  public boolean isAnswerable() {
    return ANSWERABLE.contains(this);
  }
}
