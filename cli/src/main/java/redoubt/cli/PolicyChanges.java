package redoubt.cli;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import redoubt.agent.policy.PolicyException;
import redoubt.core.wire.ControlRequest;

/// What changes of the owner's files have in common: they are made on disk, and a running agent is
/// told.
final class PolicyChanges {
  private PolicyChanges() {}

  static Problem problem(PolicyException e) {
    boolean forbidden = e.getCause() instanceof AccessDeniedException;
    return new Problem(forbidden ? ExitCode.PERMISSION : ExitCode.NO, e.getMessage(), e.fix());
  }

  /// A file of the owner's could not be written.
  ///
  /// @param message which one, and why
  static Problem unwritten(String message, IOException e) {
    boolean forbidden = e instanceof AccessDeniedException;
    return new Problem(
        forbidden ? ExitCode.PERMISSION : ExitCode.INTERNAL,
        message,
        forbidden ? "run as root" : "see whether the disk is full");
  }

  /// Tells a running agent, and says from when the change counts.
  static String tell(Session session, ControlRequest change) {
    try {
      session.agent().patient().change(change);
      return "in force now";
    } catch (Problem e) {
      if (e.exitCode() == ExitCode.NO_AGENT) {
        return "in force as soon as the agent runs";
      }
      throw new Problem(
          e.exitCode(),
          "the change is on disk, but the agent did not take it: " + e.getMessage(),
          e.fix());
    }
  }
}
