package redoubt.core.wire;

import java.util.List;
import redoubt.core.model.HostId;
import redoubt.core.model.Octets;

/// How a host becomes one of a fleet.
public sealed interface Enrolment {
  /// How many bytes the secret of a token has.
  int SECRET_BYTES = 32;

  /// The host asks.
  ///
  /// @param secret what the token keeps secret
  /// @param certificateRequest PKCS #10 in DER
  /// @param inventory what the machine is
  record Request(Octets secret, Octets certificateRequest, HostInventory inventory)
      implements Enrolment {}

  /// The server has taken it in.
  ///
  /// @param host who it is from now on
  /// @param enrolment which of its enrolments; from 1
  /// @param certificates its own, and those up to the one that the token names, in DER
  /// @param leaseKey the raw Ed25519 public key that leases are signed with
  record Reply(HostId host, int enrolment, List<Octets> certificates, Octets leaseKey)
      implements Enrolment {
    public Reply {
      certificates = List.copyOf(certificates);
    }
  }
}
