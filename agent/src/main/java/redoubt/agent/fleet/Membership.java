package redoubt.agent.fleet;

import redoubt.core.model.HostId;
import redoubt.core.model.Octets;

/// Who this host is in its fleet. Immutable.
///
/// @param host its id
/// @param enrolment which of its enrolments; from 1
/// @param leaseKey the raw Ed25519 public key that leases are signed with
public record Membership(HostId host, int enrolment, Octets leaseKey) {}
