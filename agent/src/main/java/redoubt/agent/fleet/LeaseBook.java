package redoubt.agent.fleet;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import redoubt.agent.bounded.BoundedMap;
import redoubt.agent.policy.PolicyException;
import redoubt.agent.policy.PrivateFile;
import redoubt.core.model.HostId;
import redoubt.core.model.Sha256;
import redoubt.core.tuf.VerifyingKey;
import redoubt.core.wire.ActivationLease;
import redoubt.core.wire.BundleName;
import redoubt.core.wire.FleetCodec;
import redoubt.core.wire.FleetMessage.LeaseGrant;
import redoubt.core.wire.HostMessage.LeaseRequest;
import redoubt.core.wire.WireException;

/// The leases that this host asks for, and which of those that come it takes: `spec/fleet.md`,
/// *Leases*, has the checks. Thread-safe.
public final class LeaseBook {
  private static final int FILE_BYTES = 256;
  private static final String FORM = "redoubt leases 1";
  private static final int MOST_REQUESTS = 64;

  private static final long MILLIS_PER_SECOND = 1_000;

  private final SecureRandom random = new SecureRandom();
  private final PrivateFile file;
  private final Membership own;
  private final VerifyingKey key;
  private final Uptime uptime;

  /// What was asked for and has not been granted, the oldest first.
  private final Map<Sha256, Asked> asked = BoundedMap.forgettingUnused(MOST_REQUESTS);

  /// What may be activated, the oldest first.
  private final Map<Sha256, Taken> taken = BoundedMap.forgettingUnused(MOST_REQUESTS);

  private long counter;

  private record Asked(long nonce, long atMillis) {}

  private record Taken(long counter, long untilMillis) {}

  private LeaseBook(
      PrivateFile file, Membership own, VerifyingKey key, Uptime uptime, long counter) {
    this.file = file;
    this.own = own;
    this.key = key;
    this.uptime = uptime;
    this.counter = counter;
  }

  /// Opens the book of a host, or begins it with a new enrolment.
  ///
  /// @param folder where it lies
  /// @throws PolicyException if it is damaged or another user could have written it: without it a
  ///   lease could be taken twice, so none is taken
  public static LeaseBook in(Path folder, Membership own, Uptime uptime) throws PolicyException {
    PrivateFile file = new PrivateFile(folder.resolve("leases"), FILE_BYTES);
    Optional<byte[]> before = file.read();
    long counter = before.isEmpty() ? 0 : counter(file, before.get(), own);
    return new LeaseBook(file, own, key(own), uptime, counter);
  }

  private static VerifyingKey key(Membership own) throws PolicyException {
    try {
      return VerifyingKey.ofEd25519(own.leaseKey().toArray());
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new PolicyException(
          "the key for leases is damaged", "enrol this host anew: redoubt fleet join", e);
    }
  }

  /// The counter that was written down for this enrolment; that of an earlier one does not count.
  private static long counter(PrivateFile file, byte[] content, Membership own)
      throws PolicyException {
    String[] lines = new String(content, StandardCharsets.US_ASCII).split("\n", -1);
    try {
      if (lines.length == 5 && lines[0].equals(FORM) && lines[4].isEmpty()) {
        HostId host = HostId.parse(lines[1]);
        int enrolment = Integer.parseInt(lines[2]);
        long counter = Long.parseLong(lines[3]);
        if (enrolment >= 1 && counter >= 0) {
          return host.equals(own.host()) && enrolment == own.enrolment() ? counter : 0;
        }
      }
    } catch (IllegalArgumentException _) {
      // It is said below.
    }
    throw new PolicyException(
        "damaged: file=" + file.path(), "enrol this host anew: redoubt fleet join");
  }

  /// The counter of the newest lease that was taken; 0 for none.
  public synchronized long counter() {
    return counter;
  }

  /// Asks for a lease; an earlier request for the same bundle counts no more.
  ///
  /// @throws IOException if the kernel does not say how long it has run
  public synchronized LeaseRequest ask(BundleName bundle) throws IOException {
    long nonce = random.nextLong();
    asked.put(bundle.sha256(), new Asked(nonce, uptime.millis()));
    return new LeaseRequest(bundle, nonce);
  }

  /// Takes a lease: its counter is on disk when this returns, so that nobody takes it a second
  /// time.
  ///
  /// @return what may be activated now
  /// @throws LeaseException if it is as none
  public synchronized ActivationLease take(LeaseGrant grant) throws LeaseException {
    ActivationLease lease = verified(grant);
    @Nullable Asked request = asked.get(lease.bundle());
    if (!lease.host().equals(own.host()) || lease.enrolment() != own.enrolment()) {
      throw new LeaseException(
          "it is for another host or enrolment: host="
              + lease.host()
              + " enrolment="
              + lease.enrolment());
    }
    if (request == null || request.nonce() != lease.nonce()) {
      throw new LeaseException("it was not asked for: bundle=" + lease.bundle());
    }
    if (lease.counter() <= counter) {
      throw new LeaseException(
          "it is none of the newest: counter=" + lease.counter() + " taken=" + counter);
    }
    try {
      long passed = uptime.millis() - request.atMillis();
      if (passed > lease.validSeconds() * MILLIS_PER_SECOND) {
        throw new LeaseException(
            "it comes too late: seconds="
                + passed / MILLIS_PER_SECOND
                + " valid="
                + lease.validSeconds());
      }
      write(lease.counter());
    } catch (IOException e) {
      throw new LeaseException("it cannot be written down: error=" + e.getMessage(), e);
    }
    counter = lease.counter();
    asked.remove(lease.bundle());
    long until = request.atMillis() + lease.validSeconds() * MILLIS_PER_SECOND;
    taken.put(lease.bundle(), new Taken(counter, until));
    return lease;
  }

  /// The counter of the lease by which a bundle may be activated at this moment; nothing if there
  /// is none, or its time is over.
  ///
  /// @throws IOException if the kernel does not say how long it has run
  public synchronized OptionalLong lease(Sha256 bundle) throws IOException {
    Taken lease = taken.get(bundle);
    return lease != null && uptime.millis() <= lease.untilMillis()
        ? OptionalLong.of(lease.counter())
        : OptionalLong.empty();
  }

  /// A bundle may not be activated any more, whatever was granted.
  public synchronized void giveUp(Sha256 bundle) {
    asked.remove(bundle);
    taken.remove(bundle);
  }

  private ActivationLease verified(LeaseGrant grant) throws LeaseException {
    byte[] bytes = grant.lease().toArray();
    if (!key.verifies(ActivationLease.signedBytes(bytes), grant.signature().toArray())) {
      throw new LeaseException("it is not signed by the fleet");
    }
    try {
      return FleetCodec.decodeLease(ByteBuffer.wrap(bytes));
    } catch (WireException e) {
      throw new LeaseException("it cannot be read: " + e.getMessage(), e);
    }
  }

  private void write(long next) throws IOException {
    String text = FORM + "\n" + own.host() + "\n" + own.enrolment() + "\n" + next + "\n";
    file.write(text.getBytes(StandardCharsets.US_ASCII));
  }
}
