package redoubt.testing.conformance;

import java.io.IOException;

/// One claim of the protocol, and the trial that an engine stands or not.
///
/// @param id stable: reports and lists of expected failures name it
/// @param section where in `spec/engine-protocol.md` the claim comes from
/// @param claim one line, what a conforming engine does
/// @param trial finds out
record Check(String id, String section, String claim, Trial trial) {
  /// What is done to the engine.
  @FunctionalInterface
  interface Trial {
    /// Returns what was seen, in a few words, if the claim holds.
    ///
    /// @throws ClaimBrokenException if it does not
    /// @throws NotClaimedException if this engine declares that it does no such thing
    /// @throws IOException if this side failed
    String run(Stage stage) throws IOException, InterruptedException;
  }
}
