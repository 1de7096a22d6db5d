package redoubt.core.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.TextFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import redoubt.core.wire.EngineCodec.Framed;
import redoubt.core.wire.proto.BundleFormat;
import redoubt.core.wire.proto.ControlProtocol;
import redoubt.core.wire.proto.CourierProtocol;
import redoubt.core.wire.proto.EngineProtocol;
import redoubt.core.wire.proto.EventProtocol;
import redoubt.core.wire.proto.FleetProtocol;

/// The vectors in `spec/vectors` are what the codecs write and read, byte for byte, and what
/// `protoc` makes of their text form. `-Dredoubt.vectors.write=true` writes them anew, for review.
class GoldenVectorTest {
  private static final Path VECTORS = Path.of("../../spec/vectors");
  private static final long SEQUENCE = 7;
  private static final int HEX_DIGITS_PER_LINE = 64;

  private interface Decoder {
    Object decode(ByteBuffer bytes) throws WireException;
  }

  /// @param path below `spec/vectors`, without ending
  /// @param hex what the codec writes
  /// @param message what the decoder must give
  /// @param schema the envelope's generated class
  private record Vector(String path, String hex, Object message, Message schema, Decoder decoder) {}

  private static final Map<String, Decoder> DECODERS =
      Map.ofEntries(
          Map.entry("from-agent", EngineCodec::decodeFromAgent),
          Map.entry("from-engine", EngineCodec::decodeFromEngine),
          Map.entry("control-request", ControlCodec::decodeRequest),
          Map.entry("control-reply", ControlCodec::decodeReply),
          Map.entry("bundle-manifest", BundleSamples::decodeManifest),
          Map.entry("bundle-vector", BundleSamples::decodeVector),
          Map.entry("lease", FleetCodec::decodeLease),
          Map.entry("enrol-request", FleetCodec::decodeEnrolRequest),
          Map.entry("enrol-reply", FleetCodec::decodeEnrolReply),
          Map.entry("from-host", FleetCodec::decodeFromHost),
          Map.entry("to-host", FleetCodec::decodeToHost),
          Map.entry("to-courier", CourierCodec::decodeOrder),
          Map.entry("from-courier", CourierCodec::decodeReport));

  private static final List<Vector> VALID = valid();

  @TestFactory
  Stream<DynamicTest> everyVectorIsWrittenAndReadAlike() {
    return VALID.stream()
        .map(vector -> DynamicTest.dynamicTest(vector.path(), () -> checkVector(vector)));
  }

  @TestFactory
  Stream<DynamicTest> everyInvalidVectorIsRefused() {
    return DECODERS.entrySet().stream()
        .flatMap(kind ->
            hexFiles(VECTORS.resolve("invalid").resolve(kind.getKey()))
                .map(file ->
                    DynamicTest.dynamicTest(
                        kind.getKey() + "/" + file.getFileName(),
                        () -> checkRefused(file, kind.getValue()))));
  }

  @Test
  void noVectorIsWithoutItsSample() {
    Set<String> expected = new TreeSet<>();
    VALID.forEach(vector -> expected.add(vector.path()));
    Set<String> found = new TreeSet<>();
    DECODERS.keySet().stream()
        .flatMap(kind -> hexFiles(VECTORS.resolve(kind)))
        .map(file -> VECTORS.relativize(file).toString().replace(".hex", ""))
        .forEach(found::add);
    assertEquals(expected, found);
  }

  /// A field that is in the schema but not in the codec would be skipped silently; here it is
  /// missed.
  @Test
  void everyFieldOfTheSchemasHasAVector() {
    Set<String> all = new TreeSet<>();
    Stream.of(
            EngineProtocol.getDescriptor(),
            EventProtocol.getDescriptor(),
            ControlProtocol.getDescriptor(),
            BundleFormat.getDescriptor(),
            FleetProtocol.getDescriptor(),
            CourierProtocol.getDescriptor())
        .flatMap(schema -> schema.getMessageTypes().stream())
        .flatMap(type -> type.getFields().stream())
        .forEach(field -> all.add(field.getFullName()));
    Set<String> used = new TreeSet<>();
    VALID.forEach(vector -> collectFields(parse(vector), used));
    assertEquals(all, used);
  }

  private static List<Vector> valid() {
    List<Vector> vectors = new ArrayList<>();
    Samples.fromAgent()
        .forEach((name, message) ->
            vectors.add(
                new Vector(
                    "from-agent/" + name,
                    hex(EngineCodec.encode(SEQUENCE, message)),
                    new Framed<>(SEQUENCE, message),
                    EngineProtocol.FromAgent.getDefaultInstance(),
                    EngineCodec::decodeFromAgent)));
    Samples.fromEngine()
        .forEach((name, message) ->
            vectors.add(
                new Vector(
                    "from-engine/" + name,
                    hex(EngineCodec.encode(SEQUENCE, message)),
                    new Framed<>(SEQUENCE, message),
                    EngineProtocol.FromEngine.getDefaultInstance(),
                    EngineCodec::decodeFromEngine)));
    ControlSamples.requests()
        .forEach((name, message) ->
            vectors.add(
                new Vector(
                    "control-request/" + name,
                    hex(ControlCodec.encode(message)),
                    message,
                    ControlProtocol.ControlRequest.getDefaultInstance(),
                    ControlCodec::decodeRequest)));
    ControlSamples.replies()
        .forEach((name, message) ->
            vectors.add(
                new Vector(
                    "control-reply/" + name,
                    hex(ControlCodec.encode(message)),
                    message,
                    ControlProtocol.ControlReply.getDefaultInstance(),
                    ControlCodec::decodeReply)));
    BundleSamples.manifests()
        .forEach((name, manifest) ->
            vectors.add(
                new Vector(
                    "bundle-manifest/" + name,
                    hex(BundleCodec.encode(manifest)),
                    manifest,
                    BundleFormat.Manifest.getDefaultInstance(),
                    BundleSamples::decodeManifest)));
    BundleSamples.vectors()
        .forEach((name, vector) ->
            vectors.add(
                new Vector(
                    "bundle-vector/" + name,
                    hex(BundleCodec.encode(vector)),
                    vector,
                    BundleFormat.Vector.getDefaultInstance(),
                    BundleSamples::decodeVector)));
    addFleet(vectors);
    return List.copyOf(vectors);
  }

  private static void addFleet(List<Vector> vectors) {
    FleetSamples.leases()
        .forEach((name, lease) ->
            vectors.add(
                new Vector(
                    "lease/" + name,
                    hex(FleetCodec.encode(lease)),
                    lease,
                    FleetProtocol.Lease.getDefaultInstance(),
                    FleetCodec::decodeLease)));
    FleetSamples.enrolRequests()
        .forEach((name, request) ->
            vectors.add(
                new Vector(
                    "enrol-request/" + name,
                    hex(FleetCodec.encode(request)),
                    request,
                    FleetProtocol.EnrolRequest.getDefaultInstance(),
                    FleetCodec::decodeEnrolRequest)));
    FleetSamples.enrolReplies()
        .forEach((name, reply) ->
            vectors.add(
                new Vector(
                    "enrol-reply/" + name,
                    hex(FleetCodec.encode(reply)),
                    reply,
                    FleetProtocol.EnrolReply.getDefaultInstance(),
                    FleetCodec::decodeEnrolReply)));
    FleetSamples.fromHost()
        .forEach((name, message) ->
            vectors.add(
                new Vector(
                    "from-host/" + name,
                    hex(FleetCodec.encode(message)),
                    message,
                    FleetProtocol.FromHost.getDefaultInstance(),
                    FleetCodec::decodeFromHost)));
    FleetSamples.toHost()
        .forEach((name, message) ->
            vectors.add(
                new Vector(
                    "to-host/" + name,
                    hex(FleetCodec.encode(message)),
                    message,
                    FleetProtocol.ToHost.getDefaultInstance(),
                    FleetCodec::decodeToHost)));
    FleetSamples.toCourier()
        .forEach((name, order) ->
            vectors.add(
                new Vector(
                    "to-courier/" + name,
                    hex(CourierCodec.encode(order)),
                    order,
                    CourierProtocol.ToCourier.getDefaultInstance(),
                    CourierCodec::decodeOrder)));
    FleetSamples.fromCourier()
        .forEach((name, report) ->
            vectors.add(
                new Vector(
                    "from-courier/" + name,
                    hex(CourierCodec.encode(report)),
                    report,
                    CourierProtocol.FromCourier.getDefaultInstance(),
                    CourierCodec::decodeReport)));
  }

  private static void checkVector(Vector vector) throws Exception {
    Path hex = VECTORS.resolve(vector.path() + ".hex");
    Path text = VECTORS.resolve(vector.path() + ".txtpb");
    if (Boolean.getBoolean("redoubt.vectors.write")) {
      Files.createDirectories(hex.getParent());
      Files.writeString(hex, inLines(vector.hex()));
      Files.writeString(
          text, TextFormat.printer().escapingNonAscii(false).printToString(parse(vector)));
    }
    byte[] golden = readHex(hex);
    assertArrayEquals(golden, bytes(vector), "encoded");
    assertEquals(vector.message(), vector.decoder().decode(ByteBuffer.wrap(golden)), "decoded");
    Message.Builder fromText = vector.schema().newBuilderForType();
    TextFormat.merge(Files.readString(text), fromText);
    assertArrayEquals(golden, fromText.build().toByteArray(), "text form");
  }

  private static void checkRefused(Path file, Decoder decoder) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(readHex(file));
    assertThrows(WireException.class, () -> decoder.decode(bytes));
  }

  private static Message parse(Vector vector) {
    try {
      return vector.schema().getParserForType().parseFrom(bytes(vector));
    } catch (IOException e) {
      throw new AssertionError(vector.path(), e);
    }
  }

  private static void collectFields(Message message, Set<String> used) {
    message
        .getAllFields()
        .forEach((field, value) -> {
          used.add(field.getFullName());
          if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
            List<?> values = value instanceof List<?> many ? many : List.of(value);
            values.forEach(each -> collectFields((Message) each, used));
          }
        });
  }

  private static Stream<Path> hexFiles(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      List<Path> found = files.filter(file -> file.toString().endsWith(".hex")).sorted().toList();
      assertTrue(!found.isEmpty(), directory.toString());
      return found.stream();
    } catch (IOException e) {
      throw new AssertionError(directory.toString(), e);
    }
  }

  /// Reads hexadecimal digits; blanks are skipped, and so is what follows a `#` on its line.
  private static byte[] readHex(Path file) throws IOException {
    StringBuilder digits = new StringBuilder();
    for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
      int comment = line.indexOf('#');
      digits.append((comment < 0 ? line : line.substring(0, comment)).replace(" ", ""));
    }
    return HexFormat.of().parseHex(digits);
  }

  private static String inLines(String digits) {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < digits.length(); i += HEX_DIGITS_PER_LINE) {
      int end = Math.min(digits.length(), i + HEX_DIGITS_PER_LINE);
      lines.append(digits, i, end).append('\n');
    }
    return lines.toString();
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  private static byte[] bytes(Vector vector) {
    return HexFormat.of().parseHex(vector.hex());
  }
}
