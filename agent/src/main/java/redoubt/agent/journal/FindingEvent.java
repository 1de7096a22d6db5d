package redoubt.agent.journal;

import java.io.IOException;
import java.util.List;
import redoubt.core.model.Finding;
import redoubt.core.model.FindingLevel;
import redoubt.core.model.ProcessInfo;

/// Writes engines' findings as Detection Findings.
///
/// @param ids names the events
record FindingEvent(EventIds ids) {
  String uid(long sequence) {
    return ids.finding(sequence);
  }

  void write(Finding finding, long sequence, FieldWriter fields) throws IOException {
    OcsfType type = OcsfType.DETECTION;
    EventHead.write(type, type.activityName, severity(finding), finding.timeMillis(), fields);
    fields.number("status_id", 1);
    fields.text("status", "New");
    fields.text("message", finding.title());
    fields.flag("is_alert", finding.level().compareTo(FindingLevel.MEDIUM) >= 0);
    findingInfo(finding, sequence, fields);
    evidences(finding, fields);
  }

  private static Severity severity(Finding finding) {
    return switch (finding.level()) {
      case INFORMATIONAL -> Severity.INFORMATIONAL;
      case LOW -> Severity.LOW;
      case MEDIUM -> Severity.MEDIUM;
      case HIGH -> Severity.HIGH;
      case CRITICAL -> Severity.CRITICAL;
    };
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
    attacks(finding.techniques(), fields);
    relatedEvents(finding, fields);
    fields.end();
  }

  /// A technique below another names that one too.
  private static void attacks(List<String> techniques, FieldWriter fields) throws IOException {
    if (techniques.isEmpty()) {
      return;
    }
    fields.list("attacks");
    for (String technique : techniques.subList(0, fields.listed(techniques.size()))) {
      int dot = technique.indexOf('.');
      fields.item();
      fields.object("technique");
      fields.text("uid", dot <= 0 ? technique : technique.substring(0, dot));
      fields.end();
      if (dot > 0) {
        fields.object("sub_technique");
        fields.text("uid", technique);
        fields.end();
      }
      fields.end();
    }
    fields.endList();
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
    boolean process = !finding.lineage().isEmpty();
    if (!file && !process) {
      return;
    }
    fields.list("evidences");
    fields.item();
    if (file) {
      FileObject.write(finding.path(), finding.sha256(), fields);
    }
    if (process) {
      process("process", finding.lineage(), fields);
    }
    fields.end();
    fields.endList();
  }

  /// Whether it tells of a process in a container.
  static boolean isInContainer(Finding finding) {
    return finding.lineage().stream().anyMatch(process -> !process.container().isEmpty());
  }

  /// Writes a process and, within it, those above it.
  private static void process(String name, List<ProcessInfo> lineage, FieldWriter fields)
      throws IOException {
    int listed = fields.listed(lineage.size());
    for (int i = 0; i < listed; i++) {
      ProcessInfo process = lineage.get(i);
      fields.object(i == 0 ? name : "parent_process");
      fields.number("pid", process.pid());
      if (process.uniqueId() != 0) {
        fields.text("uid", Long.toUnsignedString(process.uniqueId()));
      }
      fields.textUnlessEmpty("path", process.image());
      fields.textUnlessEmpty("cmd_line", process.commandLine());
      if (!process.container().isEmpty()) {
        fields.object("container");
        fields.text("uid", process.container());
        fields.end();
      }
      if (process.credentials().uid() != -1) {
        fields.object("user");
        fields.text("uid", Integer.toUnsignedString(process.credentials().uid()));
        fields.textUnlessEmpty("name", process.user());
        fields.end();
      }
    }
    for (int i = 0; i < listed; i++) {
      fields.end();
    }
  }

  /// Writes what OCSF has no attribute for.
  void writeUnmapped(Finding finding, FieldWriter fields) throws IOException {
    fields.text("engine", finding.engine().value());
    if (finding.eventSequence() != 0) {
      fields.number("decision", finding.eventSequence());
    }
    if (finding.reasons().isEmpty()) {
      return;
    }
    fields.list("reasons");
    List<Finding.Reason> reasons = finding.reasons();
    for (Finding.Reason reason : reasons.subList(0, fields.listed(reasons.size()))) {
      fields.item();
      fields.textUnlessEmpty("field", reason.field());
      fields.text("value", reason.value());
      fields.end();
    }
    fields.endList();
  }
}
