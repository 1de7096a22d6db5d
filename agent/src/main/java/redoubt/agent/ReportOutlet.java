package redoubt.agent;

import redoubt.agent.engine.EngineReports;
import redoubt.agent.journal.Entry;
import redoubt.agent.journal.Journal;
import redoubt.agent.response.ResponseDesk;
import redoubt.core.model.Finding;
import redoubt.core.model.ResponseWish;

/// Brings what engines report to the journal, and what they wish to the desk for it.
record ReportOutlet(Journal journal, Sensors sensors, ResponseDesk responses)
    implements EngineReports {
  @Override
  public void found(Finding finding) {
    journal.offer(new Entry.Finding(sensors.withLineage(finding)));
  }

  @Override
  public void wished(ResponseWish wish) {
    responses.wish(wish);
  }

  @Override
  public void needsChanged() {
    sensors.follow();
  }
}
