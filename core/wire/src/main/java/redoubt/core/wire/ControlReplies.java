package redoubt.core.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import redoubt.core.model.Sha256;
import redoubt.core.wire.ControlReply.Coverage;
import redoubt.core.wire.ControlReply.Done;
import redoubt.core.wire.ControlReply.Engine;
import redoubt.core.wire.ControlReply.Failed;
import redoubt.core.wire.ControlReply.Fleet;
import redoubt.core.wire.ControlReply.HotSpots;
import redoubt.core.wire.ControlReply.Scanned;
import redoubt.core.wire.ControlReply.Seal;
import redoubt.core.wire.ControlReply.Spot;
import redoubt.core.wire.ControlReply.Status;
import redoubt.core.wire.ControlReply.Taken;

/// `ControlReply` in `spec/control.proto`, field by field; engines are in [EngineStatus], the fleet
/// in [FleetStatus], scanned files in [ScanFormat].
final class ControlReplies {
  private ControlReplies() {}

  static ProtoWriter write(ControlReply reply) {
    ProtoWriter out = new ProtoWriter();
    out.begin(field(reply));
    switch (reply) {
      case Done(var message) -> out.text(1, message);
      case Failed(var code, var message, var fix) -> {
        out.text(1, code);
        out.text(2, message);
        out.text(3, fix);
      }
      case Status status -> writeStatus(out, status);
      case HotSpots spots -> writeHotSpots(out, spots);
      case Scanned scanned -> ScanFormat.write(out, scanned);
      case Taken(var engine, var vendor, var name, long version, var digest) -> {
        out.text(1, engine);
        out.text(2, vendor);
        out.text(3, name);
        out.unsigned(4, version);
        out.bytes(5, digest.bytes());
      }
    }
    out.end();
    return out;
  }

  /// Reads the body that `in` stands at, or skips a field that is none and returns null.
  static @Nullable ControlReply read(ProtoReader in) throws WireException {
    return switch (in.field()) {
      case 1 -> readDone(in.message());
      case 2 -> readFailed(in.message());
      case 3 -> readStatus(in.message());
      case 4 -> readHotSpots(in.message());
      case 5 -> ScanFormat.read(in.message());
      case 6 -> readTaken(in.message());
      default -> {
        in.skip();
        yield null;
      }
    };
  }

  /// Cuts texts for people and paths to their limits, and leaves out file systems until the message
  /// is short enough.
  static ControlReply fit(ControlReply reply) {
    return switch (reply) {
      case Done(var message) -> new Done(forPeople(message));
      case Failed(var code, var message, var fix) ->
          new Failed(code, forPeople(message), forPeople(fix));
      case Status status -> fit(status);
      case HotSpots(var seconds, var programs, var files) ->
          new HotSpots(seconds, fit(programs), fit(files));
      case Scanned scanned -> ScanFormat.fit(scanned);
      case Taken taken -> taken;
    };
  }

  private static List<Spot> fit(List<Spot> spots) {
    return spots.stream()
        .limit(WireLimits.HOT_SPOTS)
        .map(spot ->
            new Spot(
                WireText.cut(spot.name(), WireLimits.HOT_SPOT_CHARS),
                spot.operations(),
                spot.waitedMicros(),
                spot.denied()))
        .toList();
  }

  private static Status fit(Status status) {
    int most = WireLimits.STATUS_FILE_SYSTEMS;
    Status fitting = withFileSystems(status, most);
    while (most > 1 && write(fitting).length() > WireLimits.MESSAGE_BYTES) {
      most /= 2;
      fitting = withFileSystems(status, most);
    }
    return fitting;
  }

  /// @throws IllegalArgumentException if a field is out of its range
  static void check(ControlReply reply) {
    switch (reply) {
      case Done(var message) -> Check.text("message", message, WireLimits.REASON_CHARS);
      case Failed(var code, var message, var fix) -> {
        Check.code(code);
        Check.text("message", message, WireLimits.REASON_CHARS);
        Check.text("fix", fix, WireLimits.REASON_CHARS);
      }
      case Status status -> checkStatus(status);
      case HotSpots(var seconds, var programs, var files) -> {
        Check.range("seconds", seconds, 0, Integer.MAX_VALUE);
        checkSpots("programs", programs);
        checkSpots("files", files);
      }
      case Scanned scanned -> ScanFormat.check(scanned);
      case Taken(var engine, var vendor, var name, long version, _) -> {
        Check.engineId(engine);
        Check.required("vendor", vendor, WireLimits.NAME_CHARS);
        Check.required("name", name, WireLimits.NAME_CHARS);
        Check.range("version", version, 1, Long.MAX_VALUE);
      }
    }
  }

  private static void checkSpots(String name, List<Spot> spots) {
    Check.count(name, spots, 0, WireLimits.HOT_SPOTS);
    for (Spot spot : spots) {
      Check.text("name", spot.name(), WireLimits.HOT_SPOT_CHARS);
      Check.range("operations", spot.operations(), 0, Long.MAX_VALUE);
      Check.range("waitedMicros", spot.waitedMicros(), 0, Long.MAX_VALUE);
      Check.range("denied", spot.denied(), 0, Long.MAX_VALUE);
    }
  }

  private static void checkStatus(Status status) {
    Check.text("version", status.version(), WireLimits.VERSION_CHARS);
    Check.range("pid", status.pid(), 1, Integer.MAX_VALUE);
    Check.range("supervisorPid", status.supervisorPid(), 0, Integer.MAX_VALUE);
    Check.range("startedMillis", status.startedMillis(), 0, Long.MAX_VALUE);
    Check.range("protectedSinceMillis", status.protectedSinceMillis(), 0, Long.MAX_VALUE);
    Check.code(status.state());
    Check.text("stateReason", status.stateReason(), WireLimits.REASON_CHARS);
    Check.range("policyGeneration", status.policyGeneration(), 0, Long.MAX_VALUE);
    Check.range("exceptions", status.exceptions(), 0, Integer.MAX_VALUE);
    Check.range("protectedFiles", status.protectedFiles(), 0, Integer.MAX_VALUE);
    Check.path("journalPath", status.journalPath());
    Check.count("coverage", status.coverage(), 0, WireLimits.STATUS_FILE_SYSTEMS);
    status.coverage().forEach(ControlReplies::checkCoverage);
    Check.count("engines", status.engines(), 0, WireLimits.STATUS_ENGINES);
    status.engines().forEach(EngineStatus::check);
    Check.count("counters", status.counters().keySet(), 0, WireLimits.STATUS_COUNTERS);
    status
        .counters()
        .keySet()
        .forEach(name -> Check.required("counter", name, WireLimits.NAME_CHARS));
    Check.code(status.seal().state());
    Check.text("detail", status.seal().detail(), WireLimits.REASON_CHARS);
    FleetStatus.check(status.fleet());
  }

  private static void checkCoverage(Coverage coverage) {
    Check.path("mountPoint", coverage.mountPoint());
    Check.text("type", coverage.type(), WireLimits.NAME_CHARS);
    Check.text("detail", coverage.detail(), WireLimits.REASON_CHARS);
  }

  private static int field(ControlReply reply) {
    return switch (reply) {
      case Done _ -> 1;
      case Failed _ -> 2;
      case Status _ -> 3;
      case HotSpots _ -> 4;
      case Scanned _ -> 5;
      case Taken _ -> 6;
    };
  }

  private static String forPeople(String text) {
    return WireText.cut(text, WireLimits.REASON_CHARS);
  }

  private static Status withFileSystems(Status status, int most) {
    return new Status(
        status.version(),
        status.pid(),
        status.supervisorPid(),
        status.startedMillis(),
        status.protectedSinceMillis(),
        status.state(),
        forPeople(status.stateReason()),
        status.policyGeneration(),
        status.exceptions(),
        status.protectedFiles(),
        WireText.cutPath(status.journalPath()),
        fitCoverage(status.coverage(), most),
        status.engines(),
        status.counters(),
        new Seal(
            status.seal().state(),
            forPeople(status.seal().detail()),
            status.seal().needsPassphrase()),
        FleetStatus.fit(status.fleet()));
  }

  private static List<Coverage> fitCoverage(List<Coverage> all, int most) {
    List<Coverage> kept = new ArrayList<>();
    int listed = all.size() <= most ? all.size() : most - 1;
    for (Coverage each : all.subList(0, listed)) {
      String mountPoint = WireText.cutPath(each.mountPoint());
      kept.add(new Coverage(mountPoint, each.type(), each.covered(), forPeople(each.detail())));
    }
    if (listed < all.size()) {
      kept.add(new Coverage("", "", false, all.size() - listed + " more file systems, not listed"));
    }
    return kept;
  }

  private static void writeStatus(ProtoWriter out, Status status) {
    out.text(1, status.version());
    out.uint32(2, status.pid());
    out.uint32(3, status.supervisorPid());
    out.unsigned(4, status.startedMillis());
    out.unsigned(5, status.protectedSinceMillis());
    out.text(6, status.state());
    out.text(7, status.stateReason());
    out.unsigned(8, status.policyGeneration());
    out.uint32(9, status.exceptions());
    out.uint32(10, status.protectedFiles());
    out.text(11, status.journalPath());
    for (Coverage coverage : status.coverage()) {
      out.begin(12);
      writeCoverage(out, coverage);
      out.end();
    }
    for (Engine engine : status.engines()) {
      out.begin(13);
      EngineStatus.write(out, engine);
      out.end();
    }
    for (Map.Entry<String, Long> counter : new TreeMap<>(status.counters()).entrySet()) {
      out.begin(14);
      out.text(1, counter.getKey());
      out.unsigned(2, counter.getValue());
      out.end();
    }
    out.begin(15);
    out.text(1, status.seal().state());
    out.text(2, status.seal().detail());
    out.flag(3, status.seal().needsPassphrase());
    out.end();
    if (!status.fleet().server().isEmpty()) {
      out.begin(16);
      FleetStatus.write(out, status.fleet());
      out.end();
    }
  }

  private static void writeCoverage(ProtoWriter out, Coverage coverage) {
    out.text(1, coverage.mountPoint());
    out.text(2, coverage.type());
    out.flag(3, coverage.covered());
    out.text(4, coverage.detail());
  }

  private static void writeHotSpots(ProtoWriter out, HotSpots spots) {
    out.uint32(1, spots.seconds());
    spots.programs().forEach(spot -> writeSpot(out, 2, spot));
    spots.files().forEach(spot -> writeSpot(out, 3, spot));
  }

  private static void writeSpot(ProtoWriter out, int field, Spot spot) {
    out.begin(field);
    out.text(1, spot.name());
    out.unsigned(2, spot.operations());
    out.unsigned(3, spot.waitedMicros());
    out.unsigned(4, spot.denied());
    out.end();
  }

  private static HotSpots readHotSpots(ProtoReader in) throws WireException {
    int seconds = 0;
    List<Spot> programs = new ArrayList<>();
    List<Spot> files = new ArrayList<>();
    while (in.next()) {
      switch (in.field()) {
        case 1 -> seconds = in.uint32();
        case 2 -> programs.add(readSpot(in.messageElement()));
        case 3 -> files.add(readSpot(in.messageElement()));
        default -> in.skip();
      }
    }
    return new HotSpots(seconds, programs, files);
  }

  private static Spot readSpot(ProtoReader in) throws WireException {
    String name = "";
    long operations = 0;
    long waitedMicros = 0;
    long denied = 0;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> name = in.text();
        case 2 -> operations = in.uint64();
        case 3 -> waitedMicros = in.uint64();
        case 4 -> denied = in.uint64();
        default -> in.skip();
      }
    }
    return new Spot(name, operations, waitedMicros, denied);
  }

  private static Taken readTaken(ProtoReader in) throws WireException {
    String engine = "";
    String vendor = "";
    String name = "";
    long version = 0;
    byte[] digest = {};
    while (in.next()) {
      switch (in.field()) {
        case 1 -> engine = in.text();
        case 2 -> vendor = in.text();
        case 3 -> name = in.text();
        case 4 -> version = in.uint64();
        case 5 -> digest = in.bytes();
        default -> in.skip();
      }
    }
    return new Taken(engine, vendor, name, version, Sha256.of(digest));
  }

  private static Done readDone(ProtoReader in) throws WireException {
    String message = "";
    while (in.next()) {
      switch (in.field()) {
        case 1 -> message = in.text();
        default -> in.skip();
      }
    }
    return new Done(message);
  }

  private static Failed readFailed(ProtoReader in) throws WireException {
    String code = "";
    String message = "";
    String fix = "";
    while (in.next()) {
      switch (in.field()) {
        case 1 -> code = in.text();
        case 2 -> message = in.text();
        case 3 -> fix = in.text();
        default -> in.skip();
      }
    }
    return new Failed(code, message, fix);
  }

  private static Status readStatus(ProtoReader in) throws WireException {
    String version = "";
    int pid = 0;
    int supervisorPid = 0;
    long startedMillis = 0;
    long protectedSinceMillis = 0;
    String state = "";
    String stateReason = "";
    long policyGeneration = 0;
    int exceptions = 0;
    int protectedFiles = 0;
    String journalPath = "";
    List<Coverage> coverage = new ArrayList<>();
    List<Engine> engines = new ArrayList<>();
    Map<String, Long> counters = new TreeMap<>();
    Seal seal = Seal.none();
    Fleet fleet = Fleet.none();
    while (in.next()) {
      switch (in.field()) {
        case 1 -> version = in.text();
        case 2 -> pid = in.uint32();
        case 3 -> supervisorPid = in.uint32();
        case 4 -> startedMillis = in.uint64();
        case 5 -> protectedSinceMillis = in.uint64();
        case 6 -> state = in.text();
        case 7 -> stateReason = in.text();
        case 8 -> policyGeneration = in.uint64();
        case 9 -> exceptions = in.uint32();
        case 10 -> protectedFiles = in.uint32();
        case 11 -> journalPath = in.text();
        case 12 -> coverage.add(readCoverage(in.messageElement()));
        case 13 -> engines.add(EngineStatus.read(in.messageElement()));
        case 14 -> readCounter(in.messageElement(), counters);
        case 15 -> seal = readSeal(in.message());
        case 16 -> fleet = FleetStatus.read(in.message());
        default -> in.skip();
      }
    }
    return new Status(
        version,
        pid,
        supervisorPid,
        startedMillis,
        protectedSinceMillis,
        state,
        stateReason,
        policyGeneration,
        exceptions,
        protectedFiles,
        journalPath,
        coverage,
        engines,
        counters,
        seal,
        fleet);
  }

  private static Seal readSeal(ProtoReader in) throws WireException {
    String state = "";
    String detail = "";
    boolean needsPassphrase = false;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> state = in.text();
        case 2 -> detail = in.text();
        case 3 -> needsPassphrase = in.flag();
        default -> in.skip();
      }
    }
    return new Seal(state, detail, needsPassphrase);
  }

  private static Coverage readCoverage(ProtoReader in) throws WireException {
    String mountPoint = "";
    String type = "";
    boolean covered = false;
    String detail = "";
    while (in.next()) {
      switch (in.field()) {
        case 1 -> mountPoint = in.text();
        case 2 -> type = in.text();
        case 3 -> covered = in.flag();
        case 4 -> detail = in.text();
        default -> in.skip();
      }
    }
    return new Coverage(mountPoint, type, covered, detail);
  }

  private static void readCounter(ProtoReader in, Map<String, Long> counters) throws WireException {
    String name = "";
    long value = 0;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> name = in.text();
        case 2 -> value = in.uint64();
        default -> in.skip();
      }
    }
    if (counters.put(name, value) != null) {
      throw new WireException("counter comes twice: name=" + WireText.cut(name, 64));
    }
  }
}
