package redoubt.core.tuf;

import java.util.Objects;

/// Metadata or a target is not to be trusted, with the reason and the step of the specification
/// that found it. What was trusted before stays trusted.
///
/// The message reads `problem: name=value step=5.4.2`.
public final class TufException extends Exception {
  private static final long serialVersionUID = 1L;

  /// Why it is refused.
  public enum Reason {
    /// Not metadata of this kind, or beyond a limit of its form.
    MALFORMED,
    /// Fewer valid signatures than the threshold.
    UNSIGNED,
    /// Older than what is trusted already.
    ROLLBACK,
    /// Another length, digest or version than the metadata above it says.
    MISMATCH,
    /// All is right with it, but its time is over: the only reason that is no sign of forgery.
    EXPIRED,
    /// The mirror does not have what the metadata above promises, or more than is taken.
    MISSING,
    /// Signed as TUF wants it, and not as the owner wants it (see the policy package).
    POLICY
  }

  private final Reason reason;
  private final String step;

  /// Says what is wrong.
  ///
  /// @param step of the specification's section 5, or the name of our own rule
  public TufException(Reason reason, String step, String problem) {
    super(problem + " step=" + step);
    this.reason = reason;
    this.step = step;
  }

  /// What does not have the form of metadata.
  public static TufException malformed(String problem) {
    return new TufException(Reason.MALFORMED, "4", problem);
  }

  /// Why it is refused.
  public Reason reason() {
    return reason;
  }

  /// The step that found it.
  public String step() {
    return step;
  }

  /// Returns the problem, never null.
  @Override
  public String getMessage() {
    return Objects.requireNonNull(super.getMessage());
  }
}
