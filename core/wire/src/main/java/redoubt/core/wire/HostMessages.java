package redoubt.core.wire;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import redoubt.core.model.Octets;
import redoubt.core.wire.HostMessage.Activation;
import redoubt.core.wire.HostMessage.CommandOutcome;
import redoubt.core.wire.HostMessage.Engines;
import redoubt.core.wire.HostMessage.Failure;
import redoubt.core.wire.HostMessage.Goodbye;
import redoubt.core.wire.HostMessage.Heartbeat;
import redoubt.core.wire.HostMessage.Hello;
import redoubt.core.wire.HostMessage.LeaseRequest;
import redoubt.core.wire.HostMessage.Part;
import redoubt.core.wire.HostMessage.PolicyInForce;
import redoubt.core.wire.HostMessage.Records;
import redoubt.core.wire.HostMessage.Renewal;
import redoubt.core.wire.HostMessage.Running;
import redoubt.core.wire.HostMessage.State;
import redoubt.core.wire.HostMessage.Step;
import redoubt.core.wire.HostMessage.Symptom;

/// The fields of what hosts say. Stateless.
final class HostMessages {
  private HostMessages() {}

  // ---- written

  /// The message with texts for people cut to their length.
  static HostMessage fit(HostMessage message) {
    return switch (message) {
      case Activation(var bundle, long lease, var step, var reason) ->
          new Activation(bundle, lease, step, WireText.cut(reason, WireLimits.REASON_CHARS));
      case Failure(var symptom, var detail) ->
          new Failure(symptom, WireText.cut(detail, WireLimits.REASON_CHARS));
      case CommandOutcome(long command, boolean isDone, var text) ->
          new CommandOutcome(command, isDone, WireText.cut(text, WireLimits.REASON_CHARS));
      case PolicyInForce(long version, int leftOut, var problem) ->
          new PolicyInForce(version, leftOut, WireText.cut(problem, WireLimits.REASON_CHARS));
      case Hello _,
          Heartbeat _,
          LeaseRequest _,
          Running _,
          Records _,
          Renewal _,
          Goodbye _,
          Part _,
          Engines _ ->
          message;
    };
  }

  static void write(ProtoWriter out, HostMessage message) {
    out.begin(field(message));
    switch (message) {
      case Hello(int version, var inventory, var bootId, long counter, long first) -> {
        out.uint32(1, version);
        out.begin(2);
        InventoryFields.write(out, inventory);
        out.end();
        out.text(3, bootId);
        out.unsigned(4, counter);
        out.unsigned(5, first);
      }
      case Heartbeat beat -> {
        out.unsigned(1, beat.state().number);
        out.unsigned(2, beat.operations());
        out.unsigned(3, beat.denials());
        out.unsigned(4, beat.deadlineMisses());
        out.unsigned(5, beat.engineFailures());
        out.unsigned(6, beat.recordsWaiting());
        out.unsigned(7, beat.recordsLost());
      }
      case LeaseRequest(var bundle, long nonce) -> {
        FleetCodec.write(out, 1, bundle);
        out.fixed64(2, nonce);
      }
      case Activation(var bundle, long lease, var step, var reason) -> {
        FleetCodec.write(out, 1, bundle);
        out.unsigned(2, lease);
        out.unsigned(3, step.number);
        out.text(4, reason);
      }
      case Running(var bundles) -> bundles.forEach(bundle -> FleetCodec.write(out, 1, bundle));
      case Failure(var symptom, var detail) -> {
        out.unsigned(1, symptom.number);
        out.text(2, detail);
      }
      case Records(long first, var lines) -> {
        out.unsigned(1, first);
        lines.forEach(line -> out.bytes(2, line.toArray()));
      }
      case CommandOutcome(long command, boolean isDone, var text) -> {
        out.unsigned(1, command);
        out.flag(2, isDone);
        out.text(3, text);
      }
      case Renewal(var request) -> out.bytes(1, request.toArray());
      case Goodbye() -> {
        // It has no fields.
      }
      case Part(long command, long offset, var bytes, boolean isLast) -> {
        out.unsigned(1, command);
        out.unsigned(2, offset);
        out.bytes(3, bytes.toArray());
        out.flag(4, isLast);
      }
      case PolicyInForce(long version, int leftOut, var problem) -> {
        out.unsigned(1, version);
        out.uint32(2, leftOut);
        out.text(3, problem);
      }
      case Engines(long seconds, var engines) -> {
        out.unsigned(1, seconds);
        for (EngineReport engine : engines) {
          out.begin(2);
          EngineReportFields.write(out, engine);
          out.end();
        }
      }
    }
    out.end();
  }

  private static int field(HostMessage message) {
    return switch (message) {
      case Hello _ -> 1;
      case Heartbeat _ -> 2;
      case LeaseRequest _ -> 3;
      case Activation _ -> 4;
      case Running _ -> 5;
      case Failure _ -> 6;
      case Records _ -> 7;
      case CommandOutcome _ -> 8;
      case Renewal _ -> 9;
      case Goodbye _ -> 10;
      case Engines _ -> 11;
      case PolicyInForce _ -> 12;
      case Part _ -> 13;
    };
  }

  // ---- read

  static @Nullable HostMessage read(ProtoReader in) throws WireException {
    return switch (in.field()) {
      case 1 -> readHello(in.message());
      case 2 -> readHeartbeat(in.message());
      case 3 -> readLeaseRequest(in.message());
      case 4 -> readActivation(in.message());
      case 5 -> readRunning(in.message());
      case 6 -> readFailure(in.message());
      case 7 -> readRecords(in.message());
      case 8 -> readCommandOutcome(in.message());
      case 9 -> readRenewal(in.message());
      case 10 -> readGoodbye(in.message());
      case 11 -> readEngines(in.message());
      case 12 -> readPolicyInForce(in.message());
      case 13 -> readPart(in.message());
      default -> {
        in.skip();
        yield null;
      }
    };
  }

  private static Hello readHello(ProtoReader in) throws WireException {
    int version = 0;
    HostInventory inventory = null;
    String bootId = "";
    long counter = 0;
    long first = 0;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> version = in.uint32();
        case 2 -> inventory = InventoryFields.read(in.message());
        case 3 -> bootId = in.text();
        case 4 -> counter = in.uint64();
        case 5 -> first = in.uint64();
        default -> in.skip();
      }
    }
    return new Hello(version, FleetCodec.required("inventory", inventory), bootId, counter, first);
  }

  private static Heartbeat readHeartbeat(ProtoReader in) throws WireException {
    int state = 0;
    long operations = 0;
    long denials = 0;
    long deadlineMisses = 0;
    long engineFailures = 0;
    long recordsWaiting = 0;
    long recordsLost = 0;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> state = in.uint32();
        case 2 -> operations = in.uint64();
        case 3 -> denials = in.uint64();
        case 4 -> deadlineMisses = in.uint64();
        case 5 -> engineFailures = in.uint64();
        case 6 -> recordsWaiting = in.uint64();
        case 7 -> recordsLost = in.uint64();
        default -> in.skip();
      }
    }
    return new Heartbeat(
        stateOf(state),
        operations,
        denials,
        deadlineMisses,
        engineFailures,
        recordsWaiting,
        recordsLost);
  }

  private static LeaseRequest readLeaseRequest(ProtoReader in) throws WireException {
    BundleName bundle = null;
    long nonce = 0;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> bundle = FleetCodec.readBundle(in.message());
        case 2 -> nonce = in.fixed64();
        default -> in.skip();
      }
    }
    return new LeaseRequest(FleetCodec.required("bundle", bundle), nonce);
  }

  private static Activation readActivation(ProtoReader in) throws WireException {
    BundleName bundle = null;
    long lease = 0;
    int step = 0;
    String reason = "";
    while (in.next()) {
      switch (in.field()) {
        case 1 -> bundle = FleetCodec.readBundle(in.message());
        case 2 -> lease = in.uint64();
        case 3 -> step = in.uint32();
        case 4 -> reason = in.text();
        default -> in.skip();
      }
    }
    return new Activation(FleetCodec.required("bundle", bundle), lease, stepOf(step), reason);
  }

  private static Running readRunning(ProtoReader in) throws WireException {
    List<BundleName> bundles = new ArrayList<>();
    while (in.next()) {
      switch (in.field()) {
        case 1 -> bundles.add(FleetCodec.readBundle(in.messageElement()));
        default -> in.skip();
      }
    }
    return new Running(bundles);
  }

  private static Failure readFailure(ProtoReader in) throws WireException {
    int symptom = 0;
    String detail = "";
    while (in.next()) {
      switch (in.field()) {
        case 1 -> symptom = in.uint32();
        case 2 -> detail = in.text();
        default -> in.skip();
      }
    }
    return new Failure(symptomOf(symptom), detail);
  }

  private static Records readRecords(ProtoReader in) throws WireException {
    long first = 0;
    List<Octets> lines = new ArrayList<>();
    while (in.next()) {
      switch (in.field()) {
        case 1 -> first = in.uint64();
        case 2 -> lines.add(Octets.of(in.bytesElement()));
        default -> in.skip();
      }
    }
    return new Records(first, lines);
  }

  private static CommandOutcome readCommandOutcome(ProtoReader in) throws WireException {
    long command = 0;
    boolean isDone = false;
    String text = "";
    while (in.next()) {
      switch (in.field()) {
        case 1 -> command = in.uint64();
        case 2 -> isDone = in.flag();
        case 3 -> text = in.text();
        default -> in.skip();
      }
    }
    return new CommandOutcome(command, isDone, text);
  }

  private static Renewal readRenewal(ProtoReader in) throws WireException {
    Octets request = null;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> request = Octets.of(in.bytes());
        default -> in.skip();
      }
    }
    return new Renewal(FleetCodec.required("certificateRequest", request));
  }

  private static Goodbye readGoodbye(ProtoReader in) throws WireException {
    while (in.next()) {
      in.skip();
    }
    return new Goodbye();
  }

  private static Engines readEngines(ProtoReader in) throws WireException {
    long seconds = 0;
    List<EngineReport> engines = new ArrayList<>();
    while (in.next()) {
      switch (in.field()) {
        case 1 -> seconds = in.uint64();
        case 2 -> engines.add(EngineReportFields.read(in.messageElement()));
        default -> in.skip();
      }
    }
    return new Engines(seconds, engines);
  }

  private static PolicyInForce readPolicyInForce(ProtoReader in) throws WireException {
    long version = 0;
    int leftOut = 0;
    String problem = "";
    while (in.next()) {
      switch (in.field()) {
        case 1 -> version = in.uint64();
        case 2 -> leftOut = in.uint32();
        case 3 -> problem = in.text();
        default -> in.skip();
      }
    }
    return new PolicyInForce(version, leftOut, problem);
  }

  private static Part readPart(ProtoReader in) throws WireException {
    long command = 0;
    long offset = 0;
    Octets bytes = null;
    boolean isLast = false;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> command = in.uint64();
        case 2 -> offset = in.uint64();
        case 3 -> bytes = Octets.of(in.bytes());
        case 4 -> isLast = in.flag();
        default -> in.skip();
      }
    }
    return new Part(command, offset, FleetCodec.required("bytes", bytes), isLast);
  }

  private static State stateOf(int number) throws WireException {
    return Arrays.stream(State.values())
        .filter(state -> state.number == number)
        .findFirst()
        .orElseThrow(() -> unknown("state of a host", number));
  }

  private static Step stepOf(int number) throws WireException {
    return Arrays.stream(Step.values())
        .filter(step -> step.number == number)
        .findFirst()
        .orElseThrow(() -> unknown("step of an activation", number));
  }

  private static Symptom symptomOf(int number) throws WireException {
    return Arrays.stream(Symptom.values())
        .filter(symptom -> symptom.number == number)
        .findFirst()
        .orElseThrow(() -> unknown("symptom", number));
  }

  static WireException unknown(String what, int number) {
    return new WireException("unknown " + what + ": number=" + number);
  }

  // ---- checked

  static void check(HostMessage message) {
    switch (message) {
      case Hello hello -> {
        Check.range("protocolVersion", hello.protocolVersion(), 1, Integer.MAX_VALUE);
        InventoryFields.check(hello.inventory());
        Check.text("bootId", hello.bootId(), WireLimits.BOOT_ID_CHARS);
        notNegative("leaseCounter", hello.leaseCounter());
        notNegative("firstRecord", hello.firstRecord());
      }
      case Heartbeat beat -> {
        notNegative("operations", beat.operations());
        notNegative("denials", beat.denials());
        notNegative("deadlineMisses", beat.deadlineMisses());
        notNegative("engineFailures", beat.engineFailures());
        notNegative("recordsWaiting", beat.recordsWaiting());
        notNegative("recordsLost", beat.recordsLost());
      }
      case LeaseRequest(var bundle, _) -> FleetCodec.check(bundle);
      case Activation(var bundle, long lease, _, var reason) -> {
        FleetCodec.check(bundle);
        Check.range("lease", lease, 1, Long.MAX_VALUE);
        Check.text("reason", reason, WireLimits.REASON_CHARS);
      }
      case Running(var bundles) -> {
        Check.count("bundles", bundles, 0, WireLimits.RUNNING_BUNDLES);
        bundles.forEach(FleetCodec::check);
      }
      case Failure(_, var detail) -> Check.text("detail", detail, WireLimits.REASON_CHARS);
      case Records(long first, var lines) -> {
        notNegative("first", first);
        Check.count("lines", lines, 1, WireLimits.RECORDS_PER_MESSAGE);
        lines.forEach(
            line -> Check.range("line length", line.length(), 1, WireLimits.RECORD_BYTES));
      }
      case CommandOutcome(long command, _, var text) -> {
        Check.range("command", command, 1, Long.MAX_VALUE);
        Check.text("text", text, WireLimits.REASON_CHARS);
      }
      case Renewal(var request) -> FleetCodec.checkCertificate(request);
      case Goodbye() -> {
        // It has no fields.
      }
      case Part(long command, long offset, var bytes, _) -> {
        Check.range("command", command, 1, Long.MAX_VALUE);
        notNegative("offset", offset);
        Check.range("part length", bytes.length(), 1, Part.BYTES);
      }
      case PolicyInForce(long version, int leftOut, var problem) -> {
        notNegative("version", version);
        Check.range("leftOut", leftOut, 0, WireLimits.EXEMPTIONS);
        Check.text("problem", problem, WireLimits.REASON_CHARS);
      }
      case Engines(long seconds, var engines) -> {
        notNegative("seconds", seconds);
        Check.count("engines", engines, 0, WireLimits.STATUS_ENGINES);
        engines.forEach(EngineReportFields::check);
      }
    }
  }

  static void notNegative(String name, long value) {
    Check.range(name, value, 0, Long.MAX_VALUE);
  }
}
