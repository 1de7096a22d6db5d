package redoubt.testing.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import redoubt.agent.health.Counter;
import redoubt.core.model.EngineMode;
import redoubt.core.model.Verdict;
import redoubt.testing.testkit.EngineScript;
import redoubt.testing.testkit.Seeds;
import redoubt.testing.testkit.SeedsExtension;
import redoubt.testing.testkit.SimulatedFile;
import redoubt.testing.testkit.SimulatedHost;
import redoubt.testing.testkit.SimulatedOpener;
import redoubt.testing.testkit.SimulatedOpener.Outcome;
import redoubt.testing.testkit.Trials;

/// Properties of every decision, tried on random hosts. [RunChecks] holds what is checked of each.
@ExtendWith(SeedsExtension.class)
class DecisionPropertiesTest {
  /// Nobody waits beyond the soft deadline, everything is given back and recorded once, what is
  /// cached is true, protected files are never denied.
  @Test
  void everyRunKeepsItsPromises(@Trials(250) Seeds seeds) {
    seeds.forEach(seed -> RandomRun.of(RunPlan.everything(seed)));
  }

  @Test
  void nothingIsDeniedInMonitorMode(@Trials(150) Seeds seeds) {
    seeds.forEach(seed -> {
      RandomRun run = RandomRun.of(RunPlan.everything(seed).monitoring());
      assertEquals(0, run.host().count(Counter.DENIED));
      for (SimulatedOpener opener : run.host().kernel().openers()) {
        assertNotEquals(Outcome.DENIED, opener.outcome(), opener::toString);
      }
    });
  }

  /// Neither the order of registration nor the slots decide anything, whatever goes wrong.
  @Test
  void seatingNeverChangesAnAnswer(@Trials(80) Seeds seeds) {
    seeds.forEach(seed -> {
      RunPlan plan = RunPlan.everything(seed);
      assertEquals(
          answers(RandomRun.of(plan), List.of()),
          answers(RandomRun.of(plan.seatedOtherwise()), List.of()));
    });
  }

  /// Where every engine answers in time, however fast and in whatever order, an operation is denied
  /// if and only if an enforcing engine denies its content and nothing stands against that.
  @Test
  void anyDenialWinsUnlessTheOwnerSaysOtherwise(@Trials(100) Seeds seeds) {
    seeds.forEach(seed -> {
      RandomRun run = RandomRun.of(RunPlan.reliable(seed));
      for (SimulatedOpener opener : run.host().kernel().openers()) {
        Outcome expected = mustBeDenied(run, opener) ? Outcome.DENIED : Outcome.ALLOWED;
        assertEquals(expected, opener.outcome(), opener::toString);
      }
    });
  }

  private static boolean mustBeDenied(RandomRun run, SimulatedOpener opener) {
    SimulatedFile file = opener.file();
    return file.kind().regular()
        && !run.host().owner().protects(file)
        && !run.host().owner().excepts(file)
        && run.host().engines().stream()
            .filter(engine -> engine.mode() == EngineMode.ENFORCE)
            .map(engine -> run.character(engine.id()).verdict(engine.epoch(), file.sha256()))
            .anyMatch(verdict -> verdict == Verdict.DENY);
  }

  /// An engine that is silent until the deadline leaves the answer to the others.
  @Test
  void aTimeoutIsNoOpinion(@Trials(100) Seeds seeds) {
    seeds.forEach(seed -> {
      SimulatedHost host = Fixtures.host();
      Verdict others = seed % 2 == 0 ? Verdict.DENY : Verdict.ALLOW;
      long late = Fixtures.SOFT_NANOS + 1 + Seeds.random(seed).nextLong(1_000_000_000L);
      long timely = Seeds.random(seed).nextLong(Fixtures.SOFT_NANOS);
      Verdict silenced = others == Verdict.DENY ? Verdict.ALLOW : Verdict.DENY;
      host.seat("late", EngineMode.ENFORCE, EngineScript.always(silenced, late));
      host.seat("timely", EngineMode.ENFORCE, EngineScript.always(others, timely));
      SimulatedOpener opener = host.exec(Fixtures.file(host, "/bin/a"), 1000);
      host.runToQuiet();
      assertEquals(others == Verdict.DENY ? Outcome.DENIED : Outcome.ALLOWED, opener.outcome());
      assertEquals(others == Verdict.DENY ? timely : Fixtures.SOFT_NANOS, opener.waitedNanos());
    });
  }

  /// What one user asks for, however much, changes nobody else's answers.
  @Test
  void aFloodChangesNobodyElsesAnswers(@Trials(40) Seeds seeds) {
    seeds.forEach(seed -> {
      RunPlan plan = RunPlan.reliable(seed);
      List<Integer> flooders = List.of(RunPlan.FLOODER);
      assertEquals(
          answers(RandomRun.of(plan), flooders),
          answers(RandomRun.of(plan.flooded(300)), flooders));
    });
  }

  /// What the kernel was told about each file at each time, but for some users.
  private static List<String> answers(RandomRun run, List<Integer> butUsers) {
    return run.host().kernel().openers().stream()
        .filter(opener -> !butUsers.contains(opener.uid()))
        .map(opener -> opener.outcome() + " " + opener.uid() + " " + opener.file().kind().path())
        .toList();
  }
}
