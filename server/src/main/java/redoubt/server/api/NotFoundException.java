package redoubt.server.api;

import java.io.Serial;

/// What was asked about is not there.
final class NotFoundException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  NotFoundException(String message) {
    super(message);
  }
}
