package redoubt.core.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.Message;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import redoubt.core.wire.proto.BundleFormat;
import redoubt.core.wire.proto.ControlProtocol;
import redoubt.core.wire.proto.CourierProtocol;
import redoubt.core.wire.proto.EngineProtocol;
import redoubt.core.wire.proto.FleetProtocol;

/// Whatever is valid survives encoding and decoding, and `protoc`'s own code reads and writes the
/// very same bytes.
class RoundTripTest {
  private static final int COUNT = 2_000;

  @Test
  void agentMessagesSurvive() throws Exception {
    Campaign campaign = Campaign.of("RoundTripTest.agentMessagesSurvive", COUNT);
    RandomGenerator random = campaign.random();
    RandomMessages messages = new RandomMessages(random);
    for (int i = 0; i < campaign.count(); i++) {
      AgentMessage message = messages.agentMessage();
      long sequence = 1 + (random.nextLong() >>> 2);
      byte[] bytes = EngineCodec.encode(sequence, message);
      assertEquals(
          new EngineCodec.Framed<>(sequence, message),
          EngineCodec.decodeFromAgent(ByteBuffer.wrap(bytes)));
      assertSameBytes(bytes, EngineProtocol.FromAgent.getDefaultInstance());
    }
  }

  @Test
  void engineMessagesSurvive() throws Exception {
    Campaign campaign = Campaign.of("RoundTripTest.engineMessagesSurvive", COUNT);
    RandomGenerator random = campaign.random();
    RandomMessages messages = new RandomMessages(random);
    for (int i = 0; i < campaign.count(); i++) {
      EngineMessage message = messages.engineMessage();
      long sequence = 1 + (random.nextLong() >>> 2);
      byte[] bytes = EngineCodec.encode(sequence, message);
      assertEquals(
          new EngineCodec.Framed<>(sequence, message),
          EngineCodec.decodeFromEngine(ByteBuffer.wrap(bytes)));
      assertSameBytes(bytes, EngineProtocol.FromEngine.getDefaultInstance());
    }
  }

  @Test
  void controlMessagesSurvive() throws Exception {
    Campaign campaign = Campaign.of("RoundTripTest.controlMessagesSurvive", COUNT);
    RandomMessages messages = new RandomMessages(campaign.random());
    for (int i = 0; i < campaign.count(); i++) {
      ControlRequest request = new RandomControl(messages).request();
      byte[] asked = ControlCodec.encode(request);
      assertEquals(request, ControlCodec.decodeRequest(ByteBuffer.wrap(asked)));
      assertSameBytes(asked, ControlProtocol.ControlRequest.getDefaultInstance());

      ControlReply reply = new RandomControl(messages).reply();
      byte[] replied = ControlCodec.encode(reply);
      assertEquals(reply, ControlCodec.decodeReply(ByteBuffer.wrap(replied)));
      assertSameBytes(replied, ControlProtocol.ControlReply.getDefaultInstance());
    }
  }

  @Test
  void bundlesSurvive() throws Exception {
    Campaign campaign = Campaign.of("RoundTripTest.bundlesSurvive", COUNT);
    RandomBundles bundles = new RandomBundles(campaign.random());
    for (int i = 0; i < campaign.count(); i++) {
      BundleManifest manifest = bundles.manifest();
      byte[] written = BundleCodec.encode(manifest);
      assertEquals(manifest, BundleCodec.decodeManifest(written));
      assertSameBytes(written, BundleFormat.Manifest.getDefaultInstance());

      TestVector vector = bundles.vector();
      ByteArrayOutputStream twice = new ByteArrayOutputStream();
      BundleCodec.writeVector(twice, vector);
      BundleCodec.writeVector(twice, vector);
      ByteArrayInputStream source = new ByteArrayInputStream(twice.toByteArray());
      assertEquals(Optional.of(vector), BundleCodec.readVector(source));
      assertEquals(Optional.of(vector), BundleCodec.readVector(source));
      assertEquals(Optional.empty(), BundleCodec.readVector(source));
      assertSameBytes(BundleCodec.encode(vector), BundleFormat.Vector.getDefaultInstance());
    }
  }

  @Test
  void messagesOfTheFleetSurvive() throws Exception {
    Campaign campaign = Campaign.of("RoundTripTest.messagesOfTheFleetSurvive", COUNT);
    RandomFleet fleet = new RandomFleet(new RandomMessages(campaign.random()));
    for (int i = 0; i < campaign.count(); i++) {
      ActivationLease lease = fleet.lease();
      byte[] signed = FleetCodec.encode(lease);
      assertEquals(lease, FleetCodec.decodeLease(ByteBuffer.wrap(signed)));
      assertSameBytes(signed, FleetProtocol.Lease.getDefaultInstance());

      Enrolment.Request request = fleet.enrolRequest();
      byte[] asked = FleetCodec.encode(request);
      assertEquals(request, FleetCodec.decodeEnrolRequest(ByteBuffer.wrap(asked)));
      assertSameBytes(asked, FleetProtocol.EnrolRequest.getDefaultInstance());

      Enrolment.Reply reply = fleet.enrolReply();
      byte[] replied = FleetCodec.encode(reply);
      assertEquals(reply, FleetCodec.decodeEnrolReply(ByteBuffer.wrap(replied)));
      assertSameBytes(replied, FleetProtocol.EnrolReply.getDefaultInstance());

      HostMessage said = fleet.fromHost();
      byte[] fromHost = FleetCodec.encode(said);
      assertEquals(said, FleetCodec.decodeFromHost(ByteBuffer.wrap(fromHost)));
      assertSameBytes(fromHost, FleetProtocol.FromHost.getDefaultInstance());

      FleetMessage told = fleet.toHost();
      byte[] toHost = FleetCodec.encode(told);
      assertEquals(told, FleetCodec.decodeToHost(ByteBuffer.wrap(toHost)));
      assertSameBytes(toHost, FleetProtocol.ToHost.getDefaultInstance());
    }
  }

  @Test
  void messagesOfTheCourierSurvive() throws Exception {
    Campaign campaign = Campaign.of("RoundTripTest.messagesOfTheCourierSurvive", COUNT);
    RandomFleet fleet = new RandomFleet(new RandomMessages(campaign.random()));
    for (int i = 0; i < campaign.count(); i++) {
      CourierOrder order = fleet.courierOrder();
      byte[] ordered = CourierCodec.encode(order);
      assertEquals(order, CourierCodec.decodeOrder(ByteBuffer.wrap(ordered)));
      assertSameBytes(ordered, CourierProtocol.ToCourier.getDefaultInstance());

      CourierReport report = fleet.courierReport();
      byte[] reported = CourierCodec.encode(report);
      assertEquals(report, CourierCodec.decodeReport(ByteBuffer.wrap(reported)));
      assertSameBytes(reported, CourierProtocol.FromCourier.getDefaultInstance());
    }
  }

  private static void assertSameBytes(byte[] bytes, Message generated) throws Exception {
    Message parsed = generated.getParserForType().parseFrom(bytes);
    assertEquals(0, parsed.getUnknownFields().getSerializedSize());
    assertArrayEquals(parsed.toByteArray(), bytes);
  }
}
