package redoubt.core.wire;

import java.util.List;
import redoubt.core.model.Octets;

/// What the courier says to its agent, who believes none of it before it has read it itself;
/// `spec/courier.proto` says when. Immutable.
public sealed interface CourierReport {
  /// The server has taken the host in.
  ///
  /// @param reply the bytes of an [Enrolment.Reply]
  /// @param key the private key that was drawn, PKCS #8 in DER
  record Enrolled(Octets reply, Octets key) implements CourierReport {
    /// Names nothing of the key, so that no log has it.
    @Override
    public String toString() {
      return "Enrolled[]";
    }
  }

  /// From the server.
  ///
  /// @param message the bytes of a [FleetMessage]
  record Heard(Octets message) implements CourierReport {}

  /// There is another certificate.
  ///
  /// @param key as in [CourierOrder.Connect]
  /// @param certificates as there
  record Renewed(Octets key, List<Octets> certificates) implements CourierReport {
    public Renewed {
      certificates = List.copyOf(certificates);
    }

    /// Names nothing of the key, so that no log has it.
    @Override
    public String toString() {
      return "Renewed[]";
    }
  }

  /// It is over.
  ///
  /// @param why for people
  /// @param isForGood whether it is of no use to try again with the same certificate, or token
  record Ended(String why, boolean isForGood) implements CourierReport {}
}
