package redoubt.engine.clamav;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import redoubt.engine.kit.FileContent;
import redoubt.engine.kit.LocalPeer;

/// Clamd at its local socket, one conversation for each question (`clamd(8)`). Thread-safe.
final class Clamd {
  private static final byte[] VERSION = command("VERSION");
  private static final byte[] FILDES = command("FILDES");

  /// What the descriptor comes beside.
  private static final byte[] BESIDE = {0};

  /// The longest answer that is read.
  private static final int MOST_BYTES = 4096;

  private final Path socket;

  Clamd(Path socket) {
    this.socket = socket;
  }

  /// Asks which program and which signatures it has, such as `ClamAV 1.4.3/27825/Fri Nov 21 …`.
  ///
  /// @throws IOException if it does not say so in time
  String version(Duration limit) throws IOException {
    try (LocalPeer peer = LocalPeer.connect(socket, limit)) {
      peer.send(VERSION);
      return answer(peer, limit);
    }
  }

  /// Has a file looked at.
  ///
  /// @throws IOException if it does not answer in time
  ClamdAnswer scan(FileContent file, Duration limit) throws IOException {
    long end = System.nanoTime() + limit.toNanos();
    try (LocalPeer peer = LocalPeer.connect(socket, limit)) {
      peer.send(FILDES);
      peer.send(BESIDE, file);
      return ClamdAnswer.of(answer(peer, Duration.ofNanos(end - System.nanoTime())));
    }
  }

  /// Everything up to a zero, which ends an answer to a command that ended with one.
  private static String answer(LocalPeer peer, Duration limit) throws IOException {
    long end = System.nanoTime() + limit.toNanos();
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    byte[] some = new byte[512];
    while (text.size() < MOST_BYTES) {
      Duration left = Duration.ofNanos(end - System.nanoTime());
      if (left.isNegative()) {
        throw new SocketTimeoutException("clamd did not answer in time");
      }
      int count = peer.receive(some, left);
      if (count < 0) {
        throw new IOException("clamd ended the conversation without an answer");
      }
      for (int i = 0; i < count; i++) {
        if (some[i] == 0) {
          return text.toString(StandardCharsets.UTF_8);
        }
        text.write(some[i]);
      }
    }
    throw new IOException("clamd's answer is too long: mostBytes=" + MOST_BYTES);
  }

  private static byte[] command(String name) {
    return ("z" + name + '\0').getBytes(StandardCharsets.US_ASCII);
  }
}
