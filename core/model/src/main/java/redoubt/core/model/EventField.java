package redoubt.core.model;

/// A field of events of the host by which engines can say which events they need. Other fields are
/// in the events, but nothing is filtered by them.
public enum EventField {
  /// [ProcessInfo#image] of the process.
  IMAGE,
  /// [ProcessInfo#commandLine] of the process.
  COMMAND_LINE,
  /// [ProcessInfo#workingDirectory] of the process.
  WORKING_DIRECTORY,
  /// [ProcessInfo#userOrNumber] of the process.
  USER,
  /// [ProcessInfo#image] of the process that made it.
  PARENT_IMAGE,
  /// [ProcessInfo#commandLine] of the process that made it.
  PARENT_COMMAND_LINE,
  /// [ProcessInfo#userOrNumber] of the process that made it.
  PARENT_USER,
  /// [HostEvent.FileChange#path] and [HostEvent.FileContent#path].
  FILE_PATH,
  /// [HostEvent.FileChange#oldPath] and [HostEvent.FileContent#oldPath].
  OLD_FILE_PATH,
  /// [Endpoint#address] of [HostEvent.NetworkActivity#local].
  LOCAL_ADDRESS,
  /// [Endpoint#port] of it in decimal digits; empty if it is 0.
  LOCAL_PORT,
  /// [Endpoint#address] of [HostEvent.NetworkActivity#remote].
  REMOTE_ADDRESS,
  /// [Endpoint#port] of it in decimal digits; empty if it is 0.
  REMOTE_PORT,
  /// [ProcessInfo#image] of the process that another attached to.
  TARGET_IMAGE,
  /// [HostEvent.ProcessStart#sha256] in hexadecimal digits.
  SHA256,
  /// The same behind `SHA256=`, as Sysmon writes it.
  HASHES;

  /// The field's text in an event; empty if it is not known, or events of that class have no such
  /// field.
  public String in(HostEvent event) {
    return switch (this) {
      case IMAGE -> event.process().image();
      case COMMAND_LINE -> event.process().commandLine();
      case WORKING_DIRECTORY -> event.process().workingDirectory();
      case USER -> event.process().userOrNumber();
      case PARENT_IMAGE -> parent(event).image();
      case PARENT_COMMAND_LINE -> parent(event).commandLine();
      case PARENT_USER -> parent(event).userOrNumber();
      case FILE_PATH ->
          switch (event) {
            case HostEvent.FileChange change -> change.path();
            case HostEvent.FileContent content -> content.path();
            default -> "";
          };
      case OLD_FILE_PATH ->
          switch (event) {
            case HostEvent.FileChange change -> change.oldPath();
            case HostEvent.FileContent content -> content.oldPath();
            default -> "";
          };
      case LOCAL_ADDRESS -> local(event).address();
      case LOCAL_PORT -> port(local(event));
      case REMOTE_ADDRESS -> remote(event).address();
      case REMOTE_PORT -> port(remote(event));
      case TARGET_IMAGE ->
          event instanceof HostEvent.ProcessAccess access ? access.target().image() : "";
      case SHA256 -> digest(event, "");
      case HASHES -> digest(event, "SHA256=");
    };
  }

  private static String digest(HostEvent event, String before) {
    Sha256 digest = event instanceof HostEvent.ProcessStart start ? start.sha256() : null;
    return digest == null ? "" : before + digest;
  }

  private static Endpoint local(HostEvent event) {
    return event instanceof HostEvent.NetworkActivity activity ? activity.local() : Endpoint.NONE;
  }

  private static Endpoint remote(HostEvent event) {
    return event instanceof HostEvent.NetworkActivity activity ? activity.remote() : Endpoint.NONE;
  }

  private static String port(Endpoint end) {
    return end.port() == 0 ? "" : Integer.toString(end.port());
  }

  private static ProcessInfo parent(HostEvent event) {
    return switch (event) {
      case HostEvent.ProcessStart start -> start.parent();
      case HostEvent.ProcessFork fork -> fork.parent();
      default -> ProcessInfo.UNKNOWN;
    };
  }
}
