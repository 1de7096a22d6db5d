package redoubt.testing.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import redoubt.agent.decision.DecisionLimits;
import redoubt.agent.health.Counter;
import redoubt.core.model.DecisionBasis;
import redoubt.core.model.DecisionRecord;
import redoubt.core.model.EngineMode;
import redoubt.core.model.EngineOpinion;
import redoubt.core.model.PlatformNotice;
import redoubt.core.model.Verdict;
import redoubt.testing.testkit.EngineScript;
import redoubt.testing.testkit.ScriptedEngine;
import redoubt.testing.testkit.SimulatedFile;
import redoubt.testing.testkit.SimulatedHost;
import redoubt.testing.testkit.SimulatedOpener;
import redoubt.testing.testkit.SimulatedOpener.Outcome;

/// The rows of `spec/failure-contract.md` that need no process of their own, each under its name
/// there.
class FailureContractTest {
  private static final int USER = 1000;

  @Test
  void engineDiesWithPendingEvents() {
    SimulatedHost host = Fixtures.host();
    ScriptedEngine engine = host.seat("mortal", EngineMode.ENFORCE, EngineScript.silent());
    SimulatedOpener opener = host.exec(Fixtures.file(host, "/bin/a"), USER);
    host.time().after(Duration.ofMillis(7).toNanos(), engine::die);
    host.runToQuiet();
    assertEquals(Outcome.ALLOWED, opener.outcome());
    assertEquals(Duration.ofMillis(7).toNanos(), opener.waitedNanos());
    assertMissed(host, opener, EngineOpinion.Cause.GONE);
  }

  @Test
  void engineLate() {
    SimulatedHost host = Fixtures.host();
    host.seat(
        "slow", EngineMode.ENFORCE, EngineScript.always(Verdict.DENY, 2 * Fixtures.SOFT_NANOS));
    SimulatedOpener opener = host.exec(Fixtures.file(host, "/bin/a"), USER);
    host.runToQuiet();
    assertEquals(Outcome.ALLOWED, opener.outcome());
    assertEquals(Fixtures.SOFT_NANOS, opener.waitedNanos());
    assertMissed(host, opener, EngineOpinion.Cause.DEADLINE);
    assertEquals(1, host.count(Counter.LATE_VERDICTS));
    assertEquals(1, host.findings().size());
  }

  @Test
  void engineQueueFull() {
    SimulatedHost host = Fixtures.host();
    ScriptedEngine engine =
        host.seat("small", EngineMode.ENFORCE, EngineScript.always(Verdict.ALLOW, 1_000_000));
    engine.setCredits(1);
    SimulatedFile file = Fixtures.file(host, "/bin/a");
    host.exec(file, USER);
    SimulatedOpener second = host.exec(file, USER);
    host.runToQuiet();
    assertEquals(Outcome.ALLOWED, second.outcome());
    assertEquals(0, second.waitedNanos());
    assertMissed(host, second, EngineOpinion.Cause.NO_CREDIT);
  }

  private static void assertMissed(
      SimulatedHost host, SimulatedOpener opener, EngineOpinion.Cause cause) {
    DecisionRecord decision = host.recordOf(opener);
    assertEquals(DecisionBasis.MISS_POLICY, decision.basis());
    assertEquals(1, host.count(Counter.MISS_POLICY));
    if (decision.opinions().getFirst() instanceof EngineOpinion.Missing missing) {
      assertEquals(cause, missing.cause());
    } else {
      throw new AssertionError("an opinion where none is possible: " + decision);
    }
  }

  @Test
  void lateDenial() {
    for (boolean granted : new boolean[] {false, true}) {
      SimulatedHost host =
          new SimulatedHost(Fixtures.limits(Verdict.ALLOW, granted), Fixtures.DESCRIPTORS);
      host.seat(
          "slow", EngineMode.ENFORCE, EngineScript.lasting(Verdict.DENY, 2 * Fixtures.SOFT_NANOS));
      SimulatedFile file = Fixtures.settledFile(host, "/bin/bad");
      SimulatedOpener first = host.exec(file, USER);
      host.run();
      SimulatedOpener second = host.exec(file, USER);
      host.runToQuiet();
      assertEquals(Outcome.ALLOWED, first.outcome());
      assertEquals(granted, first.ended());
      assertEquals(granted ? 1 : 0, host.count(Counter.KILLED_LATE));
      assertEquals(granted ? 1 : 0, host.notices(PlatformNotice.Kind.KILLED_LATE).size());
      assertEquals(1, host.findings().size());
      assertEquals(Outcome.DENIED, second.outcome());
      assertEquals(DecisionBasis.CACHE, host.recordOf(second).basis());
    }
  }

  @Test
  void descriptorsUsedUp() {
    SimulatedHost host = new SimulatedHost(DecisionLimits.DEFAULTS, 8);
    host.seat(
        "steady", EngineMode.ENFORCE, EngineScript.always(Verdict.ALLOW, Fixtures.SOFT_NANOS / 2));
    SimulatedFile file = Fixtures.file(host, "/bin/a");
    List<SimulatedOpener> openers = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      openers.add(host.exec(file, USER));
    }
    host.runToQuiet();
    openers.forEach(opener -> assertEquals(Outcome.ALLOWED, opener.outcome()));
    assertEquals(8, host.kernel().descriptorsPeak());
    assertEquals(0, host.count(Counter.KERNEL_DENIALS));
    assertTrue(host.count(Counter.READS_DEFERRED) > 0);
  }

  @Test
  void descriptorsTakenAway() {
    SimulatedHost host = Fixtures.host();
    host.seat("steady", EngineMode.ENFORCE, EngineScript.always(Verdict.ALLOW, 1));
    SimulatedFile file = Fixtures.file(host, "/bin/a");
    host.kernel().limitDescriptors(0);
    SimulatedOpener denied = host.exec(file, USER);
    host.run();
    host.kernel().limitDescriptors(Fixtures.DESCRIPTORS);
    SimulatedOpener allowed = host.exec(file, USER);
    host.runToQuiet();
    assertEquals(Outcome.DENIED_BY_KERNEL, denied.outcome());
    assertEquals(Outcome.ALLOWED, allowed.outcome());
    assertEquals(1, host.count(Counter.KERNEL_DENIALS));
    assertEquals(1, host.notices(PlatformNotice.Kind.KERNEL_DENIAL).size());
  }

  @Test
  void tooManyWait() {
    DecisionLimits limits = new DecisionLimits(Duration.ofMillis(250), Verdict.ALLOW, false, 10, 4);
    SimulatedHost host = new SimulatedHost(limits, Fixtures.DESCRIPTORS);
    host.seat("steady", EngineMode.ENFORCE, EngineScript.always(Verdict.ALLOW, 1_000_000));
    SimulatedFile file = Fixtures.file(host, "/bin/a");
    List<SimulatedOpener> openers = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      openers.add(host.exec(file, USER));
    }
    host.runToQuiet();
    assertEquals(DecisionBasis.ENGINES, host.recordOf(openers.get(3)).basis());
    assertEquals(DecisionBasis.OVERLOAD, host.recordOf(openers.get(4)).basis());
    assertEquals(0, openers.get(4).waitedNanos());
    assertEquals(2, host.count(Counter.OVERLOAD));
    assertEquals(6, host.engines().getFirst().askedCount(), "examined all the same, later");
  }

  @Test
  void answeringThreadStalls() {
    SimulatedHost host = Fixtures.host();
    host.seat("hung", EngineMode.ENFORCE, EngineScript.silent());
    host.stallDeadlines();
    SimulatedOpener opener = host.exec(Fixtures.file(host, "/bin/a"), USER);
    host.time().after(Duration.ofMinutes(1).toNanos(), () -> {});
    host.run();
    assertEquals(Outcome.LET_GO, opener.outcome());
    assertTrue(host.isDead());
    assertTrue(host.count(Counter.DEADMAN_WITHHELD) > 0);
    assertTrue(opener.waitedNanos() <= SimulatedHost.HARD_DEADLINE.toNanos(), opener::toString);
  }

  @Test
  void responseWriteRefused() {
    SimulatedHost host = Fixtures.host();
    host.seat("steady", EngineMode.ENFORCE, EngineScript.always(Verdict.DENY, 1));
    host.kernel().refuseAnswers(1);
    SimulatedOpener opener = host.exec(Fixtures.file(host, "/bin/a"), USER);
    host.runToQuiet();
    assertEquals(Outcome.DENIED, opener.outcome());
    assertEquals(1, host.count(Counter.RESPONSE_WRITE_RETRIES));
    assertEquals(0, host.count(Counter.RESPONSE_WRITE_FAILURES));
  }

  @Test
  void waiterKilled() {
    SimulatedHost host = Fixtures.host();
    host.seat("steady", EngineMode.ENFORCE, EngineScript.always(Verdict.ALLOW, 1_000_000));
    SimulatedOpener opener = host.exec(Fixtures.file(host, "/bin/a"), USER);
    host.time().after(500_000, () -> host.kernel().killWaiting(opener));
    host.runToQuiet();
    assertEquals(1, host.count(Counter.RESPONSE_WRITE_FAILURES));
    assertEquals(DecisionBasis.ENGINES, host.recordOf(opener).basis());
  }

  @Test
  void clockJump() {
    for (int hours : new int[] {-48, 48}) {
      SimulatedHost host = Fixtures.host();
      host.seat("hung", EngineMode.ENFORCE, EngineScript.silent());
      SimulatedOpener opener = host.exec(Fixtures.file(host, "/bin/a"), USER);
      host.time()
          .after(
              Duration.ofMillis(1).toNanos(), () -> host.time().jumpWall(Duration.ofHours(hours)));
      host.runToQuiet();
      assertEquals(Fixtures.SOFT_NANOS, opener.waitedNanos());
      assertFalse(host.isDead());
    }
  }

  @Test
  void suspend() {
    SimulatedHost host = Fixtures.host();
    host.seat(
        "steady", EngineMode.ENFORCE, EngineScript.always(Verdict.DENY, Fixtures.SOFT_NANOS - 1));
    SimulatedOpener opener = host.exec(Fixtures.file(host, "/bin/a"), USER);
    host.time()
        .after(Duration.ofMillis(1).toNanos(), () -> host.time().suspend(Duration.ofHours(9)));
    host.runToQuiet();
    assertEquals(Outcome.DENIED, opener.outcome(), "no deadline passes in the host's sleep");
    assertFalse(host.isDead());
  }

  @Test
  void queueOverflow() {
    SimulatedHost host = new SimulatedHost(DecisionLimits.DEFAULTS, Fixtures.DESCRIPTORS, 2);
    host.seat("steady", EngineMode.ENFORCE, EngineScript.always(Verdict.DENY, 1));
    SimulatedFile file = Fixtures.file(host, "/bin/a");
    List<SimulatedOpener> openers = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      openers.add(host.exec(file, USER));
    }
    host.runToQuiet();
    assertEquals(Outcome.DENIED, openers.get(1).outcome());
    assertEquals(Outcome.UNASKED, openers.get(2).outcome());
    assertEquals(1, host.count(Counter.QUEUE_OVERFLOWS));
    assertEquals(1, host.notices(PlatformNotice.Kind.LOSS).size());
  }
}
