package redoubt.core.wire;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// What all envelopes have in common: one datagram, one message, one body.
final class Datagram {
  /// Reads the field that a reader stands at.
  interface Body<M> {
    /// Returns the message in the field, or skips the field and returns null if it is none that
    /// this version knows.
    @Nullable M read(ProtoReader in) throws WireException;
  }

  private Datagram() {}

  /// Begins to read a copy of the remaining bytes, so that nobody can change them meanwhile.
  static ProtoReader open(ByteBuffer datagram) throws WireException {
    return open(datagram, WireLimits.MESSAGE_BYTES);
  }

  /// As [#open], with a limit of its own.
  static ProtoReader open(ByteBuffer datagram, int mostBytes) throws WireException {
    if (datagram.remaining() > mostBytes) {
      throw new WireException("message too long: lengthBytes=" + datagram.remaining());
    }
    byte[] copy = new byte[datagram.remaining()];
    datagram.get(copy);
    return new ProtoReader(copy);
  }

  /// Reads one field of an envelope.
  ///
  /// @param before the body read before it, or null
  /// @return the body known after it
  static <M> @Nullable M readBody(ProtoReader in, @Nullable M before, Body<M> body)
      throws WireException {
    M next = body.read(in);
    if (next != null && before != null) {
      throw new WireException("two bodies in one message: field=" + in.field());
    }
    return next == null ? before : next;
  }

  /// Returns the body.
  ///
  /// @throws WireException if there was none that this version knows
  static <M> M requireBody(@Nullable M body) throws WireException {
    if (body == null) {
      throw new WireException("no known body in the message");
    }
    return body;
  }
}
