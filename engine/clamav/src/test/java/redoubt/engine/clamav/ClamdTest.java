package redoubt.engine.clamav;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// With peers that are no clamd; how it is with a real one, the system tests show.
@Timeout(60)
class ClamdTest {
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final Duration SHORT = Duration.ofMillis(100);

  @TempDir private Path scratch;

  @Test
  void anAnswerMayComeInPieces() throws Exception {
    try (ServerSocketChannel _ = serve("Clam", "AV 1", ".2\0and more")) {
      assertEquals("ClamAV 1.2", new Clamd(place()).version(LONG));
    }
  }

  @Test
  void halfAnAnswerIsNone() throws Exception {
    try (ServerSocketChannel _ = serve("ClamAV")) {
      assertThrows(SocketTimeoutException.class, () -> new Clamd(place()).version(SHORT));
    }
  }

  @Test
  void anAnswerWithoutAnEndIsRefused() throws Exception {
    try (ServerSocketChannel _ = serve("x".repeat(100_000))) {
      IOException refused = assertThrows(IOException.class, () -> new Clamd(place()).version(LONG));
      assertTrue(String.valueOf(refused.getMessage()).contains("too long"), refused::toString);
    }
  }

  @Test
  void whoIsNotThereIsNamed() {
    IOException missing = assertThrows(IOException.class, () -> new Clamd(place()).version(LONG));
    assertTrue(String.valueOf(missing.getMessage()).contains("ENOENT"), missing::toString);
  }

  @Test
  void whoeverHasSignaturesAndIsGoneHasNotChanged() throws Exception {
    ClamAv engine;
    try (ServerSocketChannel _ = serve("ClamAV 1.2/27000\0")) {
      engine = new ClamAv(new Clamd(place()));
      assertTrue(engine.changed().isEmpty());
    }
    assertEquals("0.1.0 with ClamAV 1.2/27000", engine.describe().version());
    assertTrue(engine.changed().isEmpty());
    Files.delete(place());
    try (ServerSocketChannel _ = serve("ClamAV 1.2/27001\0")) {
      assertEquals("ClamAV 1.2/27001", engine.changed().orElseThrow());
    }
  }

  private Path place() {
    return scratch.resolve("clamd.ctl");
  }

  /// Answers each question with these pieces, and then says no more.
  private ServerSocketChannel serve(String... pieces) throws IOException {
    ServerSocketChannel server =
        ServerSocketChannel.open(StandardProtocolFamily.UNIX)
            .bind(UnixDomainSocketAddress.of(place()));
    Thread.ofVirtual().start(() -> answer(server, pieces));
    return server;
  }

  private static void answer(ServerSocketChannel server, String... pieces) {
    try {
      while (true) {
        SocketChannel peer = server.accept();
        ByteBuffer question = ByteBuffer.allocate(100);
        peer.read(question);
        for (String piece : pieces) {
          peer.write(ByteBuffer.wrap(piece.getBytes(StandardCharsets.UTF_8)));
          Thread.sleep(5);
        }
      }
    } catch (IOException _) {
      // The test is over, or has heard enough.
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
