package redoubt.fleet.rollout;

/// The permission for one host to activate one bundle: the decision, which a server signs and a
/// host checks. Running content, falling back and rolling back never need one.
///
/// What a server signs of it is the lease of `spec/fleet.proto`.
///
/// @param host who may
/// @param digest which bundle
/// @param ring in which ring the host is
/// @param notAfterSeconds until when it may begin, in seconds since 1970 by the controller's clock
/// @param counter grows with each lease of a rollout, from 1; reports about a lease name it
public record Lease(int host, String digest, int ring, long notAfterSeconds, int counter) {}
