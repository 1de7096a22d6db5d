package redoubt.agent.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ProtectedSetTest {
  private record Key(long device, long inode) {}

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 20261123})
  void answersAsAMapWould(long seed) {
    Random random = new Random(seed);
    Map<Key, Long> oracle = new HashMap<>();
    ProtectedSet.Builder builder = new ProtectedSet.Builder(random.nextInt(100));
    for (int i = 0; i < 5_000; i++) {
      Key key = new Key(random.nextInt(4) * 0x1_0000_0001L, 1L + random.nextInt(20_000));
      long birthNanos = 1L + random.nextInt(1_000);
      oracle.put(key, birthNanos);
      builder.add(key.device(), key.inode(), birthNanos);
    }
    ProtectedSet set = builder.build("test", List.of(), 0);

    assertEquals(oracle.size(), set.size());
    for (int i = 0; i < 50_000; i++) {
      Key key = new Key(random.nextInt(5) * 0x1_0000_0001L, random.nextInt(25_000));
      long birthNanos = random.nextInt(1_001);
      Long known = oracle.get(key);
      boolean expected = known != null && (birthNanos == 0 || known == birthNanos);
      assertEquals(expected, set.contains(key.device(), key.inode(), birthNanos), key.toString());
      assertEquals(known != null, set.contains(key.device(), key.inode()), key.toString());
    }
  }

  @Test
  void emptyProtectsNothing() {
    ProtectedSet set = ProtectedSet.empty();

    assertFalse(set.contains(0, 0));
    assertFalse(set.contains(1, 1, 1));
    assertEquals(0, set.size());
  }

  @Test
  void aReusedInodeNumberIsToldByItsBirthTime() {
    ProtectedSet.Builder builder = new ProtectedSet.Builder(1);
    builder.add(7, 42, 1_000);
    ProtectedSet set = builder.build("test", List.of(), 0);

    assertTrue(set.contains(7, 42, 1_000));
    assertFalse(set.contains(7, 42, 2_000));
    assertTrue(set.contains(7, 42, 0), "a file system without birth times decides by number");
  }

  @Test
  void readsDeviceNumbersOfTheCLibrary() {
    assertEquals(0x0000_0008_0000_0001L, FileFacts.kernelDevice(0x801));
    assertEquals(0x0000_0003_0000_0102L, FileFacts.kernelDevice(0x100302L));
  }
}
