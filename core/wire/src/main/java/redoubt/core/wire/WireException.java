package redoubt.core.wire;

/// Bytes that are not a message of the protocol: too long, malformed, out of range, or unknown.
///
/// The sender broke the protocol; the receiver closes the connection. Nothing of the message has
/// taken effect.
public final class WireException extends Exception {
  private static final long serialVersionUID = 1L;

  /// Says what is wrong in the form `problem: name=value`.
  public WireException(String message) {
    super(message);
  }

  /// Says what is wrong, and what the protobuf reader found.
  public WireException(String message, Throwable cause) {
    super(message, cause);
  }
}
