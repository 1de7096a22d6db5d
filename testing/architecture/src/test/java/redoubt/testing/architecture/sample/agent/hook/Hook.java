package redoubt.testing.architecture.sample.agent.hook;

import com.google.protobuf.ByteString;

/// Keeps static state, and bytes of the protobuf library.
public final class Hook {
  @SuppressWarnings("NonFinalStaticField")
  public static int opened;

  private Hook() {}

  public static ByteString bytes() {
    return ByteString.EMPTY;
  }
}
