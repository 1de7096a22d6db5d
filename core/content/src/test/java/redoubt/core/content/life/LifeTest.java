package redoubt.core.content.life;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redoubt.core.content.ContentException;
import redoubt.core.content.life.Life.Plan;
import redoubt.core.content.life.Life.Stage;
import redoubt.core.model.Sha256;

class LifeTest {
  private static final Instant NOW = Instant.ofEpochMilli(1_790_000_000_000L);

  private static Release release(long version) {
    byte[] bytes = ("release " + version).getBytes(StandardCharsets.UTF_8);
    return new Release(Sha256.hash(bytes), "acme", "rules", version);
  }

  private static Life onProbation(Life life, long version) {
    return life.offered(release(version), NOW).passed(NOW).passed(NOW).passed(NOW);
  }

  private static Life good(long... versions) {
    Life life = Life.EMPTY;
    for (long version : versions) {
      life = onProbation(life, version).confirmed();
    }
    return life;
  }

  private static Optional<Long> active(Life life) {
    return life.active().map(Release::version);
  }

  @Test
  void aBundleIsInForceFromItsProbationOn() {
    Life life = good(1).offered(release(2), NOW);
    assertEquals(Optional.of(1L), active(life));
    life = life.passed(NOW);
    assertEquals(Stage.ADMITTED, life.candidate().orElseThrow().stage());
    assertEquals(Optional.of(1L), active(life));
    life = life.passed(NOW);
    assertEquals(Stage.TRIED, life.candidate().orElseThrow().stage());
    assertEquals(Optional.of(1L), active(life));
    life = life.passed(NOW);
    assertEquals(Optional.of(2L), active(life));
    assertThrows(IllegalStateException.class, () -> onProbation(good(1), 2).passed(NOW));
    life = life.confirmed();
    assertEquals(Optional.of(release(2)), life.good());
    assertEquals(Optional.of(release(1)), life.before());
  }

  @Test
  void whatIsRefusedIsNeverTakenAgain() {
    Life life = onProbation(good(1), 2).rolledBack("it\ncrashes", NOW);
    assertEquals(Optional.of(1L), active(life));
    assertEquals(Optional.of("refused before: it crashes"), life.objection(release(2)));
    assertThrows(IllegalArgumentException.class, () -> life.offered(release(2), NOW));
  }

  @Test
  void onlyNewerVersionsAreTaken() {
    Life life = good(1, 5);
    assertEquals(Optional.of("not newer: version=4 newest=5"), life.objection(release(4)));
    assertEquals(Optional.empty(), life.objection(release(6)));
    Release others = new Release(release(3).digest(), "other", "rules", 3);
    assertEquals(Optional.empty(), life.objection(others));
  }

  @Test
  void whileOneIsOnProbationAnotherOneWaits() {
    assertEquals(
        Optional.of("another one is on probation: version=2"),
        onProbation(good(1), 2).objection(release(3)));
    Life waiting = good(1).offered(release(2), NOW).passed(NOW).offered(release(3), NOW);
    assertEquals(3, waiting.candidate().orElseThrow().release().version());
    assertEquals(Stage.VERIFIED, waiting.candidate().orElseThrow().stage());
  }

  @Test
  void theOwnerFallsBackAsLongAsThereIsSomething() {
    Life life = good(1, 2).rolledBack("owner", NOW);
    assertEquals(Optional.of(1L), active(life));
    assertThrows(IllegalStateException.class, () -> life.rolledBack("owner", NOW));
  }

  @Test
  void whatWasGoodBeforeCanBeRefusedToo() {
    Life life = good(1, 2).refused(release(1).digest(), "revoked", NOW);
    assertEquals(Optional.of(2L), active(life));
    assertEquals(Optional.empty(), life.before());
    assertEquals(Optional.empty(), life.refused(release(2).digest(), "revoked", NOW).active());
  }

  /// Two starts with what is on probation, two with what is good, two without the engine.
  @Test
  void eachContentHasTwoStartsThatFail() {
    Life life = onProbation(good(1), 2);
    List<String> came = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      Life.Start start = life.started(NOW);
      life = start.life();
      came.add(start.plan() + " " + active(life).orElse(0L));
    }
    assertEquals(
        List.of(
            "CONTENT 2",
            "CONTENT 2",
            "CONTENT 1",
            "CONTENT 1",
            "ENGINE_OFF 1",
            "ENGINE_OFF 1",
            "OBSERVE_ONLY 1",
            "OBSERVE_ONLY 1"),
        came);
    assertTrue(life.refusalOf(release(2).digest()).isPresent());
  }

  /// What it brings down may be the agent that tries it.
  @Test
  void aCandidateThatIsNotInForceGoesFirst() {
    Life life = good(1).offered(release(2), NOW);
    for (int i = 0; i < 3; i++) {
      Life.Start start = life.started(NOW);
      assertEquals(Plan.CONTENT, start.plan());
      life = start.life();
    }
    assertEquals(Optional.empty(), life.candidate());
    assertEquals(Optional.of(1L), active(life));
  }

  @Test
  void whatComesBackHasAllItsStarts() {
    Life life = onProbation(good(1), 2).started(NOW).life().started(NOW).life();
    life = life.rolledBack("it crashes", NOW);
    assertEquals(Plan.CONTENT, life.started(NOW).plan());
    assertEquals(Plan.CONTENT, life.started(NOW).life().started(NOW).plan());
  }

  @Test
  void endsInOrderDoNotCount() {
    Life life = onProbation(good(1), 2);
    for (int i = 0; i < 10; i++) {
      life = life.started(NOW).life().stopped();
    }
    assertEquals(Optional.of(2L), active(life));
    assertEquals(0, life.starts());
  }

  @Test
  void whatTheDiskLostMayBeTakenAgain() {
    Life life = good(1, 2).lost(release(2));
    assertEquals(Optional.of(1L), active(life));
    assertEquals(Optional.empty(), life.objection(release(2)));
    assertEquals(Optional.of("not newer: version=1 newest=1"), life.objection(release(1)));
  }

  @Test
  void whoSettlesHasAllTriesAgain() {
    Life life = onProbation(good(1), 2);
    for (int i = 0; i < 20; i++) {
      Life.Start start = life.started(NOW);
      assertEquals(Plan.CONTENT, start.plan());
      life = start.life().settled(start.plan());
    }
    assertEquals(Optional.of(2L), active(life));
  }

  @Test
  void whatTheHostCouldOnlyDoWithoutStaysOff() {
    Life life = good(1);
    while (life.started(NOW).plan() == Plan.CONTENT) {
      life = life.started(NOW).life();
    }
    for (int i = 0; i < 5; i++) {
      Life.Start start = life.started(NOW);
      assertEquals(Plan.ENGINE_OFF, start.plan());
      life = start.life().settled(start.plan());
    }
    assertEquals(Plan.CONTENT, life.retried().started(NOW).plan());
    assertEquals(Plan.CONTENT, onProbation(life, 2).started(NOW).plan());
  }

  @Test
  void nothingGrowsWithoutBound() throws Exception {
    Life life = Life.EMPTY;
    for (int i = 1; i <= 500; i++) {
      String vendor = "v".repeat(61) + i % Life.MOST_LINES;
      Release each = new Release(release(i).digest(), vendor, "r".repeat(64), i);
      life = life.offered(each, NOW).refused(each.digest(), "\u4e2d\n".repeat(2_000), NOW);
    }
    Release another = new Release(release(999).digest(), "another", "r", 1);
    assertEquals(Optional.of("too many contents for one engine: most=64"), life.objection(another));
    assertEquals(Life.MOST_REFUSALS, life.refusals().size());
    assertEquals(Life.MOST_LINES, life.newest().size());
    byte[] text = LifeFormat.write(life);
    assertTrue(text.length < LifeFormat.MOST_BYTES, "bytes=" + text.length);
    assertEquals(life, LifeFormat.read(text));
  }

  /// Whatever happens in whatever order: what is in force was never refused and is among what must
  /// be on disk, a start never leaves the host without a plan, and the text says the same.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void noOrderOfEventsBreaksTheRules(long seed) throws Exception {
    SplittableRandom dice = new SplittableRandom(seed);
    Life life = Life.EMPTY;
    Set<Sha256> refused = new HashSet<>();
    for (int i = 1; i < 3_000; i++) {
      life = happens(life, dice.nextInt(8), release(1 + dice.nextInt(i)), refused);
      life.active().ifPresent(on -> assertFalse(refused.contains(on.digest())));
      assertTrue(life.releases().toList().containsAll(life.active().stream().toList()));
      assertTrue(life.starts() <= 3 * Life.TRIES + 1);
      assertEquals(life, LifeFormat.read(LifeFormat.write(life)));
    }
  }

  private static Life happens(Life life, int what, Release release, Set<Sha256> refused) {
    try {
      return switch (what) {
        case 0, 1 -> life.offered(release, NOW);
        case 2, 3 -> life.passed(NOW);
        case 4 -> life.confirmed();
        case 5 -> noting(life, life.rolledBack("harm", NOW), refused);
        case 6 -> noting(life, life.started(NOW).life(), refused);
        default -> life.settled(Plan.CONTENT);
      };
    } catch (IllegalArgumentException | IllegalStateException _) {
      return life;
    }
  }

  private static Life noting(Life before, Life after, Set<Sha256> refused) {
    after.refusals().stream()
        .filter(each -> !before.refusals().contains(each))
        .forEach(each -> refused.add(each.digest()));
    return after;
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13})
  void noOtherBytesAreAState(long seed) throws Exception {
    SplittableRandom dice = new SplittableRandom(seed);
    byte[] text =
        LifeFormat.write(onProbation(good(1, 2), 3).refused(release(9).digest(), "why", NOW));
    for (int i = 0; i < 20_000; i++) {
      byte[] other = text.clone();
      for (int changes = 1 + dice.nextInt(3); changes > 0; changes--) {
        other[dice.nextInt(other.length)] ^= (byte) (1 << dice.nextInt(8));
      }
      if (dice.nextInt(4) == 0) {
        other = Arrays.copyOf(other, dice.nextInt(other.length));
      }
      byte[] changed = other;
      if (!Arrays.equals(text, changed)) {
        assertThrows(ContentException.class, () -> LifeFormat.read(changed));
      }
    }
  }
}
