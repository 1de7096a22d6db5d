package redoubt.agent.fleet;

import java.util.List;
import redoubt.core.model.Octets;
import redoubt.core.wire.FleetCodec;

/// What this host keeps of its fleet. Immutable.
///
/// @param own who it is there
/// @param place where the server is
/// @param key the host's private key, PKCS #8 in DER, which only the courier reads
/// @param certificates its own, and those up to the one that it trusts, in DER
/// @param ownUpdates whether its owner, and not the fleet, decides what this host activates
record KeptMembership(
    Membership own, FleetPlace place, Octets key, List<Octets> certificates, boolean ownUpdates) {
  /// @throws IllegalArgumentException if a courier could not be given these
  KeptMembership {
    certificates = List.copyOf(certificates);
    requireLength(key);
    certificates.forEach(KeptMembership::requireLength);
    if (certificates.isEmpty() || certificates.size() > FleetCodec.CERTIFICATES) {
      throw new IllegalArgumentException("certificates=" + certificates.size());
    }
  }

  private static void requireLength(Octets part) {
    if (part.length() < 1 || part.length() > FleetCodec.CERTIFICATE_BYTES) {
      throw new IllegalArgumentException("no key or certificate: length=" + part.length());
    }
  }

  KeptMembership with(Octets freshKey, List<Octets> fresh) {
    return new KeptMembership(own, place, freshKey, fresh, ownUpdates);
  }

  /// Names nothing of the key, so that no log has it.
  @Override
  public String toString() {
    return "KeptMembership[own=" + own + ", place=" + place + "]";
  }
}
