package redoubt.core.wire;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import redoubt.core.model.Octets;
import redoubt.core.model.Sha256;
import redoubt.core.wire.FleetMessage.Action;
import redoubt.core.wire.FleetMessage.Certificates;
import redoubt.core.wire.FleetMessage.Command;
import redoubt.core.wire.FleetMessage.Exemption;
import redoubt.core.wire.FleetMessage.LeaseGrant;
import redoubt.core.wire.FleetMessage.LeaseRefusal;
import redoubt.core.wire.FleetMessage.Offer;
import redoubt.core.wire.FleetMessage.PartKept;
import redoubt.core.wire.FleetMessage.Policy;
import redoubt.core.wire.FleetMessage.Reason;
import redoubt.core.wire.FleetMessage.RecordsKept;
import redoubt.core.wire.FleetMessage.RollBack;
import redoubt.core.wire.FleetMessage.Welcome;

/// The fields of what hosts are told. Stateless.
final class FleetMessages {
  private static final int MOST_HEARTBEAT_SECONDS = 3_600;

  private FleetMessages() {}

  // ---- written

  /// The message with texts for people cut to their length.
  static FleetMessage fit(FleetMessage message) {
    return switch (message) {
      case RollBack(var bundle, var reason) ->
          new RollBack(bundle, WireText.cut(reason, WireLimits.REASON_CHARS));
      case Command(long id, var operator, var action) ->
          new Command(id, WireText.cut(operator, WireLimits.NAME_CHARS), action);
      case Policy(long version, var exemptions) ->
          new Policy(version, exemptions.stream().map(FleetMessages::fit).toList());
      case PartKept(long command, long next, var problem) ->
          new PartKept(command, next, WireText.cut(problem, WireLimits.REASON_CHARS));
      case Welcome _, Offer _, LeaseGrant _, LeaseRefusal _, RecordsKept _, Certificates _ ->
          message;
    };
  }

  private static Exemption fit(Exemption one) {
    return new Exemption(
        one.value(),
        one.engine(),
        one.madeSeconds(),
        one.untilSeconds(),
        WireText.cut(one.comment(), WireLimits.NAME_CHARS));
  }

  static void write(ProtoWriter out, FleetMessage message) {
    out.begin(field(message));
    switch (message) {
      case Welcome(int version, int seconds) -> {
        out.uint32(1, version);
        out.uint32(2, seconds);
      }
      case Offer(var bundle) -> FleetCodec.write(out, 1, bundle);
      case LeaseGrant(var lease, var signature) -> {
        out.bytes(1, lease.toArray());
        out.bytes(2, signature.toArray());
      }
      case LeaseRefusal(var bundle, var reason) -> {
        out.bytes(1, bundle.bytes());
        out.unsigned(2, reason.number);
      }
      case RollBack(var bundle, var reason) -> {
        FleetCodec.write(out, 1, bundle);
        out.text(2, reason);
      }
      case RecordsKept(long next) -> out.unsigned(1, next);
      case Command(long id, var operator, var action) -> {
        out.unsigned(1, id);
        out.text(2, operator);
        write(out, action);
      }
      case Certificates(var certificates) ->
          certificates.forEach(certificate -> out.bytes(1, certificate.toArray()));
      case PartKept(long command, long next, var problem) -> {
        out.unsigned(1, command);
        out.unsigned(2, next);
        out.text(3, problem);
      }
      case Policy(long version, var exemptions) -> {
        out.unsigned(1, version);
        exemptions.forEach(exemption -> write(out, exemption));
      }
    }
    out.end();
  }

  private static void write(ProtoWriter out, Exemption exemption) {
    out.begin(2);
    out.text(1, exemption.value());
    out.text(2, exemption.engine());
    out.unsigned(3, exemption.madeSeconds());
    out.unsigned(4, exemption.untilSeconds());
    out.text(5, exemption.comment());
    out.end();
  }

  private static void write(ProtoWriter out, Action action) {
    switch (action) {
      case Action.Isolate(int seconds) -> {
        out.begin(3);
        out.uint32(1, seconds);
      }
      case Action.EndIsolation() -> out.begin(4);
      case Action.Scan(var paths) -> {
        out.begin(5);
        paths.forEach(path -> out.element(1, path));
      }
      case Action.TakeBack(var engine) -> {
        out.begin(6);
        out.text(1, engine);
      }
      case Action.Collect(var paths) -> {
        out.begin(7);
        paths.forEach(path -> out.element(1, path));
      }
    }
    out.end();
  }

  private static int field(FleetMessage message) {
    return switch (message) {
      case Welcome _ -> 1;
      case Offer _ -> 2;
      case LeaseGrant _ -> 3;
      case LeaseRefusal _ -> 4;
      case RollBack _ -> 5;
      case RecordsKept _ -> 6;
      case Command _ -> 7;
      case Certificates _ -> 8;
      case Policy _ -> 9;
      case PartKept _ -> 10;
    };
  }

  // ---- read

  static @Nullable FleetMessage read(ProtoReader in) throws WireException {
    return switch (in.field()) {
      case 1 -> readWelcome(in.message());
      case 2 -> readOffer(in.message());
      case 3 -> readLeaseGrant(in.message());
      case 4 -> readLeaseRefusal(in.message());
      case 5 -> readRollBack(in.message());
      case 6 -> readRecordsKept(in.message());
      case 7 -> readCommand(in.message());
      case 8 -> readCertificates(in.message());
      case 9 -> readPolicy(in.message());
      case 10 -> readPartKept(in.message());
      default -> {
        in.skip();
        yield null;
      }
    };
  }

  private static Welcome readWelcome(ProtoReader in) throws WireException {
    int version = 0;
    int seconds = 0;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> version = in.uint32();
        case 2 -> seconds = in.uint32();
        default -> in.skip();
      }
    }
    return new Welcome(version, seconds);
  }

  private static Offer readOffer(ProtoReader in) throws WireException {
    BundleName bundle = null;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> bundle = FleetCodec.readBundle(in.message());
        default -> in.skip();
      }
    }
    return new Offer(FleetCodec.required("bundle", bundle));
  }

  private static LeaseGrant readLeaseGrant(ProtoReader in) throws WireException {
    Octets lease = null;
    Octets signature = null;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> lease = Octets.of(in.bytes());
        case 2 -> signature = Octets.of(in.bytes());
        default -> in.skip();
      }
    }
    return new LeaseGrant(
        FleetCodec.required("lease", lease), FleetCodec.required("signature", signature));
  }

  private static LeaseRefusal readLeaseRefusal(ProtoReader in) throws WireException {
    Sha256 bundle = null;
    int reason = 0;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> bundle = Sha256.of(in.bytes());
        case 2 -> reason = in.uint32();
        default -> in.skip();
      }
    }
    return new LeaseRefusal(FleetCodec.required("sha256", bundle), reasonOf(reason));
  }

  private static RollBack readRollBack(ProtoReader in) throws WireException {
    BundleName bundle = null;
    String reason = "";
    while (in.next()) {
      switch (in.field()) {
        case 1 -> bundle = FleetCodec.readBundle(in.message());
        case 2 -> reason = in.text();
        default -> in.skip();
      }
    }
    return new RollBack(FleetCodec.required("bundle", bundle), reason);
  }

  private static RecordsKept readRecordsKept(ProtoReader in) throws WireException {
    long next = 0;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> next = in.uint64();
        default -> in.skip();
      }
    }
    return new RecordsKept(next);
  }

  private static Command readCommand(ProtoReader in) throws WireException {
    long id = 0;
    String operator = "";
    Action action = null;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> id = in.uint64();
        case 2 -> operator = in.text();
        default -> action = Datagram.readBody(in, action, FleetMessages::readAction);
      }
    }
    return new Command(id, operator, FleetCodec.required("action", action));
  }

  private static @Nullable Action readAction(ProtoReader in) throws WireException {
    return switch (in.field()) {
      case 3 -> readIsolate(in.message());
      case 4 -> readEndIsolation(in.message());
      case 5 -> new Action.Scan(readPaths(in.message()));
      case 6 -> readTakeBack(in.message());
      case 7 -> new Action.Collect(readPaths(in.message()));
      default -> {
        in.skip();
        yield null;
      }
    };
  }

  private static Action readIsolate(ProtoReader in) throws WireException {
    int seconds = 0;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> seconds = in.uint32();
        default -> in.skip();
      }
    }
    return new Action.Isolate(seconds);
  }

  private static Action readEndIsolation(ProtoReader in) throws WireException {
    while (in.next()) {
      in.skip();
    }
    return new Action.EndIsolation();
  }

  private static List<String> readPaths(ProtoReader in) throws WireException {
    List<String> paths = new ArrayList<>();
    while (in.next()) {
      switch (in.field()) {
        case 1 -> paths.add(in.element());
        default -> in.skip();
      }
    }
    return paths;
  }

  private static Action readTakeBack(ProtoReader in) throws WireException {
    String engine = "";
    while (in.next()) {
      switch (in.field()) {
        case 1 -> engine = in.text();
        default -> in.skip();
      }
    }
    return new Action.TakeBack(engine);
  }

  private static Certificates readCertificates(ProtoReader in) throws WireException {
    List<Octets> certificates = new ArrayList<>();
    while (in.next()) {
      switch (in.field()) {
        case 1 -> certificates.add(Octets.of(in.bytesElement()));
        default -> in.skip();
      }
    }
    return new Certificates(certificates);
  }

  private static Policy readPolicy(ProtoReader in) throws WireException {
    long version = 0;
    List<Exemption> exemptions = new ArrayList<>();
    while (in.next()) {
      switch (in.field()) {
        case 1 -> version = in.uint64();
        case 2 -> exemptions.add(readExemption(in.messageElement()));
        default -> in.skip();
      }
    }
    return new Policy(version, exemptions);
  }

  private static PartKept readPartKept(ProtoReader in) throws WireException {
    long command = 0;
    long next = 0;
    String problem = "";
    while (in.next()) {
      switch (in.field()) {
        case 1 -> command = in.uint64();
        case 2 -> next = in.uint64();
        case 3 -> problem = in.text();
        default -> in.skip();
      }
    }
    return new PartKept(command, next, problem);
  }

  private static Exemption readExemption(ProtoReader in) throws WireException {
    String value = "";
    String engine = "";
    long made = 0;
    long until = 0;
    String comment = "";
    while (in.next()) {
      switch (in.field()) {
        case 1 -> value = in.text();
        case 2 -> engine = in.text();
        case 3 -> made = in.uint64();
        case 4 -> until = in.uint64();
        case 5 -> comment = in.text();
        default -> in.skip();
      }
    }
    return new Exemption(value, engine, made, until, comment);
  }

  private static Reason reasonOf(int number) throws WireException {
    return Arrays.stream(Reason.values())
        .filter(reason -> reason.number == number)
        .findFirst()
        .orElseThrow(() -> HostMessages.unknown("reason of a refusal", number));
  }

  // ---- checked

  static void check(FleetMessage message) {
    switch (message) {
      case Welcome(int version, int seconds) -> {
        Check.range("protocolVersion", version, 1, Integer.MAX_VALUE);
        Check.range("heartbeatSeconds", seconds, 1, MOST_HEARTBEAT_SECONDS);
      }
      case Offer(var bundle) -> FleetCodec.check(bundle);
      case LeaseGrant(var lease, var signature) -> {
        Check.range("lease length", lease.length(), 1, WireLimits.LEASE_BYTES);
        FleetCodec.length("signature", signature, LeaseGrant.SIGNATURE_BYTES);
      }
      case LeaseRefusal _ -> {
        // Every digest and every reason is one.
      }
      case RollBack(var bundle, var reason) -> {
        FleetCodec.check(bundle);
        Check.text("reason", reason, WireLimits.REASON_CHARS);
      }
      case RecordsKept(long next) -> Check.range("next", next, 0, Long.MAX_VALUE);
      case Command(long id, var operator, var action) -> {
        Check.range("id", id, 1, Long.MAX_VALUE);
        Check.required("operator", operator, WireLimits.NAME_CHARS);
        check(action);
      }
      case Certificates(var certificates) -> FleetCodec.checkCertificates(certificates);
      case PartKept(long command, long next, var problem) -> {
        Check.range("command", command, 1, Long.MAX_VALUE);
        Check.range("next", next, 0, Long.MAX_VALUE);
        Check.text("problem", problem, WireLimits.REASON_CHARS);
      }
      case Policy(long version, var exemptions) -> {
        Check.range("version", version, 0, Long.MAX_VALUE);
        Check.count("exemptions", exemptions, 0, WireLimits.EXEMPTIONS);
        exemptions.forEach(FleetMessages::check);
      }
    }
  }

  private static void check(Exemption exemption) {
    Check.required("value", exemption.value(), WireLimits.EXEMPTED_CHARS);
    if (!exemption.engine().equals(Exemption.EVERY_ENGINE)) {
      Check.engineId(exemption.engine());
    }
    Check.range("madeSeconds", exemption.madeSeconds(), 0, WireLimits.LAST_SECOND);
    Check.range("untilSeconds", exemption.untilSeconds(), 0, WireLimits.LAST_SECOND);
    Check.text("comment", exemption.comment(), WireLimits.NAME_CHARS);
  }

  private static void check(Action action) {
    switch (action) {
      case Action.Isolate(int seconds) -> Check.range("seconds", seconds, 1, Integer.MAX_VALUE);
      case Action.EndIsolation() -> {
        // It has no fields.
      }
      case Action.Scan(var paths) -> checkPaths(paths);
      case Action.TakeBack(var engine) -> Check.engineId(engine);
      case Action.Collect(var paths) -> checkPaths(paths);
    }
  }

  private static void checkPaths(List<String> paths) {
    Check.count("paths", paths, 1, WireLimits.SCAN_PATHS);
    paths.forEach(path -> {
      Check.required("path", path, WireLimits.PATH_BYTES);
      Check.path("path", path);
    });
  }
}
