package redoubt.agent.sensor;

import redoubt.core.model.Endpoint;

/// The kernel looked for the way of a datagram that a process sends, or means to.
///
/// @param timeNanos when, on the clock of [System#nanoTime]
/// @param processId 0 if it is not known
/// @param local this host's end; without address if it was not bound to one
record Datagram(long timeNanos, int processId, Endpoint local, Endpoint remote) {}
