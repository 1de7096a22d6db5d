package redoubt.agent.account;

/// One program or file, and what it cost.
///
/// @param name its path; empty if it was not known
/// @param operations how many of its operations were decided
/// @param waitedNanos how long they waited for their answers, all together
/// @param denied how many were denied
public record Spot(String name, long operations, long waitedNanos, long denied) {}
