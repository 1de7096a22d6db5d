package redoubt.agent.journal;

import java.io.IOException;

/// The members that every event begins with.
final class EventHead {
  private EventHead() {}

  /// Writes the occurrence and classification members up to the severity.
  ///
  /// @param activityName what the source calls the activity; the schema's caption unless the
  ///   activity is 99
  static void write(
      OcsfType type, String activityName, Severity severity, long timeMillis, FieldWriter fields)
      throws IOException {
    fields.number("time", timeMillis);
    fields.number("class_uid", type.classUid);
    fields.text("class_name", type.className);
    fields.number("category_uid", type.categoryUid);
    fields.text("category_name", type.categoryName);
    fields.number("activity_id", type.activityId);
    fields.text("activity_name", activityName);
    fields.number("type_uid", type.typeUid);
    fields.text("type_name", type.typeName);
    fields.number("severity_id", severity.id);
    fields.text("severity", severity.caption);
  }
}
