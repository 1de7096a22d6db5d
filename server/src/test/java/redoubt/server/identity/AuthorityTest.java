package redoubt.server.identity;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redoubt.core.model.HostId;
import redoubt.core.model.Octets;
import redoubt.courier.HostKey;

class AuthorityTest {
  private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");
  private static final HostId HOST = HostId.parse("00112233445566778899aabbccddeeff");

  @TempDir Path folder;

  @Test
  void itStaysTheSame() throws Exception {
    Authority first = Authority.in(folder, NOW);
    Authority again = Authority.in(folder, NOW.plus(Duration.ofDays(400)));
    assertEquals(first.certificate(), again.certificate());
    assertEquals(first.fingerprint(), again.fingerprint());
    X509Certificate later = again.issueHost(HostKey.make().request(), HOST, NOW);
    later.verify(first.certificate().getPublicKey());
  }

  @Test
  void nobodyElseReadsItsKey() throws Exception {
    Authority.in(folder, NOW);
    assertEquals(
        "rw-------",
        PosixFilePermissions.toString(
            Files.getPosixFilePermissions(folder.resolve("authority.key"))));
  }

  @Test
  void aHostsCertificateNamesTheHostAndIsGoodForNothingElse() throws Exception {
    Authority authority = Authority.in(folder, NOW);
    X509Certificate issued = authority.issueHost(HostKey.make().request(), HOST, NOW);
    assertEquals(HOST, Authority.hostOf(issued));
    assertEquals(List.of("1.3.6.1.5.5.7.3.2"), issued.getExtendedKeyUsage());
    assertEquals(-1, issued.getBasicConstraints());
    assertEquals(NOW.plus(Authority.HOST_LIFE), issued.getNotAfter().toInstant());
    issued.checkValidity(Date.from(NOW));
  }

  @Test
  void theServersCertificateHasItsNames() throws Exception {
    Authority authority = Authority.in(folder, NOW);
    Authority.Issued issued =
        authority.issueServer(List.of("fleet.example", "192.0.2.1", "2001:db8::1"), NOW);
    List<Object> names =
        issued.certificate().getSubjectAlternativeNames().stream()
            .<Object>map(name -> name.get(1))
            .toList();
    assertEquals(List.of("fleet.example", "192.0.2.1", "2001:db8:0:0:0:0:0:1"), names);
    assertEquals(List.of("1.3.6.1.5.5.7.3.1"), issued.certificate().getExtendedKeyUsage());
    assertThrows(IllegalArgumentException.class, () -> Authority.hostOf(issued.certificate()));
  }

  @Test
  void noTwoCertificatesHaveOneNumber() throws Exception {
    Authority authority = Authority.in(folder, NOW);
    Octets request = HostKey.make().request();
    assertNotEquals(
        authority.issueHost(request, HOST, NOW).getSerialNumber(),
        authority.issueHost(request, HOST, NOW).getSerialNumber());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void noBytesButAProperRequestGetACertificate(long seed) throws Exception {
    Authority authority = Authority.in(folder, NOW);
    SplittableRandom random = new SplittableRandom(seed);
    byte[] proper = HostKey.make().request().toArray();
    PublicKey key = authority.issueHost(Octets.of(proper), HOST, NOW).getPublicKey();
    for (int i = 0; i < 300; i++) {
      byte[] changed = proper.clone();
      changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
      // What is not under its signature can be changed, and means nothing.
      try {
        assertEquals(key, authority.issueHost(Octets.of(changed), HOST, NOW).getPublicKey());
      } catch (IllegalArgumentException e) {
        assertTrue(String.valueOf(e.getMessage()).startsWith("no request"), e::getMessage);
      }
    }
    for (int i = 0; i < 300; i++) {
      byte[] bytes = new byte[random.nextInt(400)];
      random.nextBytes(bytes);
      Octets request = Octets.of(bytes);
      assertThrows(IllegalArgumentException.class, () -> authority.issueHost(request, HOST, NOW));
    }
  }

  @Test
  void aDamagedFolderIsSaidSo() throws Exception {
    Authority.in(folder, NOW);
    Files.writeString(folder.resolve("authority.key"), "-----BEGIN PRIVATE KEY-----\nAAAA\n");
    assertThrows(IOException.class, () -> Authority.in(folder, NOW));
  }

  @Test
  void theKeyForLeasesStaysTheSame() throws Exception {
    LeaseSigner first = LeaseSigner.in(folder);
    assertEquals(first.publicKey(), LeaseSigner.in(folder).publicKey());
    assertEquals(32, first.publicKey().length());
    assertTrue(Files.size(folder.resolve("lease.key")) > 0);
    assertArrayEquals(first.publicKey().toArray(), LeaseSigner.in(folder).publicKey().toArray());
  }
}
