package redoubt.testing.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import redoubt.agent.health.Counter;
import redoubt.core.model.DecisionBasis;
import redoubt.core.model.DecisionRecord;
import redoubt.core.model.EngineId;
import redoubt.core.model.EngineMode;
import redoubt.core.model.EngineOpinion;
import redoubt.core.model.Verdict;
import redoubt.testing.testkit.SimulatedHost;
import redoubt.testing.testkit.SimulatedOpener;
import redoubt.testing.testkit.SimulatedOpener.Outcome;

/// What holds of every run, whatever was in it.
final class RunChecks {
  /// The grounds on which a content was judged before the answer.
  private static final Set<DecisionBasis> JUDGED =
      EnumSet.of(DecisionBasis.CACHE, DecisionBasis.ENGINES, DecisionBasis.EXCEPTION);

  private final RandomRun run;
  private final SimulatedHost host;

  private RunChecks(RandomRun run) {
    this.run = run;
    this.host = run.host();
  }

  /// Checks a run that has come to its end.
  static void check(RandomRun run) {
    RunChecks checks = new RunChecks(run);
    checks.recordedOnce();
    checks.killedOnlyWhereGranted();
    checks.putAwayOnlyWhatCounts();
    for (SimulatedOpener opener : run.host().kernel().openers()) {
      checks.check(opener);
    }
  }

  private void recordedOnce() {
    long read =
        host.kernel().openers().stream()
            .filter(SimulatedOpener::wasRead)
            .filter(opener -> opener.outcome() != Outcome.DENIED_BY_KERNEL)
            .count();
    assertEquals(read, host.count(Counter.EVENTS_READ), "events read");
    assertEquals(read, host.records().size() + host.count(Counter.RECORDS_LOST), "records");
    assertEquals(read, host.count(Counter.ALLOWED) + host.count(Counter.DENIED), "answers");
    Map<Long, DecisionRecord> bySequence = new HashMap<>();
    for (DecisionRecord decision : host.records()) {
      assertEquals(null, bySequence.put(decision.sequence(), decision), "sequence taken twice");
    }
  }

  private void killedOnlyWhereGranted() {
    long ended = host.kernel().openers().stream().filter(SimulatedOpener::ended).count();
    assertEquals(ended, host.count(Counter.KILLED_LATE), "processes ended");
    assertTrue(run.plan().killLate() || ended == 0, "ended without the owner's grant");
  }

  /// What is put away was denied by an engine whose word counts, and the owner does not stand
  /// against it.
  private void putAwayOnlyWhatCounts() {
    for (SimulatedHost.PutAway each : host.putAway()) {
      assertEquals(Verdict.DENY, each.opinion().verdict(), each::toString);
      assertEquals(EngineMode.ENFORCE, each.opinion().mode(), each::toString);
      assertFalse(each.isProtected(), each::toString);
      assertEquals("", host.owner().exceptionFor(each.path()), each::toString);
    }
  }

  private void check(SimulatedOpener opener) {
    if (!opener.wasRead() || opener.outcome() == Outcome.DENIED_BY_KERNEL) {
      return;
    }
    assertTrue(
        opener.waitedAfterReadNanos() <= Fixtures.SOFT_NANOS,
        () -> "waited too long: nanos=" + opener.waitedAfterReadNanos() + " " + opener);
    DecisionRecord decision = host.recordOf(opener);
    checkAnswer(opener, decision);
    checkOpinions(decision);
    checkContent(opener, decision);
  }

  private void checkAnswer(SimulatedOpener opener, DecisionRecord decision) {
    switch (opener.outcome()) {
      case ALLOWED -> assertEquals(Verdict.ALLOW, decision.answer(), opener::toString);
      case DENIED -> checkDenied(opener, decision);
      case KILLED_WAITING -> {}
      case WAITING, DENIED_BY_KERNEL, UNASKED, LET_GO ->
          throw new AssertionError("not an outcome of this run: " + opener);
    }
    if (host.owner().protects(opener.file()) && opener.file().kind().regular()) {
      assertEquals(DecisionBasis.PROTECTED, decision.basis(), opener::toString);
    }
  }

  private void checkDenied(SimulatedOpener opener, DecisionRecord decision) {
    assertEquals(Verdict.DENY, decision.answer(), opener::toString);
    assertFalse(host.owner().protects(opener.file()), () -> "protected, but denied: " + opener);
    switch (decision.basis()) {
      case MISS_POLICY, OVERLOAD -> assertEquals(Verdict.DENY, run.plan().onMiss());
      case ENGINES, CACHE -> {
        assertFalse(host.owner().excepts(opener.file()), () -> "excepted, but denied: " + opener);
        assertTrue(
            decision.opinions().stream().anyMatch(RunChecks::deniesInEarnest),
            () -> "denied, but by whom: " + decision);
      }
      case SELF, PROTECTED, EXCEPTION, NO_ENFORCER, KERNEL_POLICY, NOT_JUDGED ->
          throw new AssertionError("no ground for a denial: " + decision);
    }
  }

  private static boolean deniesInEarnest(EngineOpinion opinion) {
    return opinion instanceof EngineOpinion.Answered answered
        && answered.verdict() == Verdict.DENY
        && answered.mode() == EngineMode.ENFORCE
        && !answered.late();
  }

  /// At most one opinion for each engine, and each is what that engine thinks of this content.
  private void checkOpinions(DecisionRecord decision) {
    Set<EngineId> heard = new HashSet<>();
    for (EngineOpinion opinion : decision.opinions()) {
      assertTrue(heard.add(opinion.engine()), () -> "heard twice: " + decision);
      if (opinion instanceof EngineOpinion.Answered answered) {
        long epoch = Long.parseLong(answered.contentVersion().substring("content-".length()));
        assertEquals(
            run.character(answered.engine()).verdict(epoch, decision.sha256()),
            answered.verdict(),
            () -> "not what the engine thinks of this content: " + decision);
      }
    }
    if (decision.basis() != DecisionBasis.NOT_JUDGED) {
      assertEquals(host.engines().size(), heard.size(), () -> "who is missing: " + decision);
    }
  }

  /// What was judged is what the file held when its opener went on, wherever the record says so.
  private static void checkContent(SimulatedOpener opener, DecisionRecord decision) {
    if (decision.stable() && JUDGED.contains(decision.basis())) {
      assertEquals(opener.releasedContent(), decision.sha256(), () -> "changed: " + decision);
    }
    if (!opener.file().kind().keepsChangeTimes()) {
      assertFalse(anyCached(decision.opinions()), () -> "cached on tmpfs: " + decision);
    }
  }

  private static boolean anyCached(List<EngineOpinion> opinions) {
    return opinions.stream()
        .anyMatch(opinion -> opinion instanceof EngineOpinion.Answered a && a.cached());
  }
}
