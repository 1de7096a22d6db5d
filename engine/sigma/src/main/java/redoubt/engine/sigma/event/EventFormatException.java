package redoubt.engine.sigma.event;

/// An input that is not what its format says.
public final class EventFormatException extends Exception {
  private static final long serialVersionUID = 1L;

  /// @param problem one phrase with the place, such as `not JSON: expected=, offset=17`
  public EventFormatException(String problem) {
    super(problem, null, false, false);
  }

  /// The phrase.
  public String problem() {
    return String.valueOf(getMessage());
  }
}
