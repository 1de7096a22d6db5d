package redoubt.agent;

import java.util.function.IntConsumer;
import redoubt.agent.account.HotSpots;
import redoubt.agent.breaker.VerdictBreaker;
import redoubt.agent.decision.Recorder;
import redoubt.agent.health.Counter;
import redoubt.agent.health.Counters;
import redoubt.agent.journal.Entry;
import redoubt.agent.journal.Journal;
import redoubt.core.model.DecisionRecord;
import redoubt.core.model.Finding;

/// Where decisions go when they are written up: accounts, breaker, journal. For the recorder's
/// thread.
///
/// @param executions hears of every process that was let execute a program
record DecisionOutlet(
    Journal journal,
    HotSpots hotSpots,
    VerdictBreaker breaker,
    HostPasts pasts,
    Counters counters,
    IntConsumer executions)
    implements Recorder.Outlet {
  @Override
  public void decision(DecisionRecord decision) {
    hotSpots.note(decision);
    breaker.note(decision);
    pasts.note(decision);
    if (!journal.offer(new Entry.Decision(decision))) {
      counters.add(Counter.RECORDS_LOST);
    }
  }

  @Override
  public void finding(Finding finding) {
    journal.offer(new Entry.Finding(finding));
  }

  @Override
  public void executed(int pid) {
    executions.accept(pid);
  }
}
