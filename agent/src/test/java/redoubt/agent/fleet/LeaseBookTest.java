package redoubt.agent.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redoubt.agent.policy.PolicyException;
import redoubt.core.model.EngineId;
import redoubt.core.model.HostId;
import redoubt.core.model.Octets;
import redoubt.core.model.Sha256;
import redoubt.core.wire.ActivationLease;
import redoubt.core.wire.BundleName;
import redoubt.core.wire.FleetCodec;
import redoubt.core.wire.FleetMessage.LeaseGrant;
import redoubt.core.wire.HostMessage.LeaseRequest;

class LeaseBookTest {
  private static final HostId HOST = new HostId(1, 2);
  private static final Sha256 DIGEST = Sha256.ofText("bundle");
  private static final BundleName BUNDLE =
      new BundleName("acme", new EngineId("sigma"), "rules", 1, DIGEST);

  @TempDir Path folder;

  private KeyPair keys;
  private long uptimeMillis = 1_000;

  @BeforeEach
  void makeKeys() throws Exception {
    keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
  }

  @Test
  void aLeaseThatWasAskedForIsTakenOnce() throws Exception {
    LeaseBook book = book(3);
    LeaseRequest request = book.ask(BUNDLE);
    LeaseGrant grant = grant(lease(request, 3, 60, 1));
    assertEquals(DIGEST, book.take(grant).bundle());
    assertEquals(1, book.counter());
    assertRefused(book, grant, "not asked for");
  }

  @Test
  void whatWasTakenIsRememberedAfterARestart() throws Exception {
    LeaseBook book = book(1);
    book.take(grant(lease(book.ask(BUNDLE), 1, 60, 7)));
    LeaseBook again = book(1);
    assertEquals(7, again.counter());
    LeaseRequest request = again.ask(BUNDLE);
    assertRefused(again, grant(lease(request, 1, 60, 7)), "none of the newest");
    assertEquals(8, again.take(grant(lease(request, 1, 60, 8))).counter());
  }

  @Test
  void aNewEnrolmentBeginsAnew() throws Exception {
    LeaseBook book = book(1);
    book.take(grant(lease(book.ask(BUNDLE), 1, 60, 7)));
    LeaseBook again = book(2);
    assertEquals(0, again.counter());
    LeaseRequest request = again.ask(BUNDLE);
    assertRefused(again, grant(lease(request, 1, 60, 8)), "another host or enrolment");
    again.take(grant(lease(request, 2, 60, 1)));
  }

  @Test
  void aLeaseForAnotherIsNone() throws Exception {
    LeaseBook book = book(1);
    LeaseRequest request = book.ask(BUNDLE);
    ActivationLease own = lease(request, 1, 60, 1);
    ActivationLease foreign =
        new ActivationLease(new HostId(9, 9), 1, DIGEST, 0, 60, 1, own.nonce());
    assertRefused(book, grant(foreign), "another host or enrolment");
  }

  @Test
  void anAnswerToAnEarlierRequestIsNone() throws Exception {
    LeaseBook book = book(1);
    LeaseRequest first = book.ask(BUNDLE);
    LeaseRequest second = book.ask(BUNDLE);
    assertRefused(book, grant(lease(first, 1, 60, 1)), "not asked for");
    book.take(grant(lease(second, 1, 60, 1)));
  }

  @Test
  void aLeaseThatComesTooLateIsNone() throws Exception {
    LeaseBook book = book(1);
    LeaseRequest request = book.ask(BUNDLE);
    uptimeMillis += 60_001;
    assertRefused(book, grant(lease(request, 1, 60, 1)), "too late");
    assertEquals(0, book.counter());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aLeaseThatWasChangedIsNone(long seed) throws Exception {
    LeaseBook book = book(1);
    LeaseGrant grant = grant(lease(book.ask(BUNDLE), 1, 60, 1));
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 200; i++) {
      byte[] lease = grant.lease().toArray();
      byte[] signature = grant.signature().toArray();
      byte[] one = random.nextBoolean() ? lease : signature;
      one[random.nextInt(one.length)] ^= (byte) (1 << random.nextInt(8));
      assertRefused(book, new LeaseGrant(Octets.of(lease), Octets.of(signature)), "not signed");
    }
    book.take(grant);
  }

  @Test
  void aSignatureOverTheLeaseAloneIsNone() throws Exception {
    LeaseBook book = book(1);
    byte[] bytes = FleetCodec.encode(lease(book.ask(BUNDLE), 1, 60, 1));
    assertRefused(book, new LeaseGrant(Octets.of(bytes), sign(bytes)), "not signed");
  }

  @Test
  void whatCannotBeWrittenDownIsNotTaken() throws Exception {
    LeaseBook book = book(1);
    LeaseGrant grant = grant(lease(book.ask(BUNDLE), 1, 60, 1));
    Path file = folder.resolve("leases");
    Files.createDirectory(file);
    Files.createFile(file.resolve("in-the-way"));
    assertRefused(book, grant, "cannot be written down");
    assertEquals(0, book.counter());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "redoubt leases 1\n",
        "redoubt leases 2\n00000000000000010000000000000002\n1\n7\n",
        "redoubt leases 1\n00000000000000010000000000000002\n1\n-7\n",
        "redoubt leases 1\n00000000000000010000000000000002\n1\n7",
        "redoubt leases 1\nnobody\n1\n7\n",
      })
  void aDamagedBookIsSaidSo(String text) throws Exception {
    Files.writeString(folder.resolve("leases"), text);
    PolicyException problem = assertThrows(PolicyException.class, () -> book(1));
    assertTrue(problem.getMessage().contains("damaged"), problem::getMessage);
  }

  @Test
  void theKernelSaysHowLongItHasRun() throws Exception {
    Uptime uptime = Uptime.ofKernel();
    long before = uptime.millis();
    Thread.sleep(30);
    assertTrue(uptime.millis() > before);
  }

  private LeaseBook book(int enrolment) throws PolicyException {
    byte[] encoded = keys.getPublic().getEncoded();
    Octets raw = Octets.of(Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length));
    return LeaseBook.in(folder, new Membership(HOST, enrolment, raw), () -> uptimeMillis);
  }

  private static ActivationLease lease(
      LeaseRequest request, int enrolment, int validSeconds, long counter) {
    return new ActivationLease(
        HOST, enrolment, request.bundle().sha256(), 0, validSeconds, counter, request.nonce());
  }

  private LeaseGrant grant(ActivationLease lease) throws Exception {
    byte[] bytes = FleetCodec.encode(lease);
    return new LeaseGrant(Octets.of(bytes), sign(ActivationLease.signedBytes(bytes)));
  }

  private Octets sign(byte[] bytes) throws Exception {
    Signature signature = Signature.getInstance("Ed25519");
    signature.initSign(keys.getPrivate());
    signature.update(bytes);
    return Octets.of(signature.sign());
  }

  private static void assertRefused(LeaseBook book, LeaseGrant grant, String why)
      throws IOException {
    LeaseException refused = assertThrows(LeaseException.class, () -> book.take(grant));
    assertTrue(String.valueOf(refused.getMessage()).contains(why), refused::getMessage);
  }
}
