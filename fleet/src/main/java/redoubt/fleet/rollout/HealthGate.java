package redoubt.fleet.rollout;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.ToLongFunction;
import redoubt.fleet.evidence.Age;
import redoubt.fleet.evidence.SafeLogRank;

/// Whether hosts with the update are worse off than those without: one test for each symptom, and
/// the mean of their evidence, which is evidence too, whatever the symptoms have to do with each
/// other.
///
/// Starting anew is itself a strain: in its first minutes a host with the update may be up to four
/// times as likely to fail. Silence may be up to twice as likely later on, since no draw is
/// perfectly even. The price is about one more event before a halt.
public final class HealthGate {
  private static final Age[] AGES = Age.values();
  private static final double MOST = 700;
  private static final double RESTART_RATIO = 4;
  private static final double SILENCE_RATIO = 2;

  private final double haltAt;
  private final Map<Symptom, OneTest> tests = new EnumMap<>(Symptom.class);

  /// The test of one symptom and what it was given.
  private static final class OneTest {
    private final SafeLogRank test;
    private long treatedEvents;
    private long controlEvents;

    OneTest(double... tolerated) {
      test = new SafeLogRank(tolerated);
    }
  }

  /// Begins without evidence.
  ///
  /// @param alpha the chance at most that it ever calls a good update bad
  public HealthGate(double alpha) {
    haltAt = -Math.log(alpha);
    for (Symptom symptom : Symptom.values()) {
      tests.put(symptom, new OneTest(tolerated(symptom)));
    }
  }

  private static double[] tolerated(Symptom symptom) {
    double[] ratios = new double[Age.count()];
    Arrays.fill(ratios, symptom == Symptom.SILENCE ? SILENCE_RATIO : 1);
    ratios[Age.UNDER_4_MIN.number()] = RESTART_RATIO;
    return ratios;
  }

  /// A host with the update shows a symptom; counts are of its class, itself included.
  public void treatedEvent(Symptom symptom, Age age, long treated, long control) {
    OneTest one = of(symptom);
    one.treatedEvents++;
    one.test.treatedEvent(age, treated, control);
  }

  /// One without it does, or several of one class; `treated` is asked for each age.
  public void controlEvents(
      Symptom symptom, ToLongFunction<Age> treated, long control, long events) {
    OneTest one = of(symptom);
    one.controlEvents += events;
    for (Age age : AGES) {
      one.test.controlEvents(age, treated.applyAsLong(age), control, events);
    }
  }

  /// The natural logarithm of the evidence that the update is bad.
  public double logEvidence() {
    double sum = 0;
    for (OneTest one : tests.values()) {
      // More than anybody needs, and a number that can still be added up.
      sum += Math.exp(Math.min(MOST, one.test.logEvidence()));
    }
    return Math.log(sum / tests.size());
  }

  /// What a halt rests on, if the evidence is enough for one.
  public Optional<RolloutCommand.Evidence> findHalt() {
    return logEvidence() >= haltAt ? Optional.of(evidence()) : Optional.empty();
  }

  /// Whether there is enough of it that no further ring should open.
  public boolean isDoubtful() {
    return logEvidence() >= haltAt / 2;
  }

  /// The strongest of the evidence, whatever it is worth.
  RolloutCommand.Evidence evidence() {
    Symptom strongest = Symptom.CRASH_LOOP;
    for (Symptom symptom : tests.keySet()) {
      if (of(symptom).test.logEvidence() > of(strongest).test.logEvidence()) {
        strongest = symptom;
      }
    }
    OneTest one = of(strongest);
    return new RolloutCommand.Evidence(
        strongest, one.test.strongestAge(), one.treatedEvents, one.controlEvents, logEvidence());
  }

  /// Sets all evidence aside.
  void reset() {
    tests.replaceAll((symptom, _) -> new OneTest(tolerated(symptom)));
  }

  private OneTest of(Symptom symptom) {
    return Objects.requireNonNull(tests.get(symptom));
  }
}
