package redoubt.agent.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.io.TempDir;
import redoubt.core.linux.ReceiveBuffer;
import redoubt.core.linux.SeqPacketSocket;
import redoubt.core.wire.ControlCodec;
import redoubt.core.wire.ControlReply;
import redoubt.core.wire.ControlRequest;
import redoubt.core.wire.WireLimits;

class ControlServerTest {
  @TempDir private Path directory;

  /// As `redoubt stop` does: the request itself is why the server closes.
  @RepeatedTest(50)
  void whoeverAsksTheServerToCloseIsAnswered() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    Path path = directory.resolve("socket");
    ControlServer server =
        ControlServer.open(
            path,
            (_, _, _) -> {
              asked.countDown();
              return new ControlReply.Done("stopping");
            });
    Thread closer =
        Thread.ofPlatform()
            .start(() -> {
              try {
                asked.await();
              } catch (InterruptedException _) {
                return;
              }
              server.close();
            });
    try (SeqPacketSocket peer = SeqPacketSocket.connect(path);
        ReceiveBuffer buffer = new ReceiveBuffer(WireLimits.MESSAGE_BYTES, 0)) {
      byte[] request = ControlCodec.encode(new ControlRequest.Stop("test", ""));
      peer.send(request, request.length, new int[0], 0, true);
      assertTrue(peer.receive(buffer) > 0, "closed without an answer");
      assertEquals(new ControlReply.Done("stopping"), ControlCodec.decodeReply(buffer.data()));
    }
    closer.join();
  }
}
