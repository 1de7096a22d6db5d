package redoubt.agent.breaker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import redoubt.agent.health.HandClock;
import redoubt.core.model.Actor;
import redoubt.core.model.DecisionBasis;
import redoubt.core.model.DecisionRecord;
import redoubt.core.model.EngineId;
import redoubt.core.model.EngineMode;
import redoubt.core.model.EngineOpinion;
import redoubt.core.model.EventClass;
import redoubt.core.model.FileIdentity;
import redoubt.core.model.Verdict;

class VerdictBreakerTest {
  private static final EngineId ENGINE = new EngineId("acme");
  private static final int ROOT = 0;
  private static final int USER = 1000;

  private final HandClock clock = new HandClock();
  private final List<String> happened = new ArrayList<>();
  private final VerdictBreaker breaker =
      new VerdictBreaker(
          path -> !path.startsWith("/home"),
          path -> path.startsWith("/usr"),
          new VerdictBreaker.Outlet() {
            @Override
            public void trip(EngineId engine, String why) {
              happened.add("trip " + engine);
            }

            @Override
            public void reset(EngineId engine, String why) {
              happened.add("reset " + engine);
            }
          },
          clock);

  @Test
  void manyPackagedFilesTrip() {
    deny("/usr/bin/p", 0, VerdictBreaker.FILES - 1, ROOT);
    assertEquals(List.of(), happened);
    deny("/usr/bin/p", VerdictBreaker.FILES - 1, 1, ROOT);
    assertEquals(List.of("trip acme"), happened);
    deny("/usr/bin/p", 100, 50, ROOT);
    assertEquals(List.of("trip acme"), happened, "once");
  }

  @Test
  void filesThatRanBeforeCountWhateverBroughtThem() {
    for (int i = 0; i < VerdictBreaker.FILES; i++) {
      breaker.note(record("/opt/own/p", i, ROOT, Verdict.ALLOW, List.of()));
    }
    deny("/opt/own/p", 0, VerdictBreaker.FILES, ROOT);
    assertEquals(List.of("trip acme"), happened);
  }

  @Test
  void newFilesDoNotCountHoweverMany() {
    deny("/opt/own/p", 0, 200, ROOT);
    deny("/home/u/p", 0, 200, ROOT);
    assertEquals(List.of(), happened);
  }

  @Test
  void aFileThatAnyoneCanWriteDoesNotCountThoughItRan() {
    for (int i = 0; i < 100; i++) {
      breaker.note(record("/home/u/p", i, ROOT, Verdict.ALLOW, List.of()));
    }
    deny("/home/u/p", 0, 100, ROOT);
    assertEquals(List.of(), happened);
  }

  @Test
  void oneFileCountsOnce() {
    for (int i = 0; i < 100; i++) {
      deny("/usr/bin/p", 7, 1, ROOT);
    }
    assertEquals(List.of(), happened);
  }

  @Test
  void noUnprivilegedUserTripsIt() {
    deny("/usr/bin/p", 0, 500, USER);
    deny("/usr/bin/q", 0, 500, USER + 1);
    deny("/usr/bin/r", 0, 500, -1);
    assertEquals(List.of(), happened);
    deny("/usr/bin/s", 0, VerdictBreaker.FILES - VerdictBreaker.FILES_OF_USERS, ROOT);
    assertEquals(List.of("trip acme"), happened, "but what users meet counts for half");
  }

  @Test
  void denialsFarApartAreNoJump() {
    for (int i = 0; i < 10 * VerdictBreaker.FILES; i++) {
      deny("/usr/bin/p", i, 1, ROOT);
      clock.pass(VerdictBreaker.WINDOW.dividedBy(VerdictBreaker.FILES - 2));
    }
    assertEquals(List.of(), happened);
  }

  @Test
  void whatAnEngineSaysInMonitorModeDoesNotCount() {
    for (int i = 0; i < 100; i++) {
      breaker.note(
          record("/usr/bin/p", i, ROOT, Verdict.ALLOW, List.of(opinion(EngineMode.MONITOR))));
      breaker.check();
    }
    assertEquals(List.of(), happened);
  }

  @Test
  void whatWasDeniedInMonitorModeHasNotRunWithTheEnginesConsent() {
    for (int i = 0; i < 100; i++) {
      breaker.note(
          record("/opt/own/p", i, ROOT, Verdict.ALLOW, List.of(opinion(EngineMode.MONITOR))));
    }
    deny("/opt/own/p", 0, 100, ROOT);
    assertEquals(List.of(), happened);
  }

  @Test
  void itsSayComesBackWhenItsDenialsAreFew() {
    trip();
    pass(VerdictBreaker.FIRST_TRIP.minusSeconds(2));
    assertEquals(List.of("trip acme"), happened);
    pass(Duration.ofSeconds(4));
    assertEquals(List.of("trip acme", "reset acme"), happened);
  }

  @Test
  void itStaysAwayWhileItGoesOnDenying() {
    trip();
    for (int minutes = 0; minutes < 60; minutes++) {
      for (int i = 0; i < 2; i++) {
        breaker.note(
            record(
                "/usr/bin/later" + minutes,
                i,
                ROOT,
                Verdict.ALLOW,
                List.of(opinion(EngineMode.MONITOR))));
      }
      pass(Duration.ofMinutes(1));
    }
    assertEquals(List.of("trip acme"), happened);
  }

  @Test
  void theNextTripIsLonger() {
    trip();
    pass(VerdictBreaker.FIRST_TRIP.plusSeconds(1));
    deny("/usr/bin/again", 0, VerdictBreaker.FILES, ROOT);
    pass(VerdictBreaker.FIRST_TRIP.plusSeconds(1));
    assertEquals(List.of("trip acme", "reset acme", "trip acme"), happened);
    pass(VerdictBreaker.FIRST_TRIP);
    assertEquals("reset acme", happened.getLast());
  }

  @Test
  void theOwnersWordEndsATrip() {
    trip();
    breaker.forgive(ENGINE);
    assertEquals(List.of("trip acme", "reset acme"), happened);
    deny("/usr/bin/more", 0, VerdictBreaker.FILES - 1, ROOT);
    assertEquals(2, happened.size());
  }

  @Test
  void aSetOfHashesForgetsTheOldestOfAPlaceOnly() {
    RecentHashes hashes = new RecentHashes(1024);
    for (long i = 1; i <= 400; i++) {
      hashes.add(RecentHashes.hashOf(new FileIdentity(1, i, 0, 0, 0, 0)));
    }
    int kept = 0;
    for (long i = 1; i <= 400; i++) {
      kept += hashes.contains(RecentHashes.hashOf(new FileIdentity(1, i, 0, 0, 0, 0))) ? 1 : 0;
    }
    assertTrue(kept > 380, "kept=" + kept);
    assertFalse(hashes.contains(RecentHashes.hashOf(new FileIdentity(2, 1, 0, 0, 0, 0))));
  }

  private void trip() {
    deny("/usr/bin/p", 0, VerdictBreaker.FILES, ROOT);
    assertEquals(List.of("trip acme"), happened);
  }

  private void pass(Duration duration) {
    clock.pass(duration);
    for (int i = 0; i < 20; i++) {
      breaker.check();
    }
  }

  private void deny(String path, int from, int count, int uid) {
    for (int i = from; i < from + count; i++) {
      breaker.note(record(path, i, uid, Verdict.DENY, List.of(opinion(EngineMode.ENFORCE))));
      breaker.check();
    }
  }

  private static EngineOpinion opinion(EngineMode mode) {
    return new EngineOpinion.Answered(ENGINE, mode, Verdict.DENY, "", "", "", 1, false, false);
  }

  private DecisionRecord record(
      String path, int number, int uid, Verdict answer, List<EngineOpinion> opinions) {
    return new DecisionRecord(
        1,
        clock.wallMillis(),
        EventClass.EXEC,
        new Actor(1, 2, 1, uid, uid, uid, 0, "/bin/sh", ""),
        path + number,
        new FileIdentity(1, path.hashCode(), number, 4, 5, 6),
        null,
        true,
        answer,
        DecisionBasis.ENGINES,
        0,
        "",
        opinions,
        1);
  }
}
