package redoubt.core.wire;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/// Any bytes give a message or a [WireException], quickly; nothing else ever comes out.
class FuzzTest {
  private static final int COUNT = 20_000;
  private static final Duration LIMIT_FOR_ONE = Duration.ofSeconds(2);

  private interface Decoder {
    Object decode(ByteBuffer bytes) throws WireException;
  }

  private static final List<Decoder> DECODERS =
      List.of(
          EngineCodec::decodeFromAgent,
          EngineCodec::decodeFromEngine,
          ControlCodec::decodeRequest,
          ControlCodec::decodeReply,
          BundleSamples::decodeManifest,
          BundleSamples::decodeVector,
          FuzzTest::readVectors,
          FleetCodec::decodeLease,
          FleetCodec::decodeEnrolRequest,
          FleetCodec::decodeEnrolReply,
          FleetCodec::decodeFromHost,
          FleetCodec::decodeToHost,
          CourierCodec::decodeOrder,
          CourierCodec::decodeReport);

  private static Object readVectors(ByteBuffer bytes) throws WireException {
    List<TestVector> all = new ArrayList<>();
    ByteArrayInputStream source = new ByteArrayInputStream(BundleSamples.remaining(bytes));
    try {
      for (Optional<TestVector> next = BundleCodec.readVector(source);
          next.isPresent();
          next = BundleCodec.readVector(source)) {
        all.add(next.get());
      }
    } catch (IOException e) {
      throw new AssertionError("memory cannot fail", e);
    }
    return new Vectors(all);
  }

  private record Vectors(List<TestVector> all) {}

  @Test
  void randomBytesNeverSurprise() {
    Campaign campaign = Campaign.of("FuzzTest.randomBytesNeverSurprise", COUNT);
    RandomGenerator random = campaign.random();
    for (int i = 0; i < campaign.count(); i++) {
      byte[] bytes = new byte[random.nextInt(300)];
      random.nextBytes(bytes);
      decodeAll(bytes);
    }
  }

  @Test
  void mutatedMessagesNeverSurprise() {
    Campaign campaign = Campaign.of("FuzzTest.mutatedMessagesNeverSurprise", COUNT);
    RandomGenerator random = campaign.random();
    RandomMessages messages = new RandomMessages(random);
    for (int i = 0; i < campaign.count(); i++) {
      byte[] bytes = valid(messages, random);
      for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
        bytes = mutate(bytes, random);
      }
      decodeAll(bytes);
    }
  }

  @Test
  void lengthsThatPromiseTooMuchAllocateNothing() {
    // Field 2 with a length of 2^31 - 1, and with one of 2^63: each must fail before allocating.
    decodeAll(new byte[] {0x08, 0x01, 0x12, -1, -1, -1, -1, 0x07});
    decodeAll(new byte[] {0x08, 0x01, 0x12, -1, -1, -1, -1, -1, -1, -1, -1, -1, 0x01});
  }

  @Test
  void theLongestMessageOfTheSmallestFieldsIsReadInTime() {
    byte[] bytes = new byte[WireLimits.MESSAGE_BYTES];
    Arrays.fill(bytes, (byte) 0x7A); // field 15, a length of 0x7A: many unknown fields
    Assertions.assertTimeoutPreemptively(LIMIT_FOR_ONE, () -> decodeAll(bytes));
  }

  private static byte[] valid(RandomMessages messages, RandomGenerator random) {
    RandomBundles bundles = new RandomBundles(random);
    RandomFleet fleet = new RandomFleet(messages);
    return switch (random.nextInt(13)) {
      case 0 -> EngineCodec.encode(1, messages.agentMessage());
      case 1 -> EngineCodec.encode(1, messages.engineMessage());
      case 2 -> ControlCodec.encode(new RandomControl(messages).request());
      case 3 -> BundleCodec.encode(bundles.manifest());
      case 4 -> BundleCodec.encode(bundles.vector());
      case 5 -> FleetCodec.encode(fleet.lease());
      case 6 -> FleetCodec.encode(fleet.enrolRequest());
      case 7 -> FleetCodec.encode(fleet.enrolReply());
      case 8 -> FleetCodec.encode(fleet.fromHost());
      case 9 -> FleetCodec.encode(fleet.toHost());
      case 10 -> CourierCodec.encode(fleet.courierOrder());
      case 11 -> CourierCodec.encode(fleet.courierReport());
      default -> ControlCodec.encode(new RandomControl(messages).reply());
    };
  }

  private static byte[] mutate(byte[] bytes, RandomGenerator random) {
    if (bytes.length == 0) {
      return bytes;
    }
    int at = random.nextInt(bytes.length);
    byte[] changed = bytes.clone();
    switch (random.nextInt(4)) {
      case 0 -> changed[at] ^= (byte) (1 << random.nextInt(8));
      case 1 -> changed[at] = (byte) random.nextInt();
      case 2 -> changed = Arrays.copyOf(changed, at);
      default -> {
        int more = random.nextInt(bytes.length - at + 1);
        changed =
            Arrays.copyOf(changed, Math.min(WireLimits.FLEET_MESSAGE_BYTES, bytes.length + more));
        System.arraycopy(bytes, at, changed, bytes.length, changed.length - bytes.length);
      }
    }
    return changed;
  }

  private static void decodeAll(byte[] bytes) {
    for (Decoder decoder : DECODERS) {
      try {
        assertTrue(decoder.decode(ByteBuffer.wrap(bytes)) instanceof Record);
      } catch (WireException e) {
        assertTrue(e.getMessage() != null && e.getMessage().length() < 2_000);
      }
    }
  }
}
