package redoubt.core.wire;

/// What one engine of a host has done and cost there since the agent's start. Immutable.
///
/// @param name what the host calls it
/// @param vendor whose it is; empty as long as it has not said
/// @param version its own; empty as long as it has not said
/// @param asked how many questions it was asked
/// @param denied to how many it said no
/// @param missed how many it did not answer in time
/// @param found how many findings it had
/// @param restarts how often it was started again
/// @param cpuMicros processor time of all its processes, ended ones included, microseconds
/// @param residentBytes memory that its processes hold now
/// @param p50Micros how long half of its answers of late took at most, microseconds
/// @param p99Micros how long all but one in a hundred took at most, microseconds
public record EngineReport(
    String name,
    String vendor,
    String version,
    long asked,
    long denied,
    long missed,
    long found,
    int restarts,
    long cpuMicros,
    long residentBytes,
    long p50Micros,
    long p99Micros) {}
