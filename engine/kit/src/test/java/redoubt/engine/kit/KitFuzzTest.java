package redoubt.engine.kit;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import redoubt.core.linux.Descriptors;
import redoubt.core.wire.AgentMessage;
import redoubt.core.wire.EngineCodec;
import redoubt.core.wire.EngineMessage;

/// Whatever comes from the agent's side, the kit ends in order or says that it was a violation; it
/// never hangs, crashes or keeps a descriptor.
class KitFuzzTest {
  private static final Set<Integer> ORDERLY =
      Set.of(EngineHost.ENDED, EngineHost.REFUSED, EngineHost.VIOLATION);
  private static final int MESSAGES = 6;

  @Test
  @Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void garbageEndsTheSession() throws Exception {
    int count = Math.min(20_000, Integer.getInteger("redoubt.fuzz.count", 300));
    long seed = Long.getLong("redoubt.fuzz.seed", System.nanoTime());
    System.out.println(
        "KitFuzzTest: -Dredoubt.fuzz.count=" + count + " -Dredoubt.fuzz.seed=" + seed);
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    for (int i = 0; i < count; i++) {
      int status = talk(random);
      assertTrue(ORDERLY.contains(status), "status=" + status);
    }
    while (strayDescriptors() > 0) { // the last judge may be at it still; the timeout is the limit
      Thread.onSpinWait();
    }
  }

  private static int talk(RandomGenerator random) throws Exception {
    Engine engine = TestEngine.withoutContent(_ -> Judgement.allow());
    int descriptor = Descriptors.sealedMemory("kit-fuzz", new byte[16]);
    try (ScriptedAgent agent = new ScriptedAgent(engine)) {
      agent.welcome().expect(EngineMessage.Ready.class);
      for (int i = 0; i < MESSAGES; i++) {
        byte[] bytes = random.nextBoolean() ? noise(random) : mutated(2 + i, random);
        int[] passed = new int[random.nextInt(3)];
        Arrays.fill(passed, descriptor);
        agent.sayRaw(bytes, passed);
      }
      return agent.hangUp();
    } finally {
      Descriptors.close(descriptor);
    }
  }

  private static byte[] noise(RandomGenerator random) {
    byte[] bytes = new byte[1 + random.nextInt(200)];
    random.nextBytes(bytes);
    return bytes;
  }

  private static byte[] mutated(long sequence, RandomGenerator random) {
    AgentMessage message =
        random.nextBoolean()
            ? new AgentMessage.Events(
                0, List.of(ScriptedAgent.event(sequence, true, random.nextBoolean(), 16)))
            : new AgentMessage.Ping(random.nextLong());
    byte[] bytes = EngineCodec.encode(sequence, message);
    if (random.nextBoolean()) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
    }
    return bytes;
  }

  private static long strayDescriptors() throws IOException {
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      return open.filter(each -> Descriptors.readLink(each.toString()).contains("kit-fuzz"))
          .count();
    }
  }
}
