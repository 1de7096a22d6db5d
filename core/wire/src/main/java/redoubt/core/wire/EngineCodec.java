package redoubt.core.wire;

import java.nio.ByteBuffer;

/// Turns messages between agent and engine into bytes and back. Stateless: safe for use by any
/// thread.
public final class EngineCodec {
  /// A message and its place in the stream.
  ///
  /// @param sequence counts the sender's messages from 1
  /// @param message the message
  public record Framed<M>(long sequence, M message) {}

  private static final int SEQUENCE_FIELD = 1;

  private EngineCodec() {}

  /// Encodes a message of the agent's. Paths and texts for people that are too long are cut as
  /// [WireText] says; everything else must be within its limits.
  ///
  /// @throws IllegalArgumentException if the message exceeds [WireLimits]
  public static byte[] encode(long sequence, AgentMessage message) {
    AgentMessages.check(message);
    ProtoWriter out = new ProtoWriter();
    begin(out, sequence, AgentMessages.field(message));
    AgentMessages.write(out, message);
    out.end();
    return out.toBytes();
  }

  /// Encodes a message of the engine's.
  ///
  /// @throws IllegalArgumentException if the message exceeds [WireLimits]
  public static byte[] encode(long sequence, EngineMessage message) {
    EngineMessages.check(message);
    ProtoWriter out = new ProtoWriter();
    begin(out, sequence, EngineMessages.field(message));
    EngineMessages.write(out, message);
    out.end();
    return out.toBytes();
  }

  /// Decodes what came from the agent: the remaining bytes of `datagram`, which are copied first.
  ///
  /// @throws WireException if the bytes are no message within [WireLimits]
  public static Framed<AgentMessage> decodeFromAgent(ByteBuffer datagram) throws WireException {
    return decode(datagram, AgentMessages::read, AgentMessages::checkRead);
  }

  /// Decodes what came from an engine: the remaining bytes of `datagram`, which are copied first.
  ///
  /// @throws WireException if the bytes are no message within [WireLimits]
  public static Framed<EngineMessage> decodeFromEngine(ByteBuffer datagram) throws WireException {
    return decode(datagram, EngineMessages::read, EngineMessages::check);
  }

  private interface Rules<M> {
    void check(M message);
  }

  private static void begin(ProtoWriter out, long sequence, int field) {
    Check.range("sequence", sequence, 1, Long.MAX_VALUE);
    out.unsigned(SEQUENCE_FIELD, sequence);
    out.begin(field);
  }

  private static <M> Framed<M> decode(ByteBuffer datagram, Datagram.Body<M> body, Rules<M> rules)
      throws WireException {
    try {
      Framed<M> framed = readEnvelope(Datagram.open(datagram), body);
      Check.range("sequence", framed.sequence(), 1, Long.MAX_VALUE);
      rules.check(framed.message());
      return framed;
    } catch (IllegalArgumentException e) {
      throw new WireException("invalid message: " + e.getMessage(), e);
    }
  }

  private static <M> Framed<M> readEnvelope(ProtoReader in, Datagram.Body<M> body)
      throws WireException {
    long sequence = 0;
    M message = null;
    while (in.next()) {
      if (in.field() == SEQUENCE_FIELD) {
        sequence = in.uint64();
      } else {
        message = Datagram.readBody(in, message, body);
      }
    }
    return new Framed<>(sequence, Datagram.requireBody(message));
  }
}
