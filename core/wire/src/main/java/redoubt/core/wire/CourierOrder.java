package redoubt.core.wire;

import java.util.List;
import redoubt.core.model.Octets;
import redoubt.core.model.Sha256;

/// What the agent says to its courier; `spec/courier.proto` says when. Immutable.
public sealed interface CourierOrder {
  /// Make this host one of a fleet.
  ///
  /// @param server the name under which the server has to know itself
  /// @param authority the digest of the certificate that it has to stand on
  /// @param secret what the token keeps secret, [Enrolment#SECRET_BYTES] long
  record Enrol(String server, Sha256 authority, Octets secret, HostInventory inventory)
      implements CourierOrder {
    /// Names nothing of the secret, so that no log has it.
    @Override
    public String toString() {
      return "Enrol[server=" + server + ", authority=" + authority + "]";
    }
  }

  /// Connect, and stay connected.
  ///
  /// @param key the host's private key, PKCS #8 in DER
  /// @param certificates its own, and those up to the one that it trusts, in DER
  record Connect(String server, Sha256 authority, Octets key, List<Octets> certificates)
      implements CourierOrder {
    public Connect {
      certificates = List.copyOf(certificates);
    }

    /// Names nothing of the key, so that no log has it.
    @Override
    public String toString() {
      return "Connect[server=" + server + ", authority=" + authority + "]";
    }
  }

  /// To the server.
  ///
  /// @param message the bytes of a [HostMessage]
  record Send(Octets message) implements CourierOrder {}
}
