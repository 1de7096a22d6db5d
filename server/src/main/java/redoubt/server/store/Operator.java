package redoubt.server.store;

import java.time.Instant;

/// Somebody who uses the server: a person or a program. Immutable.
///
/// @param name by which the audit names it
/// @param role what it may do
/// @param madeBy who let it in
/// @param made when
public record Operator(String name, Role role, String madeBy, Instant made) {}
