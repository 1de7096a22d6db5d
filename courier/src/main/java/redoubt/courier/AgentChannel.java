package redoubt.courier;

import java.nio.file.Path;
import java.util.Optional;
import redoubt.core.linux.LinuxException;
import redoubt.core.linux.ReceiveBuffer;
import redoubt.core.linux.SeqPacketSocket;
import redoubt.core.wire.CourierCodec;
import redoubt.core.wire.CourierOrder;
import redoubt.core.wire.CourierReport;
import redoubt.core.wire.WireException;
import redoubt.core.wire.WireLimits;

/// The courier's connection to its agent. One thread takes orders; any thread reports.
final class AgentChannel implements AutoCloseable {
  private final SeqPacketSocket socket;
  private final ReceiveBuffer buffer = new ReceiveBuffer(WireLimits.COURIER_MESSAGE_BYTES, 1);

  private AgentChannel(SeqPacketSocket socket) {
    this.socket = socket;
  }

  /// Connects to the agent.
  ///
  /// @throws LinuxException if there is none
  static AgentChannel open(Path path) {
    return new AgentChannel(SeqPacketSocket.connect(path));
  }

  /// Waits for the agent's next word.
  ///
  /// @return nothing if the agent has ended the connection
  /// @throws WireException if what it said is no order
  Optional<CourierOrder> next() throws WireException {
    int length = socket.receive(buffer);
    buffer.closeDescriptors();
    return length <= 0 ? Optional.empty() : Optional.of(CourierCodec.decodeOrder(buffer.data()));
  }

  /// Tells the agent. One that has ended hears nothing any more; then there is no more order.
  synchronized void tell(CourierReport report) {
    byte[] bytes = CourierCodec.encode(report);
    socket.send(bytes, bytes.length, new int[0], 0, true);
  }

  @Override
  public void close() {
    socket.close();
    buffer.close();
  }
}
