package redoubt.testing.conformance;

/// The engine did not do what the protocol asks for; the message says what it did.
final class ClaimBrokenException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ClaimBrokenException(String message) {
    super(message);
  }
}
