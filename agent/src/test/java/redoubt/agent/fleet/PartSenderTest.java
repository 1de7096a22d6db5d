package redoubt.agent.fleet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redoubt.core.wire.FleetMessage;
import redoubt.core.wire.HostMessage;

class PartSenderTest {
  private static final Duration SOON = Duration.ofMillis(20);

  @TempDir Path folder;

  private Path file(int bytes, Random random) throws IOException {
    byte[] content = new byte[bytes];
    random.nextBytes(content);
    return Files.write(folder.resolve("file"), content);
  }

  /// A server that loses what it is told, forgets what it had, and answers twice: in the end it has
  /// all of it.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void allOfItArrivesWhateverIsLost(long seed) throws Exception {
    Random random = new Random(seed);
    Path file = file(1 + random.nextInt(500_000), random);
    ByteArrayOutputStream kept = new ByteArrayOutputStream();
    try (ExecutorService server = Executors.newSingleThreadExecutor()) {
      PartSender[] sender = new PartSender[1];
      sender[0] =
          new PartSender(
              message -> {
                HostMessage.Part part = (HostMessage.Part) message;
                server.execute(() -> {
                  if (random.nextInt(10) == 0) {
                    return;
                  }
                  if (random.nextInt(20) == 0) {
                    kept.reset();
                  }
                  if (part.offset() == kept.size()) {
                    kept.writeBytes(part.bytes().toArray());
                  }
                  for (int i = 0; i <= random.nextInt(2); i++) {
                    sender[0].kept(new FleetMessage.PartKept(part.command(), kept.size(), ""));
                  }
                });
              },
              SOON,
              Duration.ofSeconds(20));
      sender[0].send(3, file);
    }
    assertArrayEquals(Files.readAllBytes(file), kept.toByteArray());
  }

  @Test
  void whatNobodyTakesIsGivenUp() throws Exception {
    PartSender sender = new PartSender(_ -> {}, SOON, Duration.ofMillis(200));
    Path file = file(10, new Random(1));
    IOException problem = assertThrows(IOException.class, () -> sender.send(1, file));
    assertTrue(String.valueOf(problem.getMessage()).contains("has not taken it"));
  }

  @Test
  void answersAboutSomethingElseDoNotCount() throws Exception {
    PartSender[] sender = new PartSender[1];
    sender[0] =
        new PartSender(
            _ -> sender[0].kept(new FleetMessage.PartKept(7, 10, "")),
            SOON,
            Duration.ofMillis(200));
    Path file = file(10, new Random(1));
    assertThrows(IOException.class, () -> sender[0].send(1, file));
  }
}
