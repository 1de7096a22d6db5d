package redoubt.core.wire;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import redoubt.core.model.EngineId;
import redoubt.core.model.HostId;
import redoubt.core.model.Octets;
import redoubt.core.model.Sha256;

/// Turns what hosts and the server of their fleet say to each other into bytes and back, as
/// `spec/fleet.proto` has it. Stateless: safe for use by any thread.
public final class FleetCodec {
  /// The longest certificate, or request for one, in bytes.
  public static final int CERTIFICATE_BYTES = 8 * 1024;

  /// The most certificates from a host's own to the one that it trusts.
  public static final int CERTIFICATES = 4;

  /// How many bytes a raw Ed25519 public key has.
  public static final int KEY_BYTES = 32;

  private FleetCodec() {}

  // ---- the lease

  /// Encodes a lease.
  ///
  /// @throws IllegalArgumentException if a field is out of its range
  public static byte[] encode(ActivationLease lease) {
    check(lease);
    ProtoWriter out = new ProtoWriter();
    out.bytes(1, lease.host().bytes());
    out.uint32(2, lease.enrolment());
    out.bytes(3, lease.bundle().bytes());
    out.uint32(4, lease.ring());
    out.uint32(5, lease.validSeconds());
    out.unsigned(6, lease.counter());
    out.fixed64(7, lease.nonce());
    return out.toBytes(WireLimits.FLEET_MESSAGE_BYTES);
  }

  /// Decodes a lease.
  ///
  /// @throws WireException if the bytes are no lease
  public static ActivationLease decodeLease(ByteBuffer bytes) throws WireException {
    return decode("lease", bytes, FleetCodec::readLease, FleetCodec::check);
  }

  private static ActivationLease readLease(ProtoReader in) throws WireException {
    HostId host = null;
    int enrolment = 0;
    Sha256 bundle = null;
    int ring = 0;
    int validSeconds = 0;
    long counter = 0;
    long nonce = 0;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> host = HostId.of(in.bytes());
        case 2 -> enrolment = in.uint32();
        case 3 -> bundle = Sha256.of(in.bytes());
        case 4 -> ring = in.uint32();
        case 5 -> validSeconds = in.uint32();
        case 6 -> counter = in.uint64();
        case 7 -> nonce = in.fixed64();
        default -> in.skip();
      }
    }
    return new ActivationLease(
        required("host", host),
        enrolment,
        required("sha256", bundle),
        ring,
        validSeconds,
        counter,
        nonce);
  }

  private static void check(ActivationLease lease) {
    Check.range("enrolment", lease.enrolment(), 1, Integer.MAX_VALUE);
    Check.range("ring", lease.ring(), 0, Integer.MAX_VALUE);
    Check.range("validSeconds", lease.validSeconds(), 1, ActivationLease.MOST_VALID_SECONDS);
    Check.range("counter", lease.counter(), 1, Long.MAX_VALUE);
  }

  // ---- enrolment

  /// Encodes how a host asks to be taken in.
  ///
  /// @throws IllegalArgumentException if a field is out of its range
  public static byte[] encode(Enrolment.Request request) {
    check(request);
    ProtoWriter out = new ProtoWriter();
    out.bytes(1, request.secret().toArray());
    out.bytes(2, request.certificateRequest().toArray());
    out.begin(3);
    InventoryFields.write(out, request.inventory());
    out.end();
    return out.toBytes(WireLimits.FLEET_MESSAGE_BYTES);
  }

  /// Decodes it.
  ///
  /// @throws WireException if the bytes are none within its limits
  public static Enrolment.Request decodeEnrolRequest(ByteBuffer bytes) throws WireException {
    return decode("request to enrol", bytes, FleetCodec::readRequest, FleetCodec::check);
  }

  private static Enrolment.Request readRequest(ProtoReader in) throws WireException {
    Octets secret = null;
    Octets certificateRequest = null;
    HostInventory inventory = null;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> secret = Octets.of(in.bytes());
        case 2 -> certificateRequest = Octets.of(in.bytes());
        case 3 -> inventory = InventoryFields.read(in.message());
        default -> in.skip();
      }
    }
    return new Enrolment.Request(
        required("secret", secret),
        required("certificateRequest", certificateRequest),
        required("inventory", inventory));
  }

  private static void check(Enrolment.Request request) {
    length("secret", request.secret(), Enrolment.SECRET_BYTES);
    checkCertificate(request.certificateRequest());
    InventoryFields.check(request.inventory());
  }

  /// Encodes what a host is told that was taken in.
  ///
  /// @throws IllegalArgumentException if a field is out of its range
  public static byte[] encode(Enrolment.Reply reply) {
    check(reply);
    ProtoWriter out = new ProtoWriter();
    out.bytes(1, reply.host().bytes());
    out.uint32(2, reply.enrolment());
    reply.certificates().forEach(certificate -> out.bytes(3, certificate.toArray()));
    out.bytes(4, reply.leaseKey().toArray());
    return out.toBytes(WireLimits.FLEET_MESSAGE_BYTES);
  }

  /// Decodes it.
  ///
  /// @throws WireException if the bytes are none within its limits
  public static Enrolment.Reply decodeEnrolReply(ByteBuffer bytes) throws WireException {
    return decode("reply to a request to enrol", bytes, FleetCodec::readReply, FleetCodec::check);
  }

  private static Enrolment.Reply readReply(ProtoReader in) throws WireException {
    HostId host = null;
    int enrolment = 0;
    List<Octets> certificates = new ArrayList<>();
    Octets leaseKey = null;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> host = HostId.of(in.bytes());
        case 2 -> enrolment = in.uint32();
        case 3 -> certificates.add(Octets.of(in.bytesElement()));
        case 4 -> leaseKey = Octets.of(in.bytes());
        default -> in.skip();
      }
    }
    return new Enrolment.Reply(
        required("host", host), enrolment, certificates, required("leaseKey", leaseKey));
  }

  private static void check(Enrolment.Reply reply) {
    Check.range("enrolment", reply.enrolment(), 1, Integer.MAX_VALUE);
    checkCertificates(reply.certificates());
    length("leaseKey", reply.leaseKey(), KEY_BYTES);
  }

  // ---- what is said on a connection

  /// Encodes what a host says. Texts for people that are too long are cut.
  ///
  /// @throws IllegalArgumentException if it exceeds its limits in any other way
  public static byte[] encode(HostMessage message) {
    HostMessage fitting = HostMessages.fit(message);
    HostMessages.check(fitting);
    ProtoWriter out = new ProtoWriter();
    HostMessages.write(out, fitting);
    return out.toBytes(WireLimits.FLEET_MESSAGE_BYTES);
  }

  /// Decodes what a host says.
  ///
  /// @throws WireException if the bytes are no message within its limits
  public static HostMessage decodeFromHost(ByteBuffer bytes) throws WireException {
    return decode(
        "message of a host", bytes, in -> body(in, HostMessages::read), HostMessages::check);
  }

  /// Encodes what a host is told. Texts for people that are too long are cut.
  ///
  /// @throws IllegalArgumentException if it exceeds its limits in any other way
  public static byte[] encode(FleetMessage message) {
    FleetMessage fitting = FleetMessages.fit(message);
    FleetMessages.check(fitting);
    ProtoWriter out = new ProtoWriter();
    FleetMessages.write(out, fitting);
    return out.toBytes(WireLimits.FLEET_MESSAGE_BYTES);
  }

  /// Decodes what a host is told.
  ///
  /// @throws WireException if the bytes are no message within its limits
  public static FleetMessage decodeToHost(ByteBuffer bytes) throws WireException {
    return decode(
        "message to a host", bytes, in -> body(in, FleetMessages::read), FleetMessages::check);
  }

  // ---- what they have in common

  private interface Reading<M> {
    M read(ProtoReader in) throws WireException;
  }

  private interface Checking<M> {
    void check(M message);
  }

  private static <M> M decode(
      String what, ByteBuffer bytes, Reading<M> reading, Checking<M> checking)
      throws WireException {
    try {
      M message = reading.read(Datagram.open(bytes, WireLimits.FLEET_MESSAGE_BYTES));
      checking.check(message);
      return message;
    } catch (IllegalArgumentException e) {
      throw new WireException("invalid " + what + ": " + e.getMessage(), e);
    }
  }

  private static <M> M body(ProtoReader in, Datagram.Body<M> body) throws WireException {
    M message = null;
    while (in.next()) {
      message = Datagram.readBody(in, message, body);
    }
    return Datagram.requireBody(message);
  }

  static <T> T required(String name, @Nullable T value) throws WireException {
    if (value == null) {
      throw new WireException("field missing: " + name);
    }
    return value;
  }

  static void length(String name, Octets value, int lengthBytes) {
    Check.range(name + " length", value.length(), lengthBytes, lengthBytes);
  }

  static void checkCertificates(List<Octets> certificates) {
    Check.count("certificates", certificates, 1, CERTIFICATES);
    certificates.forEach(FleetCodec::checkCertificate);
  }

  static void checkCertificate(Octets certificate) {
    Check.range("certificate length", certificate.length(), 1, CERTIFICATE_BYTES);
  }

  // ---- names of bundles

  static void write(ProtoWriter out, int field, BundleName bundle) {
    out.begin(field);
    out.text(1, bundle.vendor());
    out.text(2, bundle.engine().value());
    out.text(3, bundle.name());
    out.unsigned(4, bundle.version());
    out.bytes(5, bundle.sha256().bytes());
    out.end();
  }

  static BundleName readBundle(ProtoReader in) throws WireException {
    String vendor = "";
    String engine = "";
    String name = "";
    long version = 0;
    Sha256 sha256 = null;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> vendor = in.text();
        case 2 -> engine = in.text();
        case 3 -> name = in.text();
        case 4 -> version = in.uint64();
        case 5 -> sha256 = Sha256.of(in.bytes());
        default -> in.skip();
      }
    }
    return new BundleName(
        vendor, new EngineId(engine), name, version, required("sha256 of the bundle", sha256));
  }

  static void check(BundleName bundle) {
    BundleCodec.name("vendor", bundle.vendor());
    BundleCodec.name("name", bundle.name());
    Check.range("version", bundle.version(), 1, Long.MAX_VALUE);
  }
}
