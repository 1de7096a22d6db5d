package redoubt.fleet.simulation;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import redoubt.fleet.rollout.Symptom;
import redoubt.fleet.simulation.Fault.Effect;
import redoubt.fleet.simulation.Fault.Reach;

/// What is tried: an update with or without a fault, at an hour of the world.
///
/// @param name what the command line calls it
/// @param summary one sentence
/// @param begin when the update is published
/// @param fault what is wrong with it
/// @param history what came of it where it happened, or null if it never did
/// @param telemetryDownFrom from which second on nothing is heard of any host, or -1 for never
/// @param telemetryDownFor for how many seconds
public record Scenario(
    String name,
    String summary,
    Instant begin,
    Fault fault,
    @Nullable History history,
    int telemetryDownFrom,
    int telemetryDownFor) {
  /// What came of it without Redoubt, as published.
  ///
  /// @param hosts how many were lost
  /// @param revertedAfterSeconds how long it was given to everybody
  /// @param repairedAfterDays how long until nearly all were repaired by hand
  public record History(long hosts, int revertedAfterSeconds, int repairedAfterDays) {}

  /// The morning of 2024-07-19, when Channel File 291 was published; 04:09 to 05:27 UTC.
  private static final Instant JULY = Instant.parse("2024-07-19T04:09:00Z");

  private static final int DAY_SECONDS = 86_400;
  private static final int HOUR_SECONDS = 3_600;
  private static final int HALF_HOUR = 1_800;
  private static final int TWO_HOURS = 7_200;

  /// All that come with the product.
  public static final List<Scenario> ALL =
      List.of(
          new Scenario(
              "2024-07-19",
              "Content that crashes its interpreter on every host at once.",
              JULY,
              new Fault(new Reach.Share(1), 0, Effect.FALLS_BACK, Symptom.CRASH_LOOP),
              new History(8_500_000, 78 * 60, 10),
              -1,
              0),
          of("good", "An update without a fault.", Fault.NONE),
          of(
              "one-percent",
              "Crashes at once on one host in a hundred, by something no inventory knows.",
              new Fault(new Reach.Share(0.01), 0, Effect.FALLS_BACK, Symptom.CRASH_LOOP)),
          of(
              "one-model",
              "Crashes at once on one kind of hardware, one host in a hundred.",
              new Fault(
                  new Reach.OneKind(World.ONE_PERCENT_KIND),
                  0,
                  Effect.FALLS_BACK,
                  Symptom.CRASH_LOOP)),
          of(
              "half-hour",
              "Crashes on every host, half an hour after its activation.",
              new Fault(new Reach.Share(1), HALF_HOUR, Effect.FALLS_BACK, Symptom.CRASH_LOOP)),
          of(
              "two-hours",
              "Crashes on every host, two hours after its activation.",
              new Fault(new Reach.Share(1), TWO_HOURS, Effect.FALLS_BACK, Symptom.CRASH_LOOP)),
          of(
              "dead-on-activation",
              "Every host that activates it is never heard of again: the worst there is.",
              new Fault(new Reach.Share(1), 0, Effect.DIES, Symptom.SILENCE)),
          of(
              "dead-after-success",
              "Every host confirms it and is gone a minute later.",
              new Fault(new Reach.Share(1), 180, Effect.DIES, Symptom.SILENCE)),
          of(
              "protected-file",
              "A signature that matches what the system lives on, as in 2010 and 2017.",
              new Fault(new Reach.Share(0.4), 20, Effect.DEGRADES, Symptom.PROTECTED_REFUSAL)),
          of(
              "slow",
              "Misses deadlines on one host in five, after five minutes.",
              new Fault(new Reach.Share(0.2), 300, Effect.DEGRADES, Symptom.DEADLINE_MISSES)),
          new Scenario(
              "telemetry-down",
              "An update without a fault; for ten minutes nothing is heard of any host.",
              JULY,
              Fault.NONE,
              null,
              900,
              600));

  private static Scenario of(String name, String summary, Fault fault) {
    return new Scenario(name, summary, JULY, fault, null, -1, 0);
  }

  /// The one of that name.
  public static Optional<Scenario> find(String name) {
    return ALL.stream().filter(scenario -> scenario.name().equals(name)).findFirst();
  }

  /// For how long it is pushed where there is no controller: as long as it was, or an hour.
  public int pushedSeconds() {
    return history == null ? HOUR_SECONDS : history.revertedAfterSeconds();
  }

  /// Whether nothing is wrong with the update.
  public boolean isGood() {
    return fault.isNone();
  }

  boolean isTelemetryDown(int second) {
    return telemetryDownFrom >= 0
        && second >= telemetryDownFrom
        && second < telemetryDownFrom + telemetryDownFor;
  }

  /// Where this moment lies in the day, in seconds of UTC.
  int secondOfDay(int second) {
    return (int) Math.floorMod(begin.getEpochSecond() + second, (long) DAY_SECONDS);
  }
}
