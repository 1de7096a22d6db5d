package redoubt.core.wire;

import java.nio.ByteBuffer;

/// Turns messages between agent and engine into bytes and back.
public final class EngineCodec {
  /// A message and its place in the stream.
  ///
  /// @param sequence counts the sender's messages from 1
  /// @param message the message
  public record Framed<M>(long sequence, M message) {}

  private EngineCodec() {}

  /// Encodes a message of the agent's.
  ///
  /// @throws IllegalArgumentException if the message exceeds [WireLimits]
  public static byte[] encode(long sequence, AgentMessage message) {
    throw new IllegalStateException("not yet: sequence=" + sequence + " " + message);
  }

  /// Encodes a message of the engine's.
  ///
  /// @throws IllegalArgumentException if the message exceeds [WireLimits]
  public static byte[] encode(long sequence, EngineMessage message) {
    throw new IllegalStateException("not yet: sequence=" + sequence + " " + message);
  }

  /// Decodes what came from the agent: the remaining bytes of `datagram`.
  ///
  /// @throws WireException if the bytes are no message within [WireLimits]
  public static Framed<AgentMessage> decodeFromAgent(ByteBuffer datagram) throws WireException {
    throw new WireException("not yet: " + datagram);
  }

  /// Decodes what came from an engine: the remaining bytes of `datagram`.
  ///
  /// @throws WireException if the bytes are no message within [WireLimits]
  public static Framed<EngineMessage> decodeFromEngine(ByteBuffer datagram) throws WireException {
    throw new WireException("not yet: " + datagram);
  }
}
