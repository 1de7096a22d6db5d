package redoubt.core.wire;

/// The fields of [EngineReport]. Stateless.
final class EngineReportFields {
  private EngineReportFields() {}

  static void write(ProtoWriter out, EngineReport engine) {
    out.text(1, engine.name());
    out.text(2, engine.vendor());
    out.text(3, engine.version());
    out.unsigned(4, engine.asked());
    out.unsigned(5, engine.denied());
    out.unsigned(6, engine.missed());
    out.unsigned(7, engine.found());
    out.uint32(8, engine.restarts());
    out.unsigned(9, engine.cpuMicros());
    out.unsigned(10, engine.residentBytes());
    out.unsigned(11, engine.p50Micros());
    out.unsigned(12, engine.p99Micros());
  }

  static EngineReport read(ProtoReader in) throws WireException {
    String name = "";
    String vendor = "";
    String version = "";
    int restarts = 0;
    // By the numbers of their fields.
    long[] counts = new long[13];
    while (in.next()) {
      switch (in.field()) {
        case 1 -> name = in.text();
        case 2 -> vendor = in.text();
        case 3 -> version = in.text();
        case 4, 5, 6, 7, 9, 10, 11, 12 -> counts[in.field()] = in.uint64();
        case 8 -> restarts = in.uint32();
        default -> in.skip();
      }
    }
    return new EngineReport(
        name,
        vendor,
        version,
        counts[4],
        counts[5],
        counts[6],
        counts[7],
        restarts,
        counts[9],
        counts[10],
        counts[11],
        counts[12]);
  }

  static void check(EngineReport engine) {
    Check.engineId(engine.name());
    Check.text("vendor", engine.vendor(), WireLimits.NAME_CHARS);
    Check.text("version", engine.version(), WireLimits.VERSION_CHARS);
    HostMessages.notNegative("asked", engine.asked());
    HostMessages.notNegative("denied", engine.denied());
    HostMessages.notNegative("missed", engine.missed());
    HostMessages.notNegative("found", engine.found());
    HostMessages.notNegative("restarts", engine.restarts());
    HostMessages.notNegative("cpuMicros", engine.cpuMicros());
    HostMessages.notNegative("residentBytes", engine.residentBytes());
    HostMessages.notNegative("p50Micros", engine.p50Micros());
    HostMessages.notNegative("p99Micros", engine.p99Micros());
  }
}
