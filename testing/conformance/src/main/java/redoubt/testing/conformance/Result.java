package redoubt.testing.conformance;

/// What became of one check.
///
/// @param detail what was seen, or what was wrong, for people
/// @param millis how long it took
record Result(Check check, Status status, String detail, long millis) {
  /// How a check can end.
  enum Status {
    /// The claim holds.
    PASS,
    /// The claim does not hold.
    FAIL,
    /// The claim does not hold, and the list of expected failures says so.
    XFAIL,
    /// The claim holds although the list of expected failures says that it does not.
    XPASS,
    /// The engine declares that it does not do this.
    SKIP;

    /// Whether the run as a whole may still be called good. An entry of the list that is out of
    /// date is as bad as a failure that is not on it.
    boolean good() {
      return this != FAIL && this != XPASS;
    }
  }
}
