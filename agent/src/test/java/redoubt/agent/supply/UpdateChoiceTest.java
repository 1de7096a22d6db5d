package redoubt.agent.supply;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redoubt.agent.updates.UpdatePolicy;
import redoubt.agent.updates.UpdateWindow;
import redoubt.core.model.EngineId;

/// What is taken of what is published.
class UpdateChoiceTest {
  private static final LocalDateTime SUNDAY_NOON = LocalDateTime.parse("2026-11-29T12:00:00");
  private static final UpdatePolicy PLAIN = policy(0, List.of());

  private static UpdatePolicy policy(int behind, List<String> windows) {
    return new UpdatePolicy(
        new EngineId("sigma"),
        "acme",
        "rules",
        new TreeSet<>(List.of("stable")),
        behind,
        windows.stream().map(UpdateWindow::parse).toList(),
        false,
        OptionalLong.empty());
  }

  private static Published stable(long version) {
    return published(version, "stable");
  }

  private static Published published(long version, String channel) {
    return new Published(
        "acme/sigma/rules-" + version + ".bundle", version, channel, Optional.empty());
  }

  private static UpdateChoice choose(UpdatePolicy policy, long newest, Published... published) {
    return UpdateChoice.of(policy, List.of(published), newest, _ -> false, SUNDAY_NOON);
  }

  private static long taken(UpdateChoice choice) {
    return assertInstanceOf(UpdateChoice.Take.class, choice).bundle().version();
  }

  private static String why(UpdateChoice choice) {
    return assertInstanceOf(UpdateChoice.Nothing.class, choice).why();
  }

  @Test
  void theNewestOfItsChannelsIsTaken() {
    Published early = published(4, "early");
    assertEquals(3, taken(choose(PLAIN, 1, stable(2), stable(3), stable(1), early)));
    assertEquals("up to date: version=3", why(choose(PLAIN, 3, stable(2), stable(3), early)));
    assertEquals("nothing is published", why(choose(PLAIN, 0)));
    assertTrue(why(choose(PLAIN, 0, early)).contains("channels"));
  }

  @Test
  void whoStaysBehindTakesOlderOnesButNeverGoesBack() {
    assertEquals(2, taken(choose(policy(1, List.of()), 1, stable(1), stable(2), stable(3))));
    assertEquals(1, taken(choose(policy(2, List.of()), 0, stable(1), stable(2), stable(3))));
    assertEquals(
        "up to date: version=3",
        why(choose(policy(1, List.of()), 3, stable(1), stable(2), stable(3))));
    assertTrue(why(choose(policy(2, List.of()), 0, stable(1), stable(2))).contains("old enough"));
  }

  @Test
  void aPinIsTheOneThatMayCome() {
    UpdatePolicy pinned = PLAIN.pinned(OptionalLong.of(2));
    assertEquals(2, taken(choose(pinned, 1, stable(1), stable(2), stable(3))));
    assertEquals("up to date: version=2", why(choose(pinned, 2, stable(2), stable(3))));
    assertEquals("pinned: version=2", why(choose(pinned, 2, stable(3))));
    assertEquals("the pin is not published: version=2", why(choose(pinned, 1, stable(3))));
  }

  @Test
  void frozenNothingComes() {
    assertEquals("frozen", why(choose(PLAIN.frozen(true), 0, stable(1))));
    assertEquals(1, taken(choose(PLAIN.frozen(true).frozen(false), 0, stable(1))));
  }

  @Test
  void whatWasRefusedIsNotFetchedAgain() {
    assertEquals(
        "refused before: version=2",
        why(
            UpdateChoice.of(
                PLAIN, List.of(stable(2)), 1, each -> each.version() == 2, SUNDAY_NOON)));
  }

  @Test
  void outsideOfItsWindowItWaits() {
    assertInstanceOf(
        UpdateChoice.Wait.class, choose(policy(0, List.of("22:00-05:00")), 0, stable(1)));
    assertEquals(1, taken(choose(policy(0, List.of("sun 11:00-13:00")), 0, stable(1))));
  }

  /// Whatever is published and wanted: nothing refused, of another channel or not newer is taken,
  /// nothing while frozen or closed, and of two pins at most the pinned one.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void nothingIsTakenThatMayNotBe(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 5_000; i++) {
      List<Published> all = new ArrayList<>();
      for (int version = 1; version <= 8; version++) {
        if (random.nextBoolean()) {
          all.add(published(version, random.nextInt(3) == 0 ? "early" : "stable"));
        }
      }
      Collections.shuffle(all, random);
      UpdatePolicy policy =
          policy(random.nextInt(4), random.nextBoolean() ? List.of() : List.of("sun 13:00-14:00"))
              .frozen(random.nextInt(4) == 0)
              .pinned(
                  random.nextInt(3) == 0
                      ? OptionalLong.of(1 + random.nextInt(8))
                      : OptionalLong.empty());
      long newest = random.nextInt(9);
      long refused = random.nextInt(9);
      UpdateChoice choice =
          UpdateChoice.of(policy, all, newest, each -> each.version() == refused, SUNDAY_NOON);
      if (choice instanceof UpdateChoice.Take(Published bundle)) {
        assertTrue(bundle.version() > newest);
        assertEquals("stable", bundle.channel());
        assertFalse(bundle.version() == refused || policy.frozen());
        assertTrue(policy.isOpen(SUNDAY_NOON));
        assertTrue(policy.pin().isEmpty() || policy.pin().getAsLong() == bundle.version());
        long newer =
            all.stream()
                .filter(each -> each.channel().equals("stable"))
                .filter(each -> each.version() > bundle.version())
                .count();
        assertTrue(policy.pin().isPresent() || newer == policy.behind());
      }
    }
  }
}
