package redoubt.agent.decision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import redoubt.core.model.FileIdentity;
import redoubt.core.model.Sha256;

class RecentDigestsTest {
  private static final Sha256 DIGEST = Sha256.hash(new byte[] {1});

  private final RecentDigests digests = new RecentDigests();

  @Test
  void onlyTheSameContentOfTheSameFileIsKnown() {
    FileIdentity file = new FileIdentity(1, 2, 3, 4, 5, 6);
    assertNull(digests.find(file));
    digests.note(file, DIGEST);
    assertEquals(DIGEST, digests.find(file));
    assertNull(digests.find(new FileIdentity(1, 2, 4, 4, 5, 6)), "it was changed");
    assertNull(digests.find(new FileIdentity(1, 7, 3, 4, 5, 6)), "it is another");
  }

  @Test
  void itForgetsAndNeverMixesUp() {
    int found = 0;
    for (int i = 0; i < 10_000; i++) {
      digests.note(fileOf(i), digestOf(i));
    }
    for (int i = 0; i < 10_000; i++) {
      Sha256 digest = digests.find(fileOf(i));
      if (digest != null) {
        assertEquals(digestOf(i), digest);
        found++;
      }
    }
    assertTrue(found > 500 && found <= 1_024, "found=" + found);
  }

  private static FileIdentity fileOf(int number) {
    return new FileIdentity(1L << 32, number, number, 0, 0, 0);
  }

  private static Sha256 digestOf(int number) {
    return new Sha256(number, 0, 0, 0);
  }
}
