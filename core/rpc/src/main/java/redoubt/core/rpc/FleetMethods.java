package redoubt.core.rpc;

import io.grpc.MethodDescriptor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import redoubt.core.wire.WireLimits;

/// The methods of the service as gRPC has them, with messages as bytes:
/// [redoubt.core.wire.FleetCodec] reads and writes those.
public final class FleetMethods {
  /// The name of the service.
  public static final String SERVICE = "redoubt.fleet.v1.Fleet";

  /// Takes a host in: one request, one reply.
  public static final MethodDescriptor<byte[], byte[]> ENROL =
      method("Enrol", MethodDescriptor.MethodType.UNARY);

  /// The connection of a host: messages both ways, as long as it is there.
  public static final MethodDescriptor<byte[], byte[]> CONNECT =
      method("Connect", MethodDescriptor.MethodType.BIDI_STREAMING);

  private FleetMethods() {}

  private static MethodDescriptor<byte[], byte[]> method(
      String name, MethodDescriptor.MethodType type) {
    Bytes bytes = new Bytes();
    return MethodDescriptor.newBuilder(bytes, bytes)
        .setType(type)
        .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, name))
        .build();
  }

  /// Messages as they are.
  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        // gRPC has refused what is longer; this holds whatever it does.
        return stream.readNBytes(WireLimits.FLEET_MESSAGE_BYTES + 1);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
