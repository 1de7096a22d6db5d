package redoubt.agent.scan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import redoubt.agent.decision.EngineLink;
import redoubt.agent.decision.PlainEngine;
import redoubt.core.model.EngineId;
import redoubt.core.model.EngineMode;
import redoubt.core.model.FileIdentity;

class KnownScansTest {
  private static final int NOW = 1_000;

  private final KnownScans known = new KnownScans();

  private static FileIdentity file(long inode) {
    return new FileIdentity(1, inode, 3, 4, 5, 6);
  }

  private static KnownScans.Key key(long inode, @Nullable EngineLink... engines) {
    return KnownScans.keyOf(file(inode), engines);
  }

  @Test
  void whatWasAddedIsKnownUntilItEnds() {
    known.add(key(1), NOW + 10);
    assertTrue(known.contains(key(1), NOW));
    assertFalse(known.contains(key(1), NOW + 10));
    assertFalse(known.contains(key(2), NOW));
    known.add(key(1), NOW + 20);
    assertTrue(known.contains(key(1), NOW + 10));
  }

  @Test
  void eachPartOfAnIdentityCounts() {
    Set<KnownScans.Key> keys = new HashSet<>();
    keys.add(KnownScans.keyOf(new FileIdentity(1, 2, 3, 4, 5, 6), new EngineLink[0]));
    keys.add(KnownScans.keyOf(new FileIdentity(9, 2, 3, 4, 5, 6), new EngineLink[0]));
    keys.add(KnownScans.keyOf(new FileIdentity(1, 9, 3, 4, 5, 6), new EngineLink[0]));
    keys.add(KnownScans.keyOf(new FileIdentity(1, 2, 9, 4, 5, 6), new EngineLink[0]));
    keys.add(KnownScans.keyOf(new FileIdentity(1, 2, 3, 9, 5, 6), new EngineLink[0]));
    keys.add(KnownScans.keyOf(new FileIdentity(1, 2, 3, 4, 9, 6), new EngineLink[0]));
    keys.add(KnownScans.keyOf(new FileIdentity(1, 2, 3, 4, 5, 9), new EngineLink[0]));
    assertEquals(7, keys.size());
  }

  @Test
  void otherEnginesOrOtherContentIsAnotherQuestion() {
    KnownScans.Key one = key(1, link(7), null);
    assertEquals(one, key(1, link(7), null));
    assertNotEquals(one, key(1, null, link(7)));
    assertNotEquals(one, key(1, link(8), null));
    assertNotEquals(one, key(1, link(7), link(8)));
  }

  /// The files of one host: who forgets some of them looks at these each time.
  @Test
  void hardlyAnyOfAHostsFilesIsForgotten() {
    int count = 50_000;
    for (int i = 0; i < count; i++) {
      known.add(key(i), NOW + 10);
    }
    long forgotten = 0;
    for (int i = 0; i < count; i++) {
      forgotten += known.contains(key(i), NOW) ? 0 : 1;
    }
    assertTrue(forgotten < 50, "forgotten=" + forgotten);
  }

  /// Up to its bound nearly everything is kept; beyond, what came last.
  @Test
  void aMillionContentsAreKept() {
    int count = 500_000;
    for (int i = 0; i < count; i++) {
      known.add(key(i), NOW + 10);
    }
    long kept = 0;
    for (int i = 0; i < count; i++) {
      kept += known.contains(key(i), NOW) ? 1 : 0;
    }
    assertTrue(kept > count * 0.98, "kept=" + kept);
    for (int i = count; i < 4 * count; i++) {
      known.add(key(i), NOW + 10);
    }
    for (int i = 4 * count - 1_000; i < 4 * count; i++) {
      assertTrue(known.contains(key(i), NOW), "inode=" + i);
    }
  }

  private static EngineLink link(long epoch) {
    return new PlainEngine(new EngineId("engine"), EngineMode.ENFORCE, epoch);
  }
}
