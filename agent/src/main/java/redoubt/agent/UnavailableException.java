package redoubt.agent;

/// The host does not offer what the agent needs; starting it again would not help.
final class UnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnavailableException(String message) {
    super(message);
  }
}
