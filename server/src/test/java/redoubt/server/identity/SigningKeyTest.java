package redoubt.server.identity;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SigningKeyTest {
  private static final byte[] MESSAGE = {1, 2, 3};

  @TempDir Path folder;

  @Test
  void itIsTheSameAfterARestartAndNobodyElseReadsIt() throws Exception {
    SigningKey first = SigningKey.in(folder, "some");
    SigningKey again = SigningKey.in(folder, "some");
    assertEquals(first.publicInfo(), again.publicInfo());
    assertArrayEquals(first.sign(MESSAGE), again.sign(MESSAGE));
    assertEquals(
        "rw-------",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("some.key"))));
    assertNotEquals(first.publicInfo(), SigningKey.in(folder, "other").publicInfo());
  }

  @Test
  void aPrivateHalfThatIsThereIsNeverReplaced() throws Exception {
    SigningKey.in(folder, "some");
    byte[] key = Files.readAllBytes(folder.resolve("some.key"));
    Files.delete(folder.resolve("some.pub"));
    assertThrows(IOException.class, () -> SigningKey.in(folder, "some"));
    assertArrayEquals(key, Files.readAllBytes(folder.resolve("some.key")));
  }

  @Test
  void whoeverWasKilledBetweenTheHalvesMakesBothAnew() throws Exception {
    SigningKey.in(folder, "some");
    Files.delete(folder.resolve("some.key"));
    SigningKey anew = SigningKey.in(folder, "some");
    assertArrayEquals(anew.sign(MESSAGE), SigningKey.in(folder, "some").sign(MESSAGE));
    assertEquals(anew.publicInfo(), SigningKey.in(folder, "some").publicInfo());
  }
}
