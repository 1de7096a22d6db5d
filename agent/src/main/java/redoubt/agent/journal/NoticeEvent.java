package redoubt.agent.journal;

import java.io.IOException;
import redoubt.core.model.PlatformNotice;

/// Writes the platform's notices: what starts and stops as Application Lifecycle, the rest as Base
/// Event, since the schema has no class for a security product's own faults.
final class NoticeEvent {
  private NoticeEvent() {}

  static void write(PlatformNotice notice, String agentVersion, FieldWriter fields)
      throws IOException {
    OcsfType type = type(notice.kind());
    String activity = type == OcsfType.BASE ? notice.kind().name() : type.activityName;
    EventHead.write(type, activity, severity(notice.kind()), notice.timeMillis(), fields);
    fields.text("message", notice.message());
    if (type != OcsfType.BASE) {
      app(notice, agentVersion, fields);
    }
  }

  /// Writes what OCSF has no attribute for.
  static void writeUnmapped(PlatformNotice notice, FieldWriter fields) throws IOException {
    fields.text("kind", notice.kind().name());
    fields.textUnlessEmpty("subject", notice.subject());
  }

  private static void app(PlatformNotice notice, String agentVersion, FieldWriter fields)
      throws IOException {
    fields.object("app");
    if (concernsEngine(notice.kind()) && !notice.subject().isEmpty()) {
      fields.text("name", notice.subject());
    } else {
      fields.text("name", "Redoubt");
      fields.text("vendor_name", "Redoubt");
      fields.textUnlessEmpty("version", agentVersion);
    }
    fields.end();
  }

  private static boolean concernsEngine(PlatformNotice.Kind kind) {
    return switch (kind) {
      case ENGINE_READY,
          ENGINE_GONE,
          ENGINE_DEMOTED,
          ENGINE_RECOVERED,
          ENGINE_VIOLATION,
          ENGINE_SUSPENDED,
          ENGINE_TRIPPED ->
          true;
      case STARTED,
          STOPPED,
          GAP,
          KILLED_LATE,
          RESPONDED,
          RESPONSE_REFUSED,
          QUARANTINED,
          UNQUARANTINED,
          QUARANTINE_REFUSED,
          SCAN,
          ISOLATION,
          FLEET,
          BLOCKLIST,
          PROTECTED_REFUSAL,
          LOSS,
          KERNEL_DENIAL,
          POLICY_CHANGED,
          CONTENT,
          COVERAGE,
          RESCUE,
          KERNEL_CODE,
          TAMPERED ->
          false;
    };
  }

  private static OcsfType type(PlatformNotice.Kind kind) {
    return switch (kind) {
      case STARTED, ENGINE_READY -> OcsfType.APPLICATION_START;
      case STOPPED, ENGINE_GONE, ENGINE_SUSPENDED -> OcsfType.APPLICATION_STOP;
      case ENGINE_RECOVERED -> OcsfType.APPLICATION_ENABLE;
      case ENGINE_DEMOTED, ENGINE_TRIPPED, RESCUE -> OcsfType.APPLICATION_DISABLE;
      case GAP,
          ENGINE_VIOLATION,
          KILLED_LATE,
          RESPONDED,
          RESPONSE_REFUSED,
          QUARANTINED,
          UNQUARANTINED,
          QUARANTINE_REFUSED,
          SCAN,
          ISOLATION,
          FLEET,
          BLOCKLIST,
          PROTECTED_REFUSAL,
          LOSS,
          KERNEL_DENIAL,
          POLICY_CHANGED,
          CONTENT,
          COVERAGE,
          KERNEL_CODE,
          TAMPERED ->
          OcsfType.BASE;
    };
  }

  private static Severity severity(PlatformNotice.Kind kind) {
    return switch (kind) {
      case STARTED,
          STOPPED,
          ENGINE_READY,
          ENGINE_RECOVERED,
          POLICY_CHANGED,
          UNQUARANTINED,
          BLOCKLIST,
          FLEET,
          SCAN,
          CONTENT ->
          Severity.INFORMATIONAL;
      case COVERAGE -> Severity.LOW;
      case ENGINE_GONE,
          ENGINE_SUSPENDED,
          ENGINE_DEMOTED,
          ENGINE_VIOLATION,
          RESPONSE_REFUSED,
          QUARANTINE_REFUSED,
          PROTECTED_REFUSAL,
          LOSS ->
          Severity.MEDIUM;
      case GAP,
          ENGINE_TRIPPED,
          KILLED_LATE,
          RESPONDED,
          QUARANTINED,
          ISOLATION,
          KERNEL_DENIAL,
          RESCUE,
          KERNEL_CODE,
          TAMPERED ->
          Severity.HIGH;
    };
  }
}
