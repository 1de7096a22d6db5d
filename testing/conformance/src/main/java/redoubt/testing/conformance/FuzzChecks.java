package redoubt.testing.conformance;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import redoubt.core.model.EngineMode;
import redoubt.core.wire.AgentMessage;
import redoubt.core.wire.EngineCodec;
import redoubt.core.wire.EngineMessage;
import redoubt.core.wire.WireException;

/// Random input from one seed: right messages in any order, and wrong bytes of any kind. Nothing
/// hangs, nothing grows, nothing crashes.
final class FuzzChecks {
  private static final String SECTION = "What a violation costs";
  private static final int MESSAGES_PER_INPUT = 20;
  private static final int DESCRIPTORS_TO_SPARE = 8;
  private static final int MOST_GROWTH_KIB = 32 << 10;
  private static final int MOST_NOISE_BYTES = 300;

  private FuzzChecks() {}

  static List<Check> all() {
    return List.of(
        new Check(
            "fuzz-messages",
            "States",
            "stands any order of right messages: every event is answered, nothing grows",
            FuzzChecks::messages),
        new Check(
            "fuzz-bytes",
            SECTION,
            "goes on or ends in order whatever bytes come; it never hangs and no signal ends it",
            FuzzChecks::bytes));
  }

  private static String messages(Stage stage) throws IOException, InterruptedException {
    Conversation engine = stage.ready();
    List<FileSample> files = List.of(stage.file(), stage.file(1), stage.file(64 << 10));
    int count = stage.settings().fuzzInputs() * MESSAGES_PER_INPUT;
    int descriptors = 0;
    long memoryKib = 0;
    for (int i = 0; i < count; i++) {
      if (i == count / 2) {
        engine.awaitAnswers();
        descriptors = engine.process().descriptors();
        memoryKib = engine.process().memoryKib();
      }
      say(stage, engine, files);
    }
    engine.awaitAnswers();
    int descriptorsAfter = engine.process().descriptors();
    long grownKib = engine.process().memoryKib() - memoryKib;
    if (descriptorsAfter > descriptors + DESCRIPTORS_TO_SPARE) {
      throw new ClaimBrokenException(
          "descriptors pile up: before=" + descriptors + " after=" + descriptorsAfter);
    }
    if (grownKib > MOST_GROWTH_KIB) {
      throw new ClaimBrokenException("memory grows: messages=" + count / 2 + " KiB=" + grownKib);
    }
    return count + " messages, memory " + (grownKib < 0 ? "" : "+") + grownKib + " KiB";
  }

  private static void say(Stage stage, Conversation engine, List<FileSample> files)
      throws IOException {
    SplittableRandom random = stage.random();
    switch (random.nextInt(20)) {
      case 0 -> engine.send(new AgentMessage.Ping(random.nextLong()));
      case 1 ->
          engine.send(
              new AgentMessage.ModeChanged(
                  random.nextBoolean() ? EngineMode.MONITOR : EngineMode.ENFORCE));
      case 2 ->
          engine.send(new AgentMessage.Cancel(List.of(1 + random.nextLong(engine.nextEvent()))));
      case 3 -> reload(stage, engine);
      default -> {
        Ask ask =
            new Ask(
                random.nextBoolean(),
                random.nextBoolean(),
                random.nextBoolean(),
                true,
                random.nextInt(1_000_000));
        engine.ask(
            files.get(random.nextInt(files.size())), random.nextBoolean() ? ask : ask.afterwards());
      }
    }
  }

  /// Other content, good or bad, and its answer: the next may come only then.
  private static void reload(Stage stage, Conversation engine) throws IOException {
    if (!engine.hello().schemaHash().isEmpty()) {
      boolean good = stage.random().nextBoolean();
      EngineContent content = stage.content(engine);
      FileSample given = stage.load(engine, "fuzz", good ? content.good() : content.bad());
      boolean taken = stage.awaitContentAnswer(engine) instanceof EngineMessage.ContentLoaded;
      stage.closeFile(given);
      if (taken != good) {
        throw new ClaimBrokenException("content: good=" + good + " taken=" + taken);
      }
    }
  }

  private static String bytes(Stage stage) throws IOException, InterruptedException {
    int wanted = stage.settings().fuzzInputs();
    int tried = 0;
    int processes = 0;
    int lenient = 0;
    while (tried < wanted) {
      Conversation engine = stage.ready();
      FileSample file = stage.file();
      processes++;
      boolean open = true;
      while (open && tried < wanted) {
        tried++;
        byte[] input = input(stage.random(), engine, file);
        int[] passed = new int[descriptorsWith(stage.random(), input)];
        Arrays.fill(passed, file.descriptor());
        engine.sendRaw(input, passed);
        open = goesOn(stage, engine, input);
        lenient += open && findMessage(input) == null ? 1 : 0;
      }
      stage.closeFile(file);
      stage.closeEngine(engine);
    }
    return tried
        + " inputs to "
        + processes
        + " processes; "
        + lenient
        + " taken that Redoubt's decoder refuses";
  }

  /// Mostly as many as the message speaks of, so that some inputs lead further.
  private static int descriptorsWith(SplittableRandom random, byte[] input) {
    if (random.nextInt(8) == 0) {
      return random.nextInt(3);
    }
    return switch (findMessage(input)) {
      case AgentMessage.LoadContent _ -> 1;
      case AgentMessage.Events events ->
          (int) events.events().stream().filter(AgentMessage.Event::hasDescriptor).count();
      case null, default -> 0;
    };
  }

  private static boolean goesOn(Stage stage, Conversation engine, byte[] input)
      throws InterruptedException {
    try {
      if (engine.answersPing(stage.random().nextLong())) {
        return true;
      }
      int status = engine.awaitEnd();
      if (status == 0 && !(findMessage(input) instanceof AgentMessage.Shutdown)) {
        throw new ClaimBrokenException("ended as if all were well: status=0");
      }
      return false;
    } catch (ClaimBrokenException e) {
      throw new ClaimBrokenException(
          e.getMessage()
              + "; input="
              + HexFormat.of().formatHex(input, 0, Math.min(200, input.length)));
    }
  }

  private static @Nullable AgentMessage findMessage(byte[] input) {
    try {
      return EngineCodec.decodeFromAgent(ByteBuffer.wrap(input)).message();
    } catch (WireException _) {
      return null;
    }
  }

  /// Noise, or a right message with a few bytes changed, cut off or added.
  private static byte[] input(SplittableRandom random, Conversation engine, FileSample file) {
    if (random.nextInt(8) == 0) {
      byte[] noise = new byte[1 + random.nextInt(MOST_NOISE_BYTES)];
      random.nextBytes(noise);
      return noise;
    }
    byte[] right = EngineCodec.encode(engine.nextSequence(), message(random, engine, file));
    return switch (random.nextInt(4)) {
      case 0 -> right;
      case 1 -> Arrays.copyOf(right, 1 + random.nextInt(right.length));
      case 2 -> Arrays.copyOf(right, right.length + 1 + random.nextInt(8));
      default -> {
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
          right[random.nextInt(right.length)] = (byte) random.nextInt();
        }
        yield right;
      }
    };
  }

  private static AgentMessage message(
      SplittableRandom random, Conversation engine, FileSample file) {
    return switch (random.nextInt(6)) {
      case 0 -> new AgentMessage.Ping(random.nextLong());
      case 1 -> new AgentMessage.Cancel(List.of(1L, 2L, 3L));
      case 2 -> new AgentMessage.ModeChanged(EngineMode.MONITOR);
      case 3 -> new AgentMessage.LoadContent("fuzz", "fuzz", file.sha256(), file.sizeBytes());
      case 4 -> new AgentMessage.Shutdown("fuzz", 1_000);
      default ->
          new AgentMessage.Events(
              0,
              List.of(
                  engine.event(file, Ask.USUAL),
                  engine.event(file, Ask.USUAL.withoutDescriptor())));
    };
  }
}
