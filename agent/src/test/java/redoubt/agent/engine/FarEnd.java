package redoubt.agent.engine;

import java.util.ArrayList;
import java.util.List;
import redoubt.core.linux.ReceiveBuffer;
import redoubt.core.linux.SeqPacketSocket;
import redoubt.core.wire.AgentMessage;
import redoubt.core.wire.EngineCodec;
import redoubt.core.wire.WireException;
import redoubt.core.wire.WireLimits;

/// The engine's end of a real socket pair, read by the test itself.
final class FarEnd implements AutoCloseable {
  private final SeqPacketSocket near;
  private final SeqPacketSocket far;
  private final ReceiveBuffer buffer = new ReceiveBuffer(WireLimits.MESSAGE_BYTES, 1);

  FarEnd() {
    SeqPacketSocket[] pair = SeqPacketSocket.pair();
    near = pair[0];
    far = pair[1];
  }

  /// The agent's end.
  SeqPacketSocket near() {
    return near;
  }

  /// Every event that has arrived and was not taken yet, in order.
  List<AgentMessage.Event> takeEvents() throws WireException {
    List<AgentMessage.Event> events = new ArrayList<>();
    while (far.receiveNow(buffer) > 0) {
      if (EngineCodec.decodeFromAgent(buffer.data()).message() instanceof AgentMessage.Events e) {
        events.addAll(e.events());
      }
    }
    return events;
  }

  /// Every message of what happened on the host that has arrived and was not taken yet, in order.
  List<AgentMessage.Activity> takeActivity() throws WireException {
    List<AgentMessage.Activity> messages = new ArrayList<>();
    while (far.receiveNow(buffer) > 0) {
      if (EngineCodec.decodeFromAgent(buffer.data()).message()
          instanceof AgentMessage.Activity activity) {
        messages.add(activity);
      }
    }
    return messages;
  }

  @Override
  public void close() {
    near.close();
    far.close();
    buffer.close();
  }
}
