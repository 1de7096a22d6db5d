package redoubt.agent.journal;

/// The OCSF 1.7.0 event types that the journal uses, with the numbers and captions of the schema.
enum OcsfType {
  /// An exec: the actor's process takes on a new program.
  PROCESS_LAUNCH(1007, "Process Activity", 1, "System Activity", 1, "Launch"),
  /// An open.
  FILE_OPEN(1001, "File System Activity", 1, "System Activity", 14, "Open"),
  /// What an engine reports.
  DETECTION(2004, "Detection Finding", 2, "Findings", 1, "Create"),
  /// The agent or an engine started.
  APPLICATION_START(6002, "Application Lifecycle", 6, "Application Activity", 3, "Start"),
  /// The agent or an engine ended.
  APPLICATION_STOP(6002, "Application Lifecycle", 6, "Application Activity", 4, "Stop"),
  /// An engine is waited for again.
  APPLICATION_ENABLE(6002, "Application Lifecycle", 6, "Application Activity", 6, "Enable"),
  /// An engine, or by the rescue switch all of us, no longer decides.
  APPLICATION_DISABLE(6002, "Application Lifecycle", 6, "Application Activity", 7, "Disable"),
  /// What no class of the schema describes.
  BASE(0, "Base Event", 0, "Uncategorized", 99, "Other");

  /// The schema's version, as every event states it.
  static final String SCHEMA_VERSION = "1.7.0";

  final int classUid;
  final String className;
  final int categoryUid;
  final String categoryName;
  final int activityId;
  final String activityName;
  final long typeUid;
  final String typeName;

  OcsfType(
      int classUid,
      String className,
      int categoryUid,
      String categoryName,
      int activityId,
      String activityName) {
    this.classUid = classUid;
    this.className = className;
    this.categoryUid = categoryUid;
    this.categoryName = categoryName;
    this.activityId = activityId;
    this.activityName = activityName;
    this.typeUid = 100L * classUid + activityId;
    this.typeName = className + ": " + activityName;
  }
}
