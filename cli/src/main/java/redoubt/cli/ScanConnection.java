package redoubt.cli;

import redoubt.core.linux.Errno;
import redoubt.core.linux.ReceiveBuffer;
import redoubt.core.linux.SeqPacketSocket;
import redoubt.core.wire.ControlCodec;
import redoubt.core.wire.ControlReply;
import redoubt.core.wire.ControlRequest;
import redoubt.core.wire.WireException;
import redoubt.core.wire.WireLimits;

/// One conversation with the agent in which files are scanned, one request after the other. Used by
/// one thread.
final class ScanConnection implements AutoCloseable {
  private static final int BUSY_MILLIS = 200;
  private static final int BUSY_TIMES = 150;

  private final SeqPacketSocket socket;
  private final ReceiveBuffer buffer = new ReceiveBuffer(WireLimits.MESSAGE_BYTES, 0);

  /// @throws Problem if no agent runs or this user may not ask it
  ScanConnection(AgentClient agent) {
    this.socket = agent.connect();
  }

  /// Has files scanned, and waits for what was found.
  ///
  /// @param descriptors open files, 1 to [WireLimits#SCAN_FILES]; they stay the caller's
  /// @throws Problem if the agent ends, or does not do it
  ControlReply.Scanned scan(int[] descriptors, boolean anew, boolean quarantine)
      throws InterruptedException {
    byte[] message =
        ControlCodec.encode(new ControlRequest.Scan(descriptors.length, anew, quarantine));
    for (int i = 0; i < BUSY_TIMES; i++) {
      switch (exchange(message, descriptors)) {
        case ControlReply.Scanned scanned when scanned.files().size() == descriptors.length -> {
          return scanned;
        }
        case ControlReply.Failed failed when failed.code().equals("busy") ->
            Thread.sleep(BUSY_MILLIS);
        case ControlReply.Failed failed ->
            throw new Problem(AgentClient.exitCode(failed.code()), failed.message(), failed.fix());
        default -> throw otherVersion("the agent answered something else than what was found");
      }
    }
    throw new Problem(
        ExitCode.INTERNAL, "the agent is busy with other scans", "try again when these are over");
  }

  private ControlReply exchange(byte[] message, int[] descriptors) {
    int sent = socket.send(message, message.length, descriptors, descriptors.length, true);
    int received = sent < 0 ? sent : socket.receive(buffer);
    if (received <= 0) {
      throw new Problem(
          ExitCode.NO_AGENT,
          "the agent ended while it scanned: error=" + Errno.name(-received),
          "see whether it runs: redoubt doctor");
    }
    try {
      return ControlCodec.decodeReply(buffer.data());
    } catch (WireException e) {
      throw otherVersion("the agent's answer cannot be read: error=" + e.getMessage());
    }
  }

  private static Problem otherVersion(String message) {
    return new Problem(
        ExitCode.INTERNAL,
        message,
        "command and agent may be of different versions: restart the agent");
  }

  @Override
  public void close() {
    socket.close();
    buffer.close();
  }
}
