package redoubt.agent.journal;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;

/// Turns entries into OCSF JSON lines, as `spec/ocsf/README.md` maps them.
///
/// Members come in one fixed order. A line is valid UTF-8 and valid against the JSON Schemas in
/// `spec/ocsf/` for every entry, hostile texts included; it has no line feed but its last byte and
/// at most [JournalLimits#MAX_LINE_BYTES] bytes. Not thread-safe.
final class OcsfFormat {
  private static final int BYTES_PER_KILOBYTE = 1000;
  private static final String[] PROFILES_OF_DECISIONS = {"host", "security_control"};
  private static final String[] PROFILES_OF_OTHERS = {"host"};
  private static final String[] PROFILES_IN_CONTAINERS = {"host", "container"};

  private final JsonFactory factory =
      new JsonFactory().enable(JsonGenerator.Feature.COMBINE_UNICODE_SURROGATES_IN_UTF8);
  private final HostFacts host;
  private final DecisionEvent decisions;
  private final FindingEvent findings;

  OcsfFormat(HostFacts host) {
    this.host = host;
    String run = host.bootId() + "-" + host.startedMillis();
    EventIds ids = new EventIds(run);
    this.decisions = new DecisionEvent(ids);
    this.findings = new FindingEvent(ids);
  }

  /// Appends one line.
  ///
  /// @param sequence the journal's number for it
  /// @param loggedMillis now, milliseconds since the epoch
  /// @param previous the digest of the line before it (see [LineChain])
  /// @return false if the entry cannot be formatted; then nothing was appended
  boolean append(Entry entry, long sequence, long loggedMillis, String previous, LineBuffer out) {
    int start = out.length();
    try {
      write(entry, new Logged(sequence, loggedMillis, previous, 0), out);
      int fullBytes = out.length() - start;
      if (fullBytes > JournalLimits.MAX_LINE_BYTES) {
        out.cutTo(start);
        write(entry, new Logged(sequence, loggedMillis, previous, fullBytes), out);
      }
      return true;
    } catch (IOException | RuntimeException _) {
      // Whatever one entry holds, it must not end the journal: the caller counts it as lost.
      out.cutTo(start);
      return false;
    }
  }

  private void write(Entry entry, Logged logged, LineBuffer out) throws IOException {
    try (JsonGenerator json = factory.createGenerator(out, JsonEncoding.UTF8)) {
      json.writeStartObject();
      FieldWriter fields = new FieldWriter(json, logged.fullBytes > 0);
      switch (entry) {
        case Entry.Decision(var decision) -> {
          decisions.write(decision, fields);
          tail(decisions.uid(decision), "", PROFILES_OF_DECISIONS, logged, fields);
          beginUnmapped(logged, fields);
          decisions.writeUnmapped(decision, fields);
        }
        case Entry.Finding(var finding) -> {
          findings.write(finding, logged.sequence, fields);
          String[] profiles =
              FindingEvent.isInContainer(finding) ? PROFILES_IN_CONTAINERS : PROFILES_OF_OTHERS;
          tail(findings.uid(logged.sequence), "", profiles, logged, fields);
          beginUnmapped(logged, fields);
          findings.writeUnmapped(finding, fields);
        }
        case Entry.Notice(var notice) -> {
          NoticeEvent.write(notice, host.agentVersion(), fields);
          String uid = decisions.ids().notice(logged.sequence);
          tail(uid, notice.kind().name(), PROFILES_OF_OTHERS, logged, fields);
          beginUnmapped(logged, fields);
          NoticeEvent.writeUnmapped(notice, fields);
        }
      }
      fields.end();
      json.writeEndObject();
    }
    out.write('\n');
  }

  /// Writes `device` and `metadata`, the same for all classes.
  private void tail(String uid, String code, String[] profiles, Logged logged, FieldWriter fields)
      throws IOException {
    fields.object("device");
    fields.text("hostname", host.hostname());
    fields.number("type_id", 0);
    fields.text("type", "Unknown");
    fields.textUnlessEmpty("boot_uid", host.bootId());
    fields.object("os");
    fields.text("name", "Linux");
    fields.number("type_id", 200);
    fields.text("type", "Linux");
    fields.textUnlessEmpty("kernel_release", host.kernelRelease());
    fields.end();
    fields.end();
    metadata(uid, code, profiles, logged, fields);
  }

  private void metadata(
      String uid, String code, String[] profiles, Logged logged, FieldWriter fields)
      throws IOException {
    fields.object("metadata");
    fields.text("version", OcsfType.SCHEMA_VERSION);
    product(host.agentVersion(), fields);
    fields.strings("profiles", profiles);
    fields.text("uid", uid);
    fields.textUnlessEmpty("event_code", code);
    fields.number("sequence", logged.sequence);
    fields.number("logged_time", logged.millis);
    if (fields.shortForm()) {
      fields.flag("is_truncated", true);
      fields.number("untruncated_size", Math.ceilDiv(logged.fullBytes, BYTES_PER_KILOBYTE));
    }
    fields.end();
  }

  private static void beginUnmapped(Logged logged, FieldWriter fields) throws IOException {
    fields.object("unmapped");
    fields.text(LineChain.MEMBER, logged.previous);
  }

  private static void product(String version, FieldWriter fields) throws IOException {
    fields.object("product");
    fields.text("name", "Redoubt");
    fields.text("vendor_name", "Redoubt");
    fields.textUnlessEmpty("version", version);
    fields.end();
  }

  /// @param fullBytes the size of the line in full if it has to be shortened, else 0
  private record Logged(long sequence, long millis, String previous, int fullBytes) {}
}
