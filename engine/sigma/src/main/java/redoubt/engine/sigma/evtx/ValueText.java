package redoubt.engine.sigma.evtx;

import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import redoubt.engine.sigma.event.Event;
import redoubt.engine.sigma.event.EventFormatException;

/// Writes values of binary XML into an event as Windows shows them.
final class ValueText {
  private static final long FILETIME_UNITS_PER_SECOND = 10_000_000;
  private static final long SECONDS_FROM_1601_TO_1970 = 11_644_473_600L;
  private static final int[] GUID_ORDER = {
    3, 2, 1, 0, -1, 5, 4, -1, 7, 6, -1, 8, 9, -1, 10, 11, 12, 13, 14, 15
  };
  private static final byte[] DIGITS = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);
  private static final int SID_LONGEST = 8 + 4 * 15;

  private final Chunk chunk;

  ValueText(Chunk chunk) {
    this.chunk = chunk;
  }

  /// How the value is to be begun.
  static Event.Kind kind(int type) {
    return switch (type) {
      case ValueType.BOOL -> Event.Kind.BOOLEAN;
      case ValueType.INT8,
          ValueType.UINT8,
          ValueType.INT16,
          ValueType.UINT16,
          ValueType.INT32,
          ValueType.UINT32,
          ValueType.INT64,
          ValueType.UINT64,
          ValueType.REAL32,
          ValueType.REAL64 ->
          Event.Kind.NUMBER;
      default -> Event.Kind.TEXT;
    };
  }

  /// Appends the value to the one that the event began last.
  void append(Event event, int type, int at, int length) throws EventFormatException {
    chunk.require(at, length);
    switch (type) {
      case ValueType.NULL -> {
        // An element without content.
      }
      case ValueType.STRING -> appendString(event, at, length);
      case ValueType.ANSI_STRING -> appendAnsi(event, at, length);
      case ValueType.INT8 -> append(event, Byte.toString((byte) chunk.u8(at)));
      case ValueType.UINT8 -> append(event, Integer.toString(chunk.u8(at)));
      case ValueType.INT16 -> append(event, Short.toString((short) chunk.u16(at)));
      case ValueType.UINT16 -> append(event, Integer.toString(chunk.u16(at)));
      case ValueType.INT32 -> append(event, Integer.toString(chunk.i32(at)));
      case ValueType.UINT32 -> append(event, Integer.toUnsignedString(chunk.i32(at)));
      case ValueType.INT64 -> append(event, Long.toString(chunk.i64(at)));
      case ValueType.UINT64 -> append(event, Long.toUnsignedString(chunk.i64(at)));
      case ValueType.REAL32 -> append(event, Float.toString(Float.intBitsToFloat(chunk.i32(at))));
      case ValueType.REAL64 ->
          append(event, Double.toString(Double.longBitsToDouble(chunk.i64(at))));
      case ValueType.BOOL -> append(event, chunk.i32(at) == 0 ? "false" : "true");
      case ValueType.GUID -> appendGuid(event, at);
      case ValueType.SIZE_T ->
          appendHex(event, length == 4 ? chunk.i32(at) & 0xFFFF_FFFFL : chunk.i64(at));
      case ValueType.FILETIME -> appendFileTime(event, chunk.i64(at));
      case ValueType.SYSTEMTIME -> appendSystemTime(event, at);
      case ValueType.SID -> appendSid(event, at, length);
      case ValueType.HEX_INT32 -> appendHex(event, chunk.i32(at) & 0xFFFF_FFFFL);
      case ValueType.HEX_INT64 -> appendHex(event, chunk.i64(at));
      default -> appendBytes(event, at, length);
    }
  }

  /// Appends UTF-16; zeros at the end do not count.
  void appendString(Event event, int at, int length) throws EventFormatException {
    chunk.require(at, length);
    byte[] bytes = chunk.bytes();
    int end = at + (length & ~1);
    while (end > at && bytes[end - 1] == 0 && bytes[end - 2] == 0) {
      end -= 2;
    }
    for (int i = at; i < end; i += 2) {
      if (bytes[i + 1] != 0 || bytes[i] < 0) {
        // What is beyond ASCII is rare.
        append(event, new String(bytes, i, end - i, StandardCharsets.UTF_16LE));
        return;
      }
      event.append(bytes[i]);
    }
  }

  private void appendAnsi(Event event, int at, int length) {
    int end = at + length;
    while (end > at && chunk.bytes()[end - 1] == 0) {
      end--;
    }
    append(event, new String(chunk.bytes(), at, end - at, StandardCharsets.ISO_8859_1));
  }

  private static void append(Event event, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    event.append(bytes, 0, bytes.length);
  }

  private static void appendHex(Event event, long number) {
    append(event, "0x" + Long.toHexString(number));
  }

  private void appendBytes(Event event, int at, int length) {
    for (int i = at; i < at + length; i++) {
      event.append(DIGITS[chunk.bytes()[i] >> 4 & 0xF]);
      event.append(DIGITS[chunk.bytes()[i] & 0xF]);
    }
  }

  private void appendGuid(Event event, int at) throws EventFormatException {
    event.append((byte) '{');
    // The first three numbers are little-endian.
    for (int i : GUID_ORDER) {
      if (i < 0) {
        event.append((byte) '-');
      } else {
        appendBytes(event, at + i, 1);
      }
    }
    event.append((byte) '}');
  }

  private static void appendFileTime(Event event, long units) {
    long seconds = Math.floorDiv(units, FILETIME_UNITS_PER_SECOND) - SECONDS_FROM_1601_TO_1970;
    LocalDateTime time = LocalDateTime.ofEpochSecond(seconds, 0, ZoneOffset.UTC);
    appendTime(
        event,
        time.getYear(),
        time.getMonthValue(),
        time.getDayOfMonth(),
        time.getHour(),
        time.getMinute(),
        time.getSecond());
    appendDigits(event, Math.floorMod(units, FILETIME_UNITS_PER_SECOND), 7);
    event.append((byte) 'Z');
  }

  private void appendSystemTime(Event event, int at) throws EventFormatException {
    appendTime(
        event,
        chunk.u16(at),
        chunk.u16(at + 2),
        chunk.u16(at + 6),
        chunk.u16(at + 8),
        chunk.u16(at + 10),
        chunk.u16(at + 12));
    appendDigits(event, chunk.u16(at + 14), 3);
    event.append((byte) 'Z');
  }

  /// Up to the point behind the seconds.
  private static void appendTime(
      Event event, int year, int month, int day, int hour, int minute, int second) {
    appendDigits(event, year, 4);
    event.append((byte) '-');
    appendDigits(event, month, 2);
    event.append((byte) '-');
    appendDigits(event, day, 2);
    event.append((byte) 'T');
    appendDigits(event, hour, 2);
    event.append((byte) ':');
    appendDigits(event, minute, 2);
    event.append((byte) ':');
    appendDigits(event, second, 2);
    event.append((byte) '.');
  }

  private static void appendDigits(Event event, long number, int width) {
    String digits = Long.toString(number);
    for (int i = digits.length(); i < width; i++) {
      event.append((byte) '0');
    }
    append(event, digits);
  }

  private void appendSid(Event event, int at, int length) throws EventFormatException {
    int count = length < 8 || length > SID_LONGEST ? -1 : chunk.u8(at + 1);
    if (count < 0 || length < 8 + 4 * count) {
      appendBytes(event, at, length);
      return;
    }
    long authority = 0;
    for (int i = 2; i < 8; i++) {
      authority = authority << 8 | chunk.u8(at + i);
    }
    StringBuilder text = new StringBuilder("S-" + chunk.u8(at) + "-" + authority);
    for (int i = 0; i < count; i++) {
      text.append('-').append(Integer.toUnsignedString(chunk.i32(at + 8 + 4 * i)));
    }
    append(event, text.toString());
  }
}
