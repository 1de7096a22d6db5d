package redoubt.core.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class StreamSocketTest {
  /// Takes a word and a file, and answers with both, the file from its start.
  private static final String PEER =
      """
      import os, socket, sys
      server = socket.socket(socket.AF_UNIX)
      server.bind(sys.argv[1])
      server.listen()
      print("ready", flush=True)
      peer = server.accept()[0]
      word, passed = socket.recv_fds(peer, 100, 2)[:2]
      peer.sendall(word + b" " + b" ".join(os.pread(each, 100, 0) for each in passed))
      """;

  @TempDir private Path scratch;

  @Test
  void wordsAndFilesGoToAProgramOfAnotherMake() throws Exception {
    Path place = scratch.resolve("peer.sock");
    Path file = Files.writeString(scratch.resolve("file"), "what it says");
    Process peer =
        new ProcessBuilder("python3", "-c", PEER, place.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    int descriptor = Descriptors.openWithCare(file.toString().getBytes(StandardCharsets.UTF_8));
    try {
      assertEquals("ready", peer.inputReader().readLine());
      try (StreamSocket socket = StreamSocket.connect(place, 10_000)) {
        assertEquals(0, socket.send("here:".getBytes(StandardCharsets.UTF_8), descriptor));
        byte[] answer = new byte[100];
        int length = socket.receive(answer);
        assertEquals("here: what it says", new String(answer, 0, length, StandardCharsets.UTF_8));
        assertEquals(0, socket.receive(answer));
      }
    } finally {
      Descriptors.close(descriptor);
      peer.destroyForcibly().waitFor();
    }
  }

  @Test
  void nobodyIsWaitedForLongerThanAllowed() throws Exception {
    Path place = scratch.resolve("silent.sock");
    try (ServerSocketChannel _ = listen(place);
        StreamSocket socket = StreamSocket.connect(place, 10_000)) {
      socket.receiveLimit(50);
      assertEquals(-Errno.EAGAIN, socket.receive(new byte[100]));
      // Its place for one that is not yet accepted is taken.
      try (StreamSocket _ = StreamSocket.connect(place, 50)) {
        assertEquals(Errno.EAGAIN, assertThrows(LinuxException.class, () -> fill(place)).errno());
      }
    }
  }

  @Test
  void whoIsNotThereIsAnError() throws IOException {
    Path place = scratch.resolve("nobody.sock");
    assertEquals(
        Errno.ENOENT,
        assertThrows(LinuxException.class, () -> StreamSocket.connect(place, 50)).errno());
    listen(place).close();
    assertEquals(
        Errno.ECONNREFUSED,
        assertThrows(LinuxException.class, () -> StreamSocket.connect(place, 50)).errno());
  }

  private static ServerSocketChannel listen(Path place) throws IOException {
    return ServerSocketChannel.open(StandardProtocolFamily.UNIX)
        .bind(UnixDomainSocketAddress.of(place), 1);
  }

  private static void fill(Path place) {
    for (int i = 0; i < 10; i++) {
      StreamSocket.connect(place, 50).close();
    }
  }
}
