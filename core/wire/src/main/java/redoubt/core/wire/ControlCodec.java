package redoubt.core.wire;

import java.nio.ByteBuffer;

/// Turns control requests and replies into bytes and back.
public final class ControlCodec {
  private ControlCodec() {}

  /// Encodes a request.
  public static byte[] encode(ControlRequest request) {
    throw new IllegalStateException("not yet: " + request);
  }

  /// Encodes a reply.
  public static byte[] encode(ControlReply reply) {
    throw new IllegalStateException("not yet: " + reply);
  }

  /// Decodes a request: the remaining bytes of `datagram`.
  ///
  /// @throws WireException if the bytes are no request within [WireLimits]
  public static ControlRequest decodeRequest(ByteBuffer datagram) throws WireException {
    throw new WireException("not yet: " + datagram);
  }

  /// Decodes a reply: the remaining bytes of `datagram`.
  ///
  /// @throws WireException if the bytes are no reply within [WireLimits]
  public static ControlReply decodeReply(ByteBuffer datagram) throws WireException {
    throw new WireException("not yet: " + datagram);
  }
}
