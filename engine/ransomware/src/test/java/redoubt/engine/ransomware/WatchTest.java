package redoubt.engine.ransomware;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redoubt.core.model.EventClass;
import redoubt.core.model.FindingLevel;
import redoubt.core.model.HostEvent;
import redoubt.core.model.ProcessInfo;
import redoubt.core.model.ResponseAction;
import redoubt.engine.kit.HostFinding;

class WatchTest {
  private static final ProcessInfo EVIL = Contents.process(100, "/tmp/evil");
  private static final long OLD = 3_600;
  private static final long NEW = 1;

  private final Random random = new Random(1);
  private final List<HostFinding> found = new ArrayList<>();
  private Watch watch = new Watch(new WatchList(Set.of(), Set.of()));

  private void look(HostEvent event) {
    watch.look(event).ifPresent(found::add);
  }

  private byte[] secret() {
    byte[] bytes = new byte[20_000];
    random.nextBytes(bytes);
    return bytes;
  }

  private void content(
      ProcessInfo process, List<Integer> ancestors, String path, String old, long at, long age) {
    look(Contents.of(process, ancestors, path, old, Contents.NOW + at, age, "", secret()));
  }

  @Test
  void manyOldFilesThatAreRandomNowAreFoundOnce() {
    for (int i = 0; i < 60; i++) {
      content(EVIL, List.of(7, 1), "/srv/data" + i, "", i, OLD);
      assertEquals(i >= Tally.TOO_MANY - 1 ? 1 : 0, found.size(), "after " + (i + 1));
    }
    HostFinding finding = found.getFirst();
    assertEquals("files-made-unreadable", finding.rule());
    assertEquals(FindingLevel.CRITICAL, finding.level());
    assertEquals(Set.of(ResponseAction.FREEZE), finding.wishes());
    assertEquals(0, finding.generations());
    assertTrue(finding.reasons().toString().contains("/srv/data19"), finding.reasons()::toString);
  }

  @Test
  void whoGoesOnIsFoundAgainAfterAMinute() {
    for (int i = 0; i < 300; i++) {
      content(EVIL, List.of(), "/srv/data" + i, "", i * Contents.SECOND, OLD);
    }
    assertEquals(5, found.size());
  }

  @Test
  void oneFileThatIsWrittenAgainAndAgainIsOne() {
    for (int i = 0; i < 60; i++) {
      content(EVIL, List.of(), "/srv/container.vc", "", i, OLD);
      content(EVIL, List.of(), "/srv/other.locked", "/srv/other", i, OLD);
    }
    assertEquals(0, found.size());
  }

  @Test
  void fewInAMinuteAreNothing() {
    for (int i = 0; i < 300; i++) {
      content(EVIL, List.of(), "/srv/data" + i, "", 4L * i * Contents.SECOND, OLD);
    }
    assertEquals(0, found.size());
  }

  @Test
  void newFilesOfAnyNameAreNothing() {
    for (int i = 0; i < 60; i++) {
      content(EVIL, List.of(), "/srv/chunks/" + i, "", i, NEW);
      content(EVIL, List.of(), "/srv/plan" + i + ".odt.gpg", "", i, NEW);
    }
    assertEquals(0, found.size(), "an encrypted copy beside each");
  }

  @Test
  void aNewFileThatIsNotWhatItsNameSaysCounts() {
    for (int i = 0; i < 60; i++) {
      content(EVIL, List.of(), "/srv/plan" + i + ".odt", "/srv/.tmp" + i, i, NEW);
    }
    assertEquals(1, found.size());
  }

  @Test
  void anUnreadableCopyCountsOnceTheOriginalIsRemovedByWhomever() {
    for (int i = 0; i < 60; i++) {
      content(
          Contents.process(1_000 + i, "/usr/bin/openssl"),
          List.of(100, 7),
          "/srv/plan" + i + ".x",
          "",
          i,
          NEW);
      look(Contents.deletion(3_000 + i, "/srv/plan" + i, Contents.NOW + i));
    }
    assertEquals(1, found.size());
    assertEquals(1, found.getFirst().generations(), "the script, not the tool");
  }

  /// Of a removal is heard before of what is in the copy, where the host is busy.
  @Test
  void anUnreadableCopyCountsThoughTheRemovalIsHeardOfFirst() {
    for (int i = 0; i < 60; i++) {
      look(Contents.deletion(3_000 + i, "/srv/plan" + i, Contents.NOW + i));
      content(EVIL, List.of(7), "/srv/plan" + i + ".x", "", i, NEW);
    }
    assertEquals(1, found.size());
  }

  @Test
  void aCopyOfWhatWasRemovedLongAgoIsNothing() {
    long later = 61 * Contents.SECOND;
    for (int i = 0; i < 60; i++) {
      look(Contents.deletion(3_000 + i, "/srv/plan" + i, Contents.NOW + i));
      content(EVIL, List.of(7), "/srv/plan" + i + ".x", "", later + i, NEW);
    }
    assertEquals(0, found.size());
  }

  @Test
  void manyShortProcessesAreTheDoingOfTheNearestWhoStartedThemAll() {
    for (int i = 0; i < 60; i++) {
      ProcessInfo tool = Contents.process(1_000 + i, "/usr/bin/openssl");
      content(tool, List.of(2_000 + i, 50, 40, 1), "/srv/plan" + i + ".odt", "", i, OLD);
    }
    assertEquals(1, found.size());
    assertEquals(2, found.getFirst().generations());
  }

  /// A session under which one program after the other goes wrong has done nothing itself.
  @Test
  void whoStartedTheGuiltyIsNotGuiltyOfWhatTheyDid() {
    for (int evil = 0; evil < 5; evil++) {
      ProcessInfo process = Contents.process(100 + evil, "/tmp/evil");
      for (int i = 0; i < 30; i++) {
        content(process, List.of(50, 40, 1), "/srv/" + evil + "/plan" + i + ".odt", "", i, OLD);
      }
    }
    assertEquals(5, found.size());
    for (int other = 0; other < 15; other++) {
      ProcessInfo process = Contents.process(200 + other, "/usr/bin/tool");
      content(process, List.of(50, 40, 1), "/srv/one" + other + ".odt", "", 100 + other, OLD);
    }
    assertEquals(5, found.size());
    found.forEach(finding -> assertEquals(0, finding.generations()));
  }

  @Test
  void initIsNeverGuilty() {
    for (int i = 0; i < 60; i++) {
      content(Contents.process(1_000 + i, "/x"), List.of(1), "/srv/plan" + i + ".odt", "", i, OLD);
    }
    assertEquals(0, found.size());
  }

  @Test
  void packedFilesAndExemptProgramsAreNothing() {
    watch = new Watch(new WatchList(Set.of(), Set.of("/usr/bin/restic")));
    for (int i = 0; i < 60; i++) {
      look(
          Contents.of(
              EVIL, List.of(), "/srv/a" + i + ".gz", "", Contents.NOW + i, NEW, "gzip", secret()));
      look(Contents.deletion(100, "/srv/a" + i, Contents.NOW + i));
      content(Contents.process(5, "/usr/bin/restic"), List.of(), "/srv/data" + i, "", i, OLD);
    }
    assertEquals(0, found.size());
  }

  @Test
  void aCanaryIsEnough() {
    watch = new Watch(new WatchList(Set.of("/srv/first"), Set.of("/usr/bin/restic")));
    look(change(EventClass.FILE_MODIFY, "/srv/other", "", "/tmp/evil"));
    look(change(EventClass.FILE_MODIFY, "/srv/first", "", "/usr/bin/restic"));
    assertEquals(0, found.size());
    look(change(EventClass.FILE_MODIFY, "/srv/first", "", "/tmp/evil"));
    look(change(EventClass.FILE_RENAME, "/srv/x", "/srv/first", "/tmp/evil"));
    look(change(EventClass.FILE_DELETE, "/srv/first", "", "/tmp/evil"));
    assertEquals(3, found.size());
    assertEquals("canary", found.getFirst().rule());
  }

  private static HostEvent change(EventClass eventClass, String path, String old, String image) {
    return new HostEvent.FileChange(
        eventClass, Contents.NOW, Contents.process(9, image), path, old, false);
  }

  /// Whatever happens, it takes no more room than it may.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void itStaysSmall(long seed) {
    Random chance = new Random(seed);
    Tally tally = new Tally();
    for (int i = 0; i < 50_000; i++) {
      int pid = 2 + chance.nextInt(1 << 20);
      tally.add(List.of(pid, 2 + chance.nextInt(1 << 20), 1), "/f" + i, i);
      assertTrue(tally.of(pid).size() <= Tally.TOO_MANY);
    }
    assertTrue(tally.size() <= 4_096, "processes: " + tally.size());
  }
}
