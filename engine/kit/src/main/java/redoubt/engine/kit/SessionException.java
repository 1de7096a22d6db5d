package redoubt.engine.kit;

/// The connection cannot go on; the process ends with a status of [EngineHost].
final class SessionException extends Exception {
  private static final long serialVersionUID = 1L;

  private final int exitStatus;

  private SessionException(int exitStatus, String message) {
    super(message);
    this.exitStatus = exitStatus;
  }

  static SessionException refused(String code, String message) {
    return new SessionException(
        EngineHost.REFUSED, "refused by the agent: " + code + ": " + message);
  }

  static SessionException violation(String problem) {
    return new SessionException(EngineHost.VIOLATION, "protocol violation: " + problem);
  }

  static SessionException lost(String problem) {
    return new SessionException(EngineHost.UNAVAILABLE, "connection lost: " + problem);
  }

  int exitStatus() {
    return exitStatus;
  }
}
