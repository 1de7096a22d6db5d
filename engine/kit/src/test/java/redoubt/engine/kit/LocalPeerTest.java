package redoubt.engine.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import redoubt.core.linux.Descriptors;

@Timeout(60)
class LocalPeerTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  /// Takes a word and a file, and answers with what the file says.
  private static final String PEER =
      """
      import os, socket, sys
      server = socket.socket(socket.AF_UNIX)
      server.bind(sys.argv[1])
      server.listen()
      print("ready", flush=True)
      peer = server.accept()[0]
      passed = socket.recv_fds(peer, 100, 1)[1]
      peer.sendall(os.pread(passed[0], 100, 0))
      """;

  @TempDir private Path scratch;

  @Test
  void aFileGoesAsItself() throws Exception {
    Path place = scratch.resolve("peer.sock");
    Path path = Files.writeString(scratch.resolve("file"), "what it says");
    Process peer =
        new ProcessBuilder("python3", "-c", PEER, place.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    FileContent file =
        FileContent.withMemory(Descriptors.openReadOnly(path.toString()), Files.size(path), 64);
    try {
      assertEquals("ready", peer.inputReader().readLine());
      try (LocalPeer talk = LocalPeer.connect(place, LIMIT)) {
        talk.send(new byte[] {1}, file);
        byte[] answer = new byte[100];
        int length = talk.receive(answer, LIMIT);
        assertEquals("what it says", new String(answer, 0, length, StandardCharsets.UTF_8));
        assertEquals(-1, talk.receive(answer, LIMIT));
        file.close();
        assertThrows(IllegalStateException.class, () -> talk.send(new byte[] {1}, file));
      }
    } finally {
      file.close();
      peer.destroyForcibly().waitFor();
    }
  }
}
