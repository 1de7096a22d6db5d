package redoubt.core.model;

/// Something the platform itself reports: a start, a gap in protection, a demotion, a rescue.
///
/// @param timeMillis wall-clock time, milliseconds since the epoch
/// @param kind what happened
/// @param subject what it happened to: an engine id, a path, a count; at most 256 characters
/// @param message the sentence for people, at most 1,024 characters
public record PlatformNotice(long timeMillis, Kind kind, String subject, String message) {
  /// The kinds of notice; `docs/guides/operate.md` says what each asks of the operator.
  public enum Kind {
    /// The agent started and its hooks are in place.
    STARTED,
    /// The agent stopped in order.
    STOPPED,
    /// The agent found that an earlier run ended without stopping: protection had a gap.
    GAP,
    /// An engine is connected and judges events.
    ENGINE_READY,
    /// An engine ended or was ended.
    ENGINE_GONE,
    /// An engine was demoted: it is told of events but no longer waited for.
    ENGINE_DEMOTED,
    /// A demoted engine recovered.
    ENGINE_RECOVERED,
    /// An engine broke the protocol and was disconnected.
    ENGINE_VIOLATION,
    /// An engine has used up its budget of crashes or violations and is left alone for a while.
    ENGINE_SUSPENDED,
    /// An engine suddenly denied many known files: its DENY does not count for a while.
    ENGINE_TRIPPED,
    /// A late DENY ended a process that had been allowed.
    KILLED_LATE,
    /// A process was ended, stopped or collected because an engine wished it and may.
    RESPONDED,
    /// What an engine wished to be done about a process was not done.
    RESPONSE_REFUSED,
    /// A file was put away, so that nobody finds it.
    QUARANTINED,
    /// A file that was put away was given back or deleted.
    UNQUARANTINED,
    /// What an engine wished to be put away was not.
    QUARANTINE_REFUSED,
    /// The host was scanned because it was time for that, or could not be.
    SCAN,
    /// This host was cut off from the network, or is free again.
    ISOLATION,
    /// This host has joined or left a fleet, or its connection to the server came or went.
    FLEET,
    /// Addresses were blocked by the owner's lists, could not be, or are let go again.
    BLOCKLIST,
    /// An engine's DENY of a protected file was refused.
    PROTECTED_REFUSAL,
    /// Events or records were lost, and counted.
    LOSS,
    /// The kernel denied operations by itself because descriptors ran out.
    KERNEL_DENIAL,
    /// The owner changed a mode or an exception.
    POLICY_CHANGED,
    /// Content was loaded or refused.
    CONTENT,
    /// A file system was marked, could not be marked, or is not covered.
    COVERAGE,
    /// The rescue switch was used.
    RESCUE,
    /// Code that did not come with the kernel is in it, or the kernel takes no more.
    KERNEL_CODE,
    /// A file of the agent or an engine, or the seal itself, is not what the owner sealed, or a
    /// wrong passphrase was given.
    TAMPERED
  }
}
