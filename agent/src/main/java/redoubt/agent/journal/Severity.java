package redoubt.agent.journal;

/// The OCSF severities that the journal uses, by number (`severity_id`) and caption.
enum Severity {
  INFORMATIONAL(1, "Informational"),
  LOW(2, "Low"),
  MEDIUM(3, "Medium"),
  HIGH(4, "High"),
  CRITICAL(5, "Critical");

  final int id;
  final String caption;

  Severity(int id, String caption) {
    this.id = id;
    this.caption = caption;
  }
}
