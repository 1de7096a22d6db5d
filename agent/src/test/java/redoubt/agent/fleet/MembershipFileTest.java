package redoubt.agent.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redoubt.agent.policy.PolicyException;
import redoubt.core.model.HostId;
import redoubt.core.model.Octets;
import redoubt.core.model.Sha256;
import redoubt.core.wire.FleetCodec;

class MembershipFileTest {
  private static final KeptMembership KEPT =
      new KeptMembership(
          new Membership(new HostId(1, 2), 3, Octets.of(new byte[FleetCodec.KEY_BYTES])),
          new FleetPlace("fleet.example", 7_443, Sha256.ofText("authority")),
          Octets.of(new byte[] {1, 2, 3}),
          List.of(Octets.of(new byte[] {4}), Octets.of(new byte[] {5, 6})),
          true);

  @TempDir Path folder;

  @Test
  void whatIsKeptIsReadBack() throws Exception {
    MembershipFile file = new MembershipFile(folder);
    assertEquals(Optional.empty(), file.read());
    file.write(KEPT);
    assertEquals(Optional.of(KEPT), file.read());
    assertEquals(
        "rw-------",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("membership"))));
    file.remove();
    assertEquals(Optional.empty(), file.read());
  }

  /// One byte changed: read as something that can be, or refused, and nothing else.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void whatIsDamagedIsRefused(long seed) throws Exception {
    MembershipFile file = new MembershipFile(folder);
    file.write(KEPT);
    Path path = folder.resolve("membership");
    byte[] whole = Files.readAllBytes(path);
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 2_000; i++) {
      byte[] changed =
          random.nextInt(4) == 0
              ? java.util.Arrays.copyOf(whole, random.nextInt(whole.length))
              : whole.clone();
      if (changed.length == whole.length) {
        changed[random.nextInt(changed.length)] = (byte) random.nextInt();
      }
      Files.write(path, changed);
      try {
        var _ = file.read();
      } catch (PolicyException e) {
        assertEquals("enrol this host anew: redoubt fleet join", e.fix());
      }
    }
    Files.writeString(path, "");
    assertThrows(PolicyException.class, file::read);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-a", "a b", "a:b", "a/..", "..", "a.", "[::1]", "ä"})
  void whatIsNoNameOfAServerIsRefused(String name) {
    assertThrows(
        IllegalArgumentException.class, () -> new FleetPlace(name, 1, Sha256.ofText("authority")));
  }
}
