package redoubt.core.wire;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import redoubt.core.model.Octets;
import redoubt.core.model.Sha256;
import redoubt.core.wire.CourierOrder.Connect;
import redoubt.core.wire.CourierOrder.Enrol;
import redoubt.core.wire.CourierOrder.Send;
import redoubt.core.wire.CourierReport.Ended;
import redoubt.core.wire.CourierReport.Enrolled;
import redoubt.core.wire.CourierReport.Heard;
import redoubt.core.wire.CourierReport.Renewed;

/// Turns what the agent and its courier say to each other into bytes and back, as
/// `spec/courier.proto` has it. Stateless: safe for use by any thread.
public final class CourierCodec {
  private CourierCodec() {}

  // ---- orders

  /// Encodes what the agent says.
  ///
  /// @throws IllegalArgumentException if a field is out of its range
  public static byte[] encode(CourierOrder order) {
    check(order);
    ProtoWriter out = new ProtoWriter();
    switch (order) {
      case Enrol(var server, var authority, var secret, var inventory) -> {
        out.begin(1);
        out.text(1, server);
        out.bytes(2, authority.bytes());
        out.bytes(3, secret.toArray());
        out.begin(4);
        InventoryFields.write(out, inventory);
        out.end();
      }
      case Connect(var server, var authority, var key, var certificates) -> {
        out.begin(2);
        out.text(1, server);
        out.bytes(2, authority.bytes());
        out.bytes(3, key.toArray());
        certificates.forEach(certificate -> out.bytes(4, certificate.toArray()));
      }
      case Send(var message) -> {
        out.begin(3);
        out.bytes(1, message.toArray());
      }
    }
    out.end();
    return out.toBytes(WireLimits.COURIER_MESSAGE_BYTES);
  }

  /// Decodes what the agent says.
  ///
  /// @throws WireException if the bytes are no order within its limits
  public static CourierOrder decodeOrder(ByteBuffer bytes) throws WireException {
    try {
      CourierOrder order = body(bytes, CourierCodec::readOrder);
      check(order);
      return order;
    } catch (IllegalArgumentException e) {
      throw new WireException("invalid order to the courier: " + e.getMessage(), e);
    }
  }

  private static @Nullable CourierOrder readOrder(ProtoReader in) throws WireException {
    return switch (in.field()) {
      case 1 -> readEnrol(in.message());
      case 2 -> readConnect(in.message());
      case 3 -> new Send(readMessage(in.message()));
      default -> {
        in.skip();
        yield null;
      }
    };
  }

  private static Enrol readEnrol(ProtoReader in) throws WireException {
    String server = "";
    Sha256 authority = null;
    Octets secret = null;
    HostInventory inventory = null;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> server = in.text();
        case 2 -> authority = Sha256.of(in.bytes());
        case 3 -> secret = Octets.of(in.bytes());
        case 4 -> inventory = InventoryFields.read(in.message());
        default -> in.skip();
      }
    }
    return new Enrol(
        server,
        FleetCodec.required("authority", authority),
        FleetCodec.required("secret", secret),
        FleetCodec.required("inventory", inventory));
  }

  private static Connect readConnect(ProtoReader in) throws WireException {
    String server = "";
    Sha256 authority = null;
    Octets key = null;
    List<Octets> certificates = new ArrayList<>();
    while (in.next()) {
      switch (in.field()) {
        case 1 -> server = in.text();
        case 2 -> authority = Sha256.of(in.bytes());
        case 3 -> key = Octets.of(in.bytes());
        case 4 -> certificates.add(Octets.of(in.bytesElement()));
        default -> in.skip();
      }
    }
    return new Connect(
        server,
        FleetCodec.required("authority", authority),
        FleetCodec.required("key", key),
        certificates);
  }

  private static void check(CourierOrder order) {
    switch (order) {
      case Enrol(var server, _, var secret, var inventory) -> {
        checkServer(server);
        FleetCodec.length("secret", secret, Enrolment.SECRET_BYTES);
        InventoryFields.check(inventory);
      }
      case Connect(var server, _, var key, var certificates) -> {
        checkServer(server);
        checkKey(key);
        FleetCodec.checkCertificates(certificates);
      }
      case Send(var message) -> checkMessage(message);
    }
  }

  // ---- reports

  /// Encodes what the courier says. Texts for people that are too long are cut.
  ///
  /// @throws IllegalArgumentException if it exceeds its limits in any other way
  public static byte[] encode(CourierReport report) {
    CourierReport fitting =
        report instanceof Ended(var why, boolean isForGood)
            ? new Ended(WireText.cut(why, WireLimits.REASON_CHARS), isForGood)
            : report;
    check(fitting);
    ProtoWriter out = new ProtoWriter();
    switch (fitting) {
      case Enrolled(var reply, var key) -> {
        out.begin(1);
        out.bytes(1, reply.toArray());
        out.bytes(2, key.toArray());
      }
      case Heard(var message) -> {
        out.begin(2);
        out.bytes(1, message.toArray());
      }
      case Renewed(var key, var certificates) -> {
        out.begin(3);
        out.bytes(1, key.toArray());
        certificates.forEach(certificate -> out.bytes(2, certificate.toArray()));
      }
      case Ended(var why, boolean isForGood) -> {
        out.begin(4);
        out.text(1, why);
        out.flag(2, isForGood);
      }
    }
    out.end();
    return out.toBytes(WireLimits.COURIER_MESSAGE_BYTES);
  }

  /// Decodes what the courier says.
  ///
  /// @throws WireException if the bytes are no report within its limits
  public static CourierReport decodeReport(ByteBuffer bytes) throws WireException {
    try {
      CourierReport report = body(bytes, CourierCodec::readReport);
      check(report);
      return report;
    } catch (IllegalArgumentException e) {
      throw new WireException("invalid report of the courier: " + e.getMessage(), e);
    }
  }

  private static @Nullable CourierReport readReport(ProtoReader in) throws WireException {
    return switch (in.field()) {
      case 1 -> readEnrolled(in.message());
      case 2 -> new Heard(readMessage(in.message()));
      case 3 -> readRenewed(in.message());
      case 4 -> readEnded(in.message());
      default -> {
        in.skip();
        yield null;
      }
    };
  }

  private static Enrolled readEnrolled(ProtoReader in) throws WireException {
    Octets reply = null;
    Octets key = null;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> reply = Octets.of(in.bytes());
        case 2 -> key = Octets.of(in.bytes());
        default -> in.skip();
      }
    }
    return new Enrolled(FleetCodec.required("reply", reply), FleetCodec.required("key", key));
  }

  private static Renewed readRenewed(ProtoReader in) throws WireException {
    Octets key = null;
    List<Octets> certificates = new ArrayList<>();
    while (in.next()) {
      switch (in.field()) {
        case 1 -> key = Octets.of(in.bytes());
        case 2 -> certificates.add(Octets.of(in.bytesElement()));
        default -> in.skip();
      }
    }
    return new Renewed(FleetCodec.required("key", key), certificates);
  }

  private static Ended readEnded(ProtoReader in) throws WireException {
    String why = "";
    boolean isForGood = false;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> why = in.text();
        case 2 -> isForGood = in.flag();
        default -> in.skip();
      }
    }
    return new Ended(why, isForGood);
  }

  private static void check(CourierReport report) {
    switch (report) {
      case Enrolled(var reply, var key) -> {
        checkMessage(reply);
        checkKey(key);
      }
      case Heard(var message) -> checkMessage(message);
      case Renewed(var key, var certificates) -> {
        checkKey(key);
        FleetCodec.checkCertificates(certificates);
      }
      case Ended(var why, _) -> Check.text("why", why, WireLimits.REASON_CHARS);
    }
  }

  // ---- what they have in common

  private static <M> M body(ByteBuffer bytes, Datagram.Body<M> body) throws WireException {
    ProtoReader in = Datagram.open(bytes, WireLimits.COURIER_MESSAGE_BYTES);
    M message = null;
    while (in.next()) {
      message = Datagram.readBody(in, message, body);
    }
    return Datagram.requireBody(message);
  }

  private static Octets readMessage(ProtoReader in) throws WireException {
    Octets message = null;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> message = Octets.of(in.bytes());
        default -> in.skip();
      }
    }
    return FleetCodec.required("message", message);
  }

  private static void checkMessage(Octets message) {
    Check.range("message length", message.length(), 1, WireLimits.FLEET_MESSAGE_BYTES);
  }

  private static void checkKey(Octets key) {
    Check.range("key length", key.length(), 1, FleetCodec.CERTIFICATE_BYTES);
  }

  private static void checkServer(String server) {
    Check.required("server", server, WireLimits.NAME_CHARS);
  }
}
