package redoubt.core.content;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OwnerKeyTest {
  private static final byte[] MESSAGE = "message".getBytes(UTF_8);

  @TempDir Path state;

  @Test
  void isCreatedOnceForItsOwnerOnly() throws Exception {
    OwnerKey created = OwnerKey.loadOrCreate(state);
    OwnerKey loaded = OwnerKey.loadOrCreate(state);

    assertEquals(created.id(), loaded.id());
    assertTrue(created.id().matches("[0-9a-f]{8}"));
    assertTrue(loaded.signed(MESSAGE, created.sign(MESSAGE)));
    assertEquals(
        "rw-------",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(state.resolve("owner.key"))));
  }

  @Test
  void refusesWhatItDidNotSign() throws Exception {
    OwnerKey key = OwnerKey.loadOrCreate(state);
    byte[] signature = key.sign(MESSAGE);

    assertFalse(key.signed("other".getBytes(UTF_8), signature));
    assertFalse(key.signed(MESSAGE, new byte[64]));
    assertFalse(key.signed(MESSAGE, new byte[3]));
    assertFalse(key.signed(MESSAGE, new byte[0]));
  }

  @Test
  void refusesAKeyThatOthersCanReadOrReplace() throws Exception {
    OwnerKey.loadOrCreate(state);
    mode("owner.key", "rw-r-----");
    assertThrows(ContentException.class, () -> OwnerKey.loadOrCreate(state));

    mode("owner.key", "rw-------");
    mode("owner.pub", "rw-rw-r--");
    assertThrows(ContentException.class, () -> OwnerKey.loadOrCreate(state));
  }

  @Test
  void refusesALinkABrokenKeyAndAnotherPair() throws Exception {
    OwnerKey.loadOrCreate(state);
    Path secret = state.resolve("owner.key");
    byte[] good = Files.readAllBytes(secret);

    Files.move(secret, state.resolve("elsewhere"));
    Files.createSymbolicLink(secret, state.resolve("elsewhere"));
    assertThrows(ContentException.class, () -> OwnerKey.loadOrCreate(state));

    Files.delete(secret);
    Files.move(state.resolve("elsewhere"), secret);
    Files.writeString(secret, "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
    assertThrows(ContentException.class, () -> OwnerKey.loadOrCreate(state));

    Path other = Files.createDirectory(state.resolve("other"));
    OwnerKey.loadOrCreate(other);
    Files.write(secret, Files.readAllBytes(other.resolve("owner.key")));
    assertThrows(ContentException.class, () -> OwnerKey.loadOrCreate(state));

    Files.write(secret, good);
    OwnerKey.loadOrCreate(state);
  }

  private void mode(String name, String permissions) throws Exception {
    Files.setPosixFilePermissions(
        state.resolve(name), PosixFilePermissions.fromString(permissions));
  }
}
