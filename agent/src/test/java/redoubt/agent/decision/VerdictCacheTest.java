package redoubt.agent.decision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import redoubt.agent.hook.FileFacts;
import redoubt.core.model.FileIdentity;
import redoubt.core.model.Sha256;
import redoubt.core.model.Verdict;
import redoubt.core.model.VerdictScope;

class VerdictCacheTest {
  private static final long WALL = 1_790_000_000_000_000_000L;
  private static final long OLD = WALL - 1_000_000_000L;
  private static final Sha256 DIGEST = new Sha256(1, 2, 3, 4);

  @Test
  void everyPartOfTheIdentityCounts() {
    VerdictCache cache = new VerdictCache(64);
    cache.keep(new FileIdentity(1, 2, OLD, 4, 5, 6), DIGEST, WALL);
    assertNotNull(cache.find(facts(1, 2, OLD, 4, 5, 6)));
    assertNull(cache.find(facts(9, 2, OLD, 4, 5, 6)));
    assertNull(cache.find(facts(1, 9, OLD, 4, 5, 6)));
    assertNull(cache.find(facts(1, 2, OLD + 1, 4, 5, 6)));
    assertNull(cache.find(facts(1, 2, OLD, 9, 5, 6)));
    assertNull(cache.find(facts(1, 2, OLD, 4, 9, 6)));
    assertNull(cache.find(facts(1, 2, OLD, 4, 5, 9)));
    assertEquals(DIGEST, cache.digestOf(new FileIdentity(1, 2, OLD, 4, 5, 6)));
    assertNull(cache.digestOf(new FileIdentity(1, 2, OLD, 4, 5, 9)));
    assertNull(cache.digestOf(new FileIdentity(1, 9, OLD, 4, 5, 6)));
  }

  @Test
  void aYoungChangeTimeIsNotTrusted() {
    VerdictCache cache = new VerdictCache(64);
    assertFalse(cache.keep(identity(1, WALL - 19_000_000L), DIGEST, WALL));
    assertFalse(cache.keep(identity(1, WALL + 1), DIGEST, WALL), "nor one of the future");
    assertTrue(cache.keep(identity(1, WALL - 20_000_000L), DIGEST, WALL));
  }

  @Test
  void newContentTakesThePlaceOfTheOld() {
    VerdictCache cache = new VerdictCache(4);
    cache.keep(identity(1, OLD), DIGEST, WALL);
    cache.judge(identity(1, OLD), 0, verdict(1, Long.MAX_VALUE, VerdictScope.FILE));
    cache.keep(identity(1, OLD + 1), DIGEST, WALL);
    assertNull(cache.find(facts(1, OLD)));
    CacheEntry entry = cache.find(facts(1, OLD + 1));
    assertNotNull(entry);
    assertNull(entry.verdict(0, 1, 0), "the old content's verdict is not the new one's");
  }

  @Test
  void aVerdictOnForgottenContentIsForgotten() {
    VerdictCache cache = new VerdictCache(4);
    cache.keep(identity(1, OLD + 1), DIGEST, WALL);
    cache.judge(identity(1, OLD), 0, verdict(1, Long.MAX_VALUE, VerdictScope.FILE));
    CacheEntry entry = cache.find(facts(1, OLD + 1));
    assertNotNull(entry);
    assertNull(entry.verdict(0, 1, 0));
  }

  @Test
  void aVerdictEndsWithItsLifetimeAndItsEpoch() {
    CacheEntry entry =
        new CacheEntry(identity(1, OLD), DIGEST)
            .with(3, verdict(7, Long.MIN_VALUE + 100, VerdictScope.FILE));
    long beforeOverflow = Long.MAX_VALUE - 100;
    assertNotNull(entry.verdict(3, 7, beforeOverflow));
    assertNull(entry.verdict(3, 7, Long.MIN_VALUE + 100));
    assertNull(entry.verdict(3, 8, beforeOverflow));
    assertNull(entry.verdict(2, 7, beforeOverflow));
  }

  @Test
  void aVerdictOnAnActorCountsForTheSameUserAndProgramOnly() {
    CachedVerdict verdict = verdict(1, 1, VerdictScope.FILE_AND_ACTOR);
    assertTrue(verdict.covers(1000, "/bin/sh"));
    assertFalse(verdict.covers(1001, "/bin/sh"));
    assertFalse(verdict.covers(1000, "/bin/dash"));
    CachedVerdict unknown =
        new CachedVerdict(1, Verdict.ALLOW, VerdictScope.FILE_AND_ACTOR, 1, 1000, "", "", "", "");
    assertFalse(unknown.covers(1000, ""), "two unknown programs are not the same one");
    assertTrue(verdict(1, 1, VerdictScope.FILE).covers(1001, ""));
  }

  /// Lossy, but never wrong: what is found is what was kept last of that content.
  @Test
  void whatIsFoundIsWhatWasKept() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    VerdictCache cache = new VerdictCache(32);
    int found = 0;
    for (int i = 0; i < 50_000; i++) {
      long inode = random.nextInt(64);
      long change = OLD + random.nextInt(3);
      Sha256 digest = new Sha256(inode, change, 0, 0);
      if (random.nextBoolean()) {
        cache.keep(identity(inode, change), digest, WALL);
        continue;
      }
      CacheEntry entry = cache.find(facts(inode, change));
      if (entry != null) {
        found++;
        assertEquals(digest, entry.sha256(), () -> "seed=" + seed);
      }
    }
    assertTrue(found > 1_000, "the cache keeps nothing: found=" + found);
  }

  private static CachedVerdict verdict(long epoch, long expiresNanos, VerdictScope scope) {
    return new CachedVerdict(
        epoch, Verdict.ALLOW, scope, expiresNanos, 1000, "/bin/sh", "", "", "");
  }

  private static FileIdentity identity(long inode, long changeNanos) {
    return new FileIdentity(1, inode, changeNanos, changeNanos, 0, 10);
  }

  private static FileFacts facts(long inode, long changeNanos) {
    return facts(1, inode, changeNanos, changeNanos, 0, 10);
  }

  private static FileFacts facts(
      long device, long inode, long change, long modify, long birth, long size) {
    FileFacts facts = new FileFacts();
    facts.set(device, inode, change, modify, birth, size, true, false, true);
    return facts;
  }
}
