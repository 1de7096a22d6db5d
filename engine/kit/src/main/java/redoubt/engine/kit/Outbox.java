package redoubt.engine.kit;

import redoubt.core.linux.SeqPacketSocket;
import redoubt.core.wire.EngineCodec;
import redoubt.core.wire.EngineMessage;

/// Numbers messages and sends them, in the order of their numbers. For use by any thread.
final class Outbox {
  private static final int[] NO_DESCRIPTORS = {};

  private final SeqPacketSocket socket;
  private long sequence;

  Outbox(SeqPacketSocket socket) {
    this.socket = socket;
  }

  /// Sends a message; waits while the agent does not read. An agent that is gone is noticed by
  /// whoever receives, so the message is dropped then.
  synchronized void send(EngineMessage message) {
    byte[] bytes = EngineCodec.encode(sequence + 1, message);
    sequence++;
    socket.send(bytes, bytes.length, NO_DESCRIPTORS, 0, true);
  }
}
