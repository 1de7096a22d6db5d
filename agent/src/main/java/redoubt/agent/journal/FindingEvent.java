package redoubt.agent.journal;

import java.io.IOException;
import redoubt.core.model.Finding;

/// Writes engines' findings as Detection Findings.
///
/// @param ids names the events
record FindingEvent(EventIds ids) {
  String uid(long sequence) {
    return ids.finding(sequence);
  }

  void write(Finding finding, long sequence, FieldWriter fields) throws IOException {
    OcsfType type = OcsfType.DETECTION;
    EventHead.write(type, type.activityName, Severity.HIGH, finding.timeMillis(), fields);
    fields.number("status_id", 1);
    fields.text("status", "New");
    fields.text("message", finding.title());
    fields.flag("is_alert", true);
    findingInfo(finding, sequence, fields);
    evidences(finding, fields);
  }

  private void findingInfo(Finding finding, long sequence, FieldWriter fields) throws IOException {
    fields.object("finding_info");
    fields.text("uid", uid(sequence));
    fields.text("title", finding.title());
    fields.number("created_time", finding.timeMillis());
    fields.object("product");
    fields.text("name", finding.engine().value());
    fields.end();
    fields.object("analytic");
    fields.text("name", finding.rule());
    fields.number("type_id", 1);
    fields.text("type", "Rule");
    fields.textUnlessEmpty("version", finding.contentVersion());
    fields.end();
    relatedEvents(finding, fields);
    fields.end();
  }

  private void relatedEvents(Finding finding, FieldWriter fields) throws IOException {
    if (finding.eventSequence() == 0) {
      return;
    }
    fields.list("related_events");
    fields.item();
    fields.text("uid", ids.decision(finding.eventSequence()));
    fields.end();
    fields.endList();
  }

  private static void evidences(Finding finding, FieldWriter fields) throws IOException {
    boolean file = !finding.path().isEmpty() || finding.sha256() != null;
    boolean process = finding.pid() != 0;
    if (!file && !process) {
      return;
    }
    fields.list("evidences");
    fields.item();
    if (file) {
      FileObject.write(finding.path(), finding.sha256(), fields);
    }
    if (process) {
      fields.object("process");
      fields.number("pid", finding.pid());
      fields.end();
    }
    fields.end();
    fields.endList();
  }

  /// Writes what OCSF has no attribute for.
  void writeUnmapped(Finding finding, FieldWriter fields) throws IOException {
    fields.text("engine", finding.engine().value());
    if (finding.eventSequence() != 0) {
      fields.number("decision", finding.eventSequence());
    }
  }
}
