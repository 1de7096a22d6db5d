package redoubt.engine.scanner.archive;

/// A content was not unpacked as a whole, and it is not because it is broken.
public final class UnpackException extends Exception {
  private static final long serialVersionUID = 1L;

  UnpackException(String message) {
    super(message);
  }
}
