package redoubt.agent.activation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import redoubt.core.model.EngineMode;
import redoubt.core.wire.ControlReply;

class ProbationTest {
  private static final long MEBIBYTE = 1 << 20;
  private static final long SECOND_NANOS = Duration.ofSeconds(1).toNanos();
  private static final long HOUR_NANOS = Duration.ofHours(1).toNanos();

  @Test
  void anEngineThatDoesAsBeforeGoesOn() {
    Probation probation = after(figures("ready", 10_000, 10_000, 5, 200));
    assertEquals(Optional.empty(), objection(probation, figures("ready", 20_000, 20_000, 10, 400)));
  }

  @Test
  void nobodyWaitsForSharesOfFew() {
    Probation probation = after(figures("ready", 0, 0, 0, 0));
    long few = Probation.FEW_DENIALS - 1;
    assertEquals(
        Optional.empty(),
        objection(probation, figures("ready", few, few, Probation.FEW_MISSES, few)));
  }

  @Test
  void manyDenialsAreTooManyIfThereWereFewBefore() {
    ControlReply.Engine now = figures("ready", 10_100, 10_100, 0, 40);
    assertTrue(
        after(figures("ready", 10_000, 10_000, 0, 0)).objection(now, SECOND_NANOS).isPresent());
    assertTrue(
        after(figures("ready", 12, 12, 0, 10))
            .objection(figures("ready", 42, 42, 0, 40), SECOND_NANOS)
            .isPresent(),
        "a handful of answers does not say what is usual");
  }

  @Test
  void whereMuchWasDeniedBeforeMuchMayBe() {
    Probation probation = after(figures("ready", 10_000, 10_000, 0, 2_000));
    assertEquals(
        Optional.empty(), objection(probation, figures("ready", 10_100, 10_100, 0, 2_040)));
  }

  @Test
  void oneDenialInManyAnswersIsNoReason() {
    Probation probation = after(figures("ready", 0, 0, 0, 0));
    assertEquals(Optional.empty(), objection(probation, figures("ready", 10_000, 10_000, 0, 150)));
  }

  @Test
  void missedDeadlinesAreAReason() {
    Probation probation = after(figures("ready", 1_000, 1_000, 3, 0));
    assertTrue(
        objection(probation, figures("ready", 1_100, 1_090, 9, 0)).orElse("").contains("missed=6"));
    assertTrue(objection(probation, figures("demoted", 1_000, 1_000, 3, 0)).isPresent());
  }

  @Test
  void whatTheContentBeforeWasTakenOutForIsNoFaultOfThisOne() {
    Probation probation = after(figures("tripped", 1_000, 1_000, 3, 0));
    assertEquals(Optional.empty(), objection(probation, figures("tripped", 1_000, 1_000, 3, 0)));
  }

  @Test
  void memoryBeyondWhatTheBundleSaysIsAReason() {
    Probation probation =
        new Probation(
            64 * MEBIBYTE, 0, HOUR_NANOS, Probation.UNKNOWN, figures("ready", 0, 0, 0, 0));
    assertTrue(objection(probation, figures("ready", 1, 1, 0, 0)).isPresent());
  }

  @Test
  void aFloodOfFindingsIsAReason() {
    long minute = Duration.ofMinutes(1).toNanos();
    ControlReply.Engine now = figures("ready", 0, 0, 0, 0, 700);
    assertTrue(after(found(0)).objection(now, minute).orElse("").contains("findings=700"));
    assertEquals(
        Optional.empty(), after(found(3_600)).objection(found(4_300), minute), "as before");
    assertEquals(Optional.empty(), after(found(0)).objection(now, 12 * minute), "no flood");
    assertEquals(Optional.empty(), after(found(610)).objection(now, minute), "few");
  }

  private static ControlReply.Engine found(long found) {
    return figures("ready", 0, 0, 0, 0, found);
  }

  @Test
  void oneDenialOfWhatNothingMayDenyIsAReason() {
    assertTrue(
        objection(after(refused(0)), refused(1)).orElse("").contains("denied=1"),
        "whatever else it was asked");
    assertEquals(Optional.empty(), objection(after(refused(2)), refused(4)), "as before");
  }

  private static ControlReply.Engine refused(long refused) {
    return figures("ready", 10_000, 10_000, 0, refused, refused, 0, 0, 0);
  }

  @Test
  void muchMoreProcessorTimeForAnEventIsAReason() {
    long second = Duration.ofSeconds(1).toNanos();
    Duration length = Duration.ofSeconds(8);
    ControlReply.Engine before = spent(10_000, 1_000_000);
    long usual = Probation.microsAnEvent(spent(0, 0), before);
    assertEquals(100, usual);
    // And two seconds of starting.
    Probation begun = new Probation(256 * MEBIBYTE, 0, HOUR_NANOS, usual, before);
    assertEquals(begun, begun.warmed(spent(10_000, 3_000_000), length, second), "not yet");
    Probation warm = begun.warmed(spent(10_010, 3_000_000), length, 2 * second);
    assertEquals(Optional.empty(), warm.objection(spent(20_010, 4_000_000), 4 * second), "busier");
    assertEquals(Optional.empty(), warm.objection(spent(10_020, 3_100_000), 4 * second), "idle");
    assertTrue(
        warm.objection(spent(10_310, 7_500_000), 8 * second)
            .orElse("")
            .contains("microsAnEvent=15000 usual=100 percentOfACore=75"));
    assertEquals(Optional.empty(), warm.objection(spent(10_010, 6_000_000), 4 * second), "little");
    assertEquals(Probation.UNKNOWN, Probation.microsAnEvent(spent(0, 0), spent(99, 1_000_000)));
    Probation fresh = after(spent(99, 1_000_000)).warmed(spent(99, 1_000_000), length, 2 * second);
    assertEquals(
        Optional.empty(), fresh.objection(spent(100, 9_000_000), 4 * second), "nobody knows");
  }

  private static ControlReply.Engine spent(long told, long cpuMicros) {
    return figures("ready", 0, 0, 0, 0, 0, 0, told, cpuMicros);
  }

  @Test
  void itEnds() {
    Probation probation = after(figures("ready", 0, 0, 0, 0));
    assertFalse(probation.isOver(Duration.ofSeconds(10), 9_999_999_999L));
    assertTrue(probation.isOver(Duration.ofSeconds(10), 10_000_000_000L));
  }

  private static Optional<String> objection(Probation probation, ControlReply.Engine now) {
    return probation.objection(now, SECOND_NANOS);
  }

  private static Probation after(ControlReply.Engine before) {
    return new Probation(256 * MEBIBYTE, 0, HOUR_NANOS, Probation.UNKNOWN, before);
  }

  private static ControlReply.Engine figures(
      String state, long asked, long answered, long missed, long denied) {
    return figures(state, asked, answered, missed, denied, 0);
  }

  private static ControlReply.Engine figures(
      String state, long asked, long answered, long missed, long denied, long found) {
    return figures(state, asked, answered, missed, denied, 0, found, 0, 0);
  }

  private static ControlReply.Engine figures(
      String state,
      long asked,
      long answered,
      long missed,
      long denied,
      long refused,
      long found,
      long told,
      long cpuMicros) {
    return new ControlReply.Engine(
        "drill",
        "Drill",
        "acme",
        "1",
        EngineMode.ENFORCE,
        state,
        1,
        1,
        0,
        "drill",
        "acme-1",
        "",
        1,
        asked,
        answered,
        missed,
        denied,
        refused,
        found,
        1,
        1,
        new ControlReply.Costs(cpuMicros, 100 * MEBIBYTE, 1, told, 0, 0),
        List.of(),
        List.of(),
        null);
  }
}
