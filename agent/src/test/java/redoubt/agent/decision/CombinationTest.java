package redoubt.agent.decision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import redoubt.agent.health.HandClock;
import redoubt.core.model.DecisionBasis;
import redoubt.core.model.EngineId;
import redoubt.core.model.EngineMode;
import redoubt.core.model.EngineOpinion;
import redoubt.core.model.Verdict;

class CombinationTest {
  private static final int TRIALS = 20_000;

  /// An engine and what it said, null for nothing yet.
  private record Voice(PlainEngine engine, @Nullable EngineOpinion opinion) {}

  @Test
  void slotsAndArrivalNeverChangeTheRuling() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int trial = 0; trial < TRIALS; trial++) {
      List<Voice> voices = randomVoices(random);
      Verdict onMiss = random.nextBoolean() ? Verdict.ALLOW : Verdict.DENY;
      boolean excepted = random.nextBoolean();
      Ruling first = rule(voices, onMiss, excepted, random);
      Ruling second = rule(voices, onMiss, excepted, random);
      assertEquals(first, second, () -> "seed=" + seed + " voices=" + voices);
    }
  }

  @Test
  void nothingIsDeniedWithoutAnEnforcingEngine() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int trial = 0; trial < TRIALS; trial++) {
      List<Voice> voices =
          randomVoices(random).stream()
              .map(voice ->
                  new Voice(
                      new PlainEngine(voice.engine().id(), EngineMode.MONITOR), voice.opinion()))
              .toList();
      Ruling ruling = rule(voices, Verdict.DENY, false, random);
      assertEquals(new Ruling.Allow(DecisionBasis.NO_ENFORCER, ""), ruling, () -> "seed=" + seed);
    }
  }

  @Test
  void oneDenialIsEnough() {
    Random random = new Random(1);
    PlainEngine silent = engine(0, EngineMode.ENFORCE);
    PlainEngine denier = engine(1, EngineMode.ENFORCE);
    List<Voice> voices =
        List.of(
            new Voice(silent, null),
            new Voice(denier, answered(denier, EngineMode.ENFORCE, Verdict.DENY, false)));
    assertEquals(
        new Ruling.Deny(DecisionBasis.ENGINES, denier.id()),
        rule(voices, Verdict.ALLOW, false, random));
    assertInstanceOf(Ruling.Open.class, rule(voices, Verdict.ALLOW, true, random));
  }

  @Test
  void aDenialGivenInMonitorModeStaysOne() {
    PlainEngine engine = engine(0, EngineMode.ENFORCE);
    Voice voice = new Voice(engine, answered(engine, EngineMode.MONITOR, Verdict.DENY, false));
    assertEquals(
        new Ruling.Allow(DecisionBasis.NO_ENFORCER, ""),
        rule(List.of(voice), Verdict.DENY, false, new Random(1)));
  }

  private static List<Voice> randomVoices(Random random) {
    List<Voice> voices = new ArrayList<>();
    for (int i = 1 + random.nextInt(5); i > 0; i--) {
      PlainEngine engine =
          engine(i, random.nextBoolean() ? EngineMode.ENFORCE : EngineMode.MONITOR);
      voices.add(new Voice(engine, randomOpinion(engine, random)));
    }
    return voices;
  }

  private static @Nullable EngineOpinion randomOpinion(PlainEngine engine, Random random) {
    Verdict verdict = random.nextBoolean() ? Verdict.ALLOW : Verdict.DENY;
    return switch (random.nextInt(4)) {
      case 0 -> null;
      case 1 -> new EngineOpinion.Missing(engine.id(), engine.mode(), EngineOpinion.Cause.DEADLINE);
      default -> answered(engine, engine.mode(), verdict, random.nextBoolean());
    };
  }

  private static EngineOpinion answered(
      PlainEngine engine, EngineMode mode, Verdict verdict, boolean cached) {
    return new EngineOpinion.Answered(engine.id(), mode, verdict, "", "", "", 0, cached, false);
  }

  private static PlainEngine engine(int number, EngineMode mode) {
    return new PlainEngine(new EngineId("engine-" + number), mode);
  }

  /// Rules on the voices in slots and in an order of arrival that are drawn anew.
  private static Ruling rule(List<Voice> voices, Verdict onMiss, boolean excepted, Random random) {
    List<Voice> seated = new ArrayList<>(voices);
    Collections.shuffle(seated, random);
    Inquiry inquiry =
        Inquiries.by(
            1000, new HandClock(), seated.stream().map(Voice::engine).toArray(EngineLink[]::new));
    List<Integer> arrival = new ArrayList<>();
    for (int slot = 0; slot < seated.size(); slot++) {
      arrival.add(slot);
    }
    Collections.shuffle(arrival, random);
    for (int slot : arrival) {
      EngineOpinion opinion = seated.get(slot).opinion();
      if (opinion != null) {
        inquiry.settle(slot, opinion);
      }
    }
    return Combination.rule(
        inquiry, onMiss, (_, engine) -> excepted ? "exception-for-" + engine.id() : "");
  }
}
