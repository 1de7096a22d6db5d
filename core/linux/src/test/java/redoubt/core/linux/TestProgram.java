package redoubt.core.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HexFormat;

/// The smallest eBPF program there is, a socket filter that passes nothing, loaded and attached to
/// nothing: something real to be listed. It leaves the kernel when its descriptor is closed, or its
/// pinned name is removed.
final class TestProgram implements AutoCloseable {
  private static final int BPF_OBJ_PIN = 6;
  private static final int BPF_PROG_LOAD = 5;
  private static final int BPF_PROG_TYPE_SOCKET_FILTER = 1;
  private static final int LOAD_ATTR_BYTES = 64;
  private static final int LOAD_NAME = 48;
  private static final int PIN_ATTR_BYTES = 16;

  /// `r0 = 0; exit`.
  private static final byte[] INSTRUCTIONS =
      HexFormat.of().parseHex("b700000000000000" + "9500000000000000");

  private final OwnedDescriptor descriptor;

  private TestProgram(int descriptor) {
    this.descriptor = new OwnedDescriptor(descriptor);
  }

  /// @param name at most 15 letters, digits and underscores
  static TestProgram load(String name) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment instructions = arena.allocate(INSTRUCTIONS.length, Long.BYTES);
      MemorySegment.copy(INSTRUCTIONS, 0, instructions, JAVA_BYTE, 0, INSTRUCTIONS.length);
      MemorySegment attributes = arena.allocate(LOAD_ATTR_BYTES, Long.BYTES);
      attributes.set(JAVA_INT, 0, BPF_PROG_TYPE_SOCKET_FILTER);
      attributes.set(JAVA_INT, 4, INSTRUCTIONS.length / 8);
      attributes.set(JAVA_LONG, 8, instructions.address());
      attributes.set(JAVA_LONG, 16, CString.allocate(arena, "GPL").address());
      attributes.setString(LOAD_NAME, name);
      int loaded = SystemCall.BPF.call(BPF_PROG_LOAD, attributes.address(), LOAD_ATTR_BYTES);
      return new TestProgram(SystemCall.BPF.require(loaded, "name=" + name));
    }
  }

  /// Gives it a name in a BPF file system.
  void pin(String path) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment attributes = arena.allocate(PIN_ATTR_BYTES, Long.BYTES);
      attributes.set(JAVA_LONG, 0, CString.allocate(arena, path).address());
      attributes.set(JAVA_INT, 8, descriptor.number());
      SystemCall.BPF.require(
          SystemCall.BPF.call(BPF_OBJ_PIN, attributes.address(), PIN_ATTR_BYTES), "path=" + path);
    }
  }

  @Override
  public void close() {
    descriptor.close();
  }
}
