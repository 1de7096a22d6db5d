package redoubt.core.wire;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import redoubt.core.model.Finding.Reason;
import redoubt.core.model.ResponseAction;
import redoubt.core.wire.EngineMessage.Report;

/// `Report` in `spec/engine-protocol.proto`, field by field.
final class ReportFormat {
  private ReportFormat() {}

  static void write(ProtoWriter out, Report report) {
    out.unsigned(1, report.eventId());
    out.text(2, report.rule());
    out.text(3, report.title());
    out.unsigned(4, EnumNumbers.of(report.level()));
    report.techniques().forEach(technique -> out.element(5, technique));
    for (Reason reason : report.reasons()) {
      out.begin(6);
      out.text(1, reason.field());
      out.text(2, reason.value());
      out.end();
    }
    out.unsigned(7, report.hostEventId());
    EnumNumbers.writeActions(out, 8, report.wishes());
    out.uint32(9, report.generations());
  }

  static void check(Report report) {
    Check.range("eventId", report.eventId(), 0, Long.MAX_VALUE);
    Check.text("rule", report.rule(), WireLimits.NAME_CHARS);
    Check.required("title", report.title(), WireLimits.NAME_CHARS);
    Check.count("techniques", report.techniques(), 0, WireLimits.TECHNIQUES);
    report
        .techniques()
        .forEach(each -> Check.required("technique", each, WireLimits.TECHNIQUE_CHARS));
    Check.count("reasons", report.reasons(), 0, WireLimits.REASONS);
    for (Reason reason : report.reasons()) {
      Check.text("field", reason.field(), WireLimits.NAME_CHARS);
      Check.text("value", reason.value(), WireLimits.REASON_CHARS);
    }
    Check.range("hostEventId", report.hostEventId(), 0, Long.MAX_VALUE);
    Check.range("generations", report.generations(), 0, WireLimits.GENERATIONS);
    if (report.hostEventId() == 0 && !report.wishes().isEmpty()) {
      throw new IllegalArgumentException("a wish without an event of the host");
    }
  }

  static Report read(ProtoReader in) throws WireException {
    long eventId = 0;
    String rule = "";
    String title = "";
    int level = 0;
    List<String> techniques = new ArrayList<>();
    List<Reason> reasons = new ArrayList<>();
    long hostEventId = 0;
    Set<ResponseAction> wishes = EnumSet.noneOf(ResponseAction.class);
    int generations = 0;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> eventId = in.uint64();
        case 2 -> rule = in.text();
        case 3 -> title = in.text();
        case 4 -> level = in.uint32();
        case 5 -> {
          Check.range("techniques", techniques.size(), 0, WireLimits.TECHNIQUES - 1);
          techniques.add(in.element());
        }
        case 6 -> {
          Check.range("reasons", reasons.size(), 0, WireLimits.REASONS - 1);
          reasons.add(readReason(in.messageElement()));
        }
        case 7 -> hostEventId = in.uint64();
        case 8 -> EnumNumbers.readActions(in, wishes);
        case 9 -> generations = in.uint32();
        default -> in.skip();
      }
    }
    return new Report(
        eventId,
        rule,
        title,
        EnumNumbers.findLevel(level),
        techniques,
        reasons,
        hostEventId,
        wishes,
        generations);
  }

  private static Reason readReason(ProtoReader in) throws WireException {
    String field = "";
    String value = "";
    while (in.next()) {
      switch (in.field()) {
        case 1 -> field = in.text();
        case 2 -> value = in.text();
        default -> in.skip();
      }
    }
    return new Reason(field, value);
  }
}
