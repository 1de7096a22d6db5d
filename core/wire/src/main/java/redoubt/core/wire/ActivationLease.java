package redoubt.core.wire;

import java.nio.charset.StandardCharsets;
import redoubt.core.model.HostId;
import redoubt.core.model.Sha256;

/// The permission for one host to activate one bundle, as its server signs it; `spec/fleet.md` has
/// what a host checks. Immutable.
///
/// @param host who may
/// @param enrolment which of the host's enrolments; from 1
/// @param bundle SHA-256 of the whole bundle
/// @param ring the host's ring; from 0
/// @param validSeconds until when activation may begin, in seconds since the host asked; 1 to a
///   week
/// @param counter higher than in every earlier lease of this enrolment; from 1
/// @param nonce the number that the host drew when it asked
public record ActivationLease(
    HostId host,
    int enrolment,
    Sha256 bundle,
    int ring,
    int validSeconds,
    long counter,
    long nonce) {
  /// The longest that a lease may be valid, in seconds.
  public static final int MOST_VALID_SECONDS = 7 * 24 * 3600;

  private static final byte[] CONTEXT = "redoubt lease 1\n".getBytes(StandardCharsets.US_ASCII);

  /// What a signature of a lease is over: no signature for anything else can be taken for one.
  ///
  /// @param lease the bytes of the lease
  public static byte[] signedBytes(byte[] lease) {
    byte[] signed = new byte[CONTEXT.length + lease.length];
    System.arraycopy(CONTEXT, 0, signed, 0, CONTEXT.length);
    System.arraycopy(lease, 0, signed, CONTEXT.length, lease.length);
    return signed;
  }
}
