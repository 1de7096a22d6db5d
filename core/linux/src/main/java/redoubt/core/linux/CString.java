package redoubt.core.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/// Text on its way to and from the kernel: UTF-8, ended by a NUL byte on the way there.
///
/// Bytes from the kernel that are not UTF-8 become U+FFFD, so a name that went through here is for
/// people and records; whoever needs the file itself keeps its descriptor.
final class CString {
  private CString() {}

  /// @throws IllegalArgumentException if the text holds a NUL, which would silently shorten it
  static MemorySegment allocate(Arena arena, String text) {
    if (text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("text with NUL: length=" + text.length());
    }
    return arena.allocateFrom(text);
  }

  /// Decodes exactly `length` bytes.
  static String decode(MemorySegment segment, long offset, int length) {
    byte[] bytes = segment.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /// Decodes up to the first NUL, at most `limit` bytes.
  static String decodeUntilNul(MemorySegment segment, long offset, int limit) {
    int length = 0;
    while (length < limit && segment.get(ValueLayout.JAVA_BYTE, offset + length) != 0) {
      length++;
    }
    return decode(segment, offset, length);
  }
}
