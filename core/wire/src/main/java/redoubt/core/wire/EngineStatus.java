package redoubt.core.wire;

import java.util.ArrayList;
import java.util.List;
import redoubt.core.model.EngineMode;
import redoubt.core.model.Sha256;
import redoubt.core.wire.ControlReply.Costs;
import redoubt.core.wire.ControlReply.Engine;

/// `Engine` in `spec/control.proto`, field by field.
final class EngineStatus {
  private EngineStatus() {}

  /// @throws IllegalArgumentException if a field is out of its range
  static void check(Engine engine) {
    Check.engineId(engine.id());
    Check.text("name", engine.name(), WireLimits.NAME_CHARS);
    Check.text("vendor", engine.vendor(), WireLimits.NAME_CHARS);
    Check.text("engineVersion", engine.engineVersion(), WireLimits.VERSION_CHARS);
    Check.code(engine.state());
    Check.range("pid", engine.pid(), 0, Integer.MAX_VALUE);
    Check.range("restarts", engine.restarts(), 0, Integer.MAX_VALUE);
    Check.text("contentName", engine.contentName(), WireLimits.NAME_CHARS);
    Check.text("contentVersion", engine.contentVersion(), WireLimits.VERSION_CHARS);
    Check.text("contentTrust", engine.contentTrust(), WireLimits.NAME_CHARS);
    Check.range("contentEntries", engine.contentEntries(), 0, Long.MAX_VALUE);
    Check.range("asked", engine.asked(), 0, Long.MAX_VALUE);
    Check.range("answered", engine.answered(), 0, Long.MAX_VALUE);
    Check.range("missed", engine.missed(), 0, Long.MAX_VALUE);
    Check.range("denied", engine.denied(), 0, Long.MAX_VALUE);
    Check.range("refused", engine.refused(), 0, Long.MAX_VALUE);
    Check.range("found", engine.found(), 0, Long.MAX_VALUE);
    Check.range("latencyP50Micros", engine.latencyP50Micros(), 0, Long.MAX_VALUE);
    Check.range("latencyP99Micros", engine.latencyP99Micros(), 0, Long.MAX_VALUE);
    Check.range("cpuMicros", engine.costs().cpuMicros(), 0, Long.MAX_VALUE);
    Check.range("residentBytes", engine.costs().residentBytes(), 0, Long.MAX_VALUE);
    Check.range("processes", engine.costs().processes(), 0, Integer.MAX_VALUE);
    Check.range("told", engine.costs().told(), 0, Long.MAX_VALUE);
    Check.range("dropped", engine.costs().dropped(), 0, Long.MAX_VALUE);
    Check.range("filtered", engine.costs().filtered(), 0, Long.MAX_VALUE);
    checkRights("rightsAsked", engine.rightsAsked());
    checkRights("rightsGranted", engine.rightsGranted());
  }

  private static void checkRights(String name, List<String> rights) {
    Check.count(name, rights, 0, WireLimits.RIGHTS);
    rights.forEach(right -> Check.required(name, right, WireLimits.NAME_CHARS));
  }

  static void write(ProtoWriter out, Engine engine) {
    out.text(1, engine.id());
    out.text(2, engine.name());
    out.text(3, engine.vendor());
    out.text(4, engine.engineVersion());
    out.unsigned(5, EnumNumbers.of(engine.mode()));
    out.text(6, engine.state());
    out.uint32(7, engine.pid());
    out.uint32(8, engine.uid());
    out.uint32(9, engine.restarts());
    out.text(10, engine.contentName());
    out.text(11, engine.contentVersion());
    out.text(12, engine.contentTrust());
    out.unsigned(13, engine.contentEntries());
    out.unsigned(14, engine.asked());
    out.unsigned(15, engine.answered());
    out.unsigned(16, engine.missed());
    out.unsigned(17, engine.denied());
    out.unsigned(18, engine.latencyP50Micros());
    out.unsigned(19, engine.latencyP99Micros());
    out.begin(20);
    out.unsigned(1, engine.costs().cpuMicros());
    out.unsigned(2, engine.costs().residentBytes());
    out.uint32(3, engine.costs().processes());
    out.unsigned(4, engine.costs().dropped());
    out.unsigned(5, engine.costs().filtered());
    out.unsigned(6, engine.costs().told());
    out.end();
    engine.rightsAsked().forEach(right -> out.element(21, right));
    engine.rightsGranted().forEach(right -> out.element(22, right));
    out.unsigned(23, engine.found());
    if (engine.release() != null) {
      out.bytes(24, engine.release().bytes());
    }
    out.unsigned(25, engine.refused());
  }

  static Engine read(ProtoReader in) throws WireException {
    String id = "";
    String name = "";
    String vendor = "";
    String engineVersion = "";
    int mode = 0;
    String state = "";
    int pid = 0;
    int uid = 0;
    int restarts = 0;
    String contentName = "";
    String contentVersion = "";
    String contentTrust = "";
    long contentEntries = 0;
    long asked = 0;
    long answered = 0;
    long missed = 0;
    long denied = 0;
    long refused = 0;
    long found = 0;
    long p50Micros = 0;
    long p99Micros = 0;
    Costs costs = Costs.NONE;
    List<String> asks = new ArrayList<>();
    List<String> granted = new ArrayList<>();
    Sha256 release = null;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> id = in.text();
        case 2 -> name = in.text();
        case 3 -> vendor = in.text();
        case 4 -> engineVersion = in.text();
        case 5 -> mode = in.uint32();
        case 6 -> state = in.text();
        case 7 -> pid = in.uint32();
        case 8 -> uid = in.uint32();
        case 9 -> restarts = in.uint32();
        case 10 -> contentName = in.text();
        case 11 -> contentVersion = in.text();
        case 12 -> contentTrust = in.text();
        case 13 -> contentEntries = in.uint64();
        case 14 -> asked = in.uint64();
        case 15 -> answered = in.uint64();
        case 16 -> missed = in.uint64();
        case 17 -> denied = in.uint64();
        case 18 -> p50Micros = in.uint64();
        case 19 -> p99Micros = in.uint64();
        case 20 -> costs = readCosts(in.message());
        case 21 -> asks.add(in.element());
        case 22 -> granted.add(in.element());
        case 23 -> found = in.uint64();
        case 24 -> release = Sha256.of(in.bytes());
        case 25 -> refused = in.uint64();
        default -> in.skip();
      }
    }
    EngineMode known = EnumNumbers.mode(mode);
    return new Engine(
        id,
        name,
        vendor,
        engineVersion,
        known,
        state,
        pid,
        uid,
        restarts,
        contentName,
        contentVersion,
        contentTrust,
        contentEntries,
        asked,
        answered,
        missed,
        denied,
        refused,
        found,
        p50Micros,
        p99Micros,
        costs,
        asks,
        granted,
        release);
  }

  private static Costs readCosts(ProtoReader in) throws WireException {
    long cpuMicros = 0;
    long residentBytes = 0;
    int processes = 0;
    long told = 0;
    long dropped = 0;
    long filtered = 0;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> cpuMicros = in.uint64();
        case 2 -> residentBytes = in.uint64();
        case 3 -> processes = in.uint32();
        case 4 -> dropped = in.uint64();
        case 5 -> filtered = in.uint64();
        case 6 -> told = in.uint64();
        default -> in.skip();
      }
    }
    return new Costs(cpuMicros, residentBytes, processes, told, dropped, filtered);
  }
}
