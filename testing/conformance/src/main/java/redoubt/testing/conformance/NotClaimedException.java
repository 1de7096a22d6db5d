package redoubt.testing.conformance;

/// The engine declares in its Hello that it does not do what a check is about.
final class NotClaimedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  NotClaimedException(String reason) {
    super(reason);
  }
}
