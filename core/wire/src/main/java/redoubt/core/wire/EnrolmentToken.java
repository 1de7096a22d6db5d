package redoubt.core.wire;

import java.util.Base64;
import redoubt.core.model.Octets;
import redoubt.core.model.Sha256;

/// What lets one host into a fleet, once: `redoubt1.AUTHORITY.SECRET`, both in Base64 for URLs
/// without padding. Immutable.
///
/// @param authority SHA-256 of the certificate that the fleet's server stands on
/// @param secret what nobody can guess, [Enrolment#SECRET_BYTES] long
public record EnrolmentToken(Sha256 authority, Octets secret) {
  private static final String FORM = "redoubt1";

  /// @throws IllegalArgumentException if the secret has another length
  public EnrolmentToken {
    FleetCodec.length("secret", secret, Enrolment.SECRET_BYTES);
  }

  /// Reads a token.
  ///
  /// @throws IllegalArgumentException if the text is none; the message does not repeat it
  public static EnrolmentToken parse(String text) {
    String[] parts = text.strip().split("\\.", -1);
    if (parts.length != 3 || !parts[0].equals(FORM)) {
      throw new IllegalArgumentException("no token: it begins with " + FORM + ". and has 3 parts");
    }
    try {
      Base64.Decoder base64 = Base64.getUrlDecoder();
      return new EnrolmentToken(
          Sha256.of(base64.decode(parts[1])), Octets.of(base64.decode(parts[2])));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("no token: it is damaged or cut", e);
    }
  }

  /// The token as it is handed to people: the whole secret.
  public String text() {
    Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
    return FORM
        + "."
        + base64.encodeToString(authority.bytes())
        + "."
        + base64.encodeToString(secret.toArray());
  }

  /// Names the authority alone, so that no log has the secret.
  @Override
  public String toString() {
    return "EnrolmentToken[authority=" + authority + "]";
  }
}
