package redoubt.agent.engine;

import redoubt.agent.confinement.EngineOutput;
import redoubt.core.linux.Signals;

/// How a run of an engine's process ended.
///
/// @param fault what it is charged as
/// @param text what happened, for people
record EngineEnding(Fault fault, String text) {
  /// 128 and SIGSYS, with which the kernel ends a process whose filter says so.
  private static final int FILTERED = 128 + 31;

  private static final int OUT_OF_SIGHT = 128 + Signals.SIGKILL;

  /// What an engine can be ended for; each has a budget of its own, see [EngineBudget].
  enum Fault {
    /// It was not there in time, or its confinement could not be set up.
    START,
    /// It ended by itself.
    EXIT,
    /// The kernel ended it for want of memory.
    MEMORY,
    /// It made a system call that no engine has a use for.
    FORBIDDEN_CALL,
    /// It broke the protocol.
    VIOLATION,
    /// It printed more than any engine has to say.
    OUTPUT_FLOOD
  }

  static EngineEnding start(String text) {
    return new EngineEnding(Fault.START, text);
  }

  static EngineEnding exit(String text) {
    return new EngineEnding(Fault.EXIT, text);
  }

  static EngineEnding violation(String text) {
    return new EngineEnding(Fault.VIOLATION, text);
  }

  static EngineEnding outputFlood() {
    return new EngineEnding(
        Fault.OUTPUT_FLOOD,
        "printed too much: bytes="
            + EngineOutput.FLOOD_BYTES
            + " within="
            + EngineOutput.WINDOW.toSeconds()
            + "s");
  }

  /// The same ending in the light of what the kernel knows of the process.
  ///
  /// @param status its exit status, 128 more than the signal if one ended it
  /// @param endedItself whether it had ended before anybody ended it
  /// @param memoryKills how often memory was why, in this run
  EngineEnding explained(int status, boolean endedItself, long memoryKills, int memoryMiB) {
    if (memoryKills > 0) {
      return new EngineEnding(Fault.MEMORY, "used more memory than it may: memoryMiB=" + memoryMiB);
    }
    if (!endedItself || fault == Fault.OUTPUT_FLOOD) {
      return this;
    }
    if (status == FILTERED) {
      return new EngineEnding(
          Fault.FORBIDDEN_CALL, "made a system call that engines may not make: SIGSYS");
    }
    String how = status > 128 ? "signal=" + (status - 128) : "status=" + status;
    return new EngineEnding(fault, text + ": " + (status == OUT_OF_SIGHT ? "killed" : how));
  }
}
