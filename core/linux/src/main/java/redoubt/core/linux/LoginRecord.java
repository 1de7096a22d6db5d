package redoubt.core.linux;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import redoubt.core.model.Endpoint;

/// A record of the system's files of logins (`struct utmp` in `wtmp` and `btmp`, see `utmp(5)`).
/// Immutable. The texts were chosen by others.
///
/// @param type what it says, such as [#USER_PROCESS]
/// @param process the process that keeps the session
/// @param line the terminal
/// @param user the account's name, as it was given
/// @param host from where; empty if from here or unknown
/// @param timeNanos nanoseconds since the epoch, to the microsecond
public record LoginRecord(
    int type, int process, String line, String user, String host, long timeNanos) {
  /// A session's leader: somebody is about to log in (so `btmp` has refusals too).
  public static final int LOGIN_PROCESS = 6;

  /// Somebody logged in.
  public static final int USER_PROCESS = 7;

  /// The session ended.
  public static final int DEAD_PROCESS = 8;

  static final int UT_PID = 4;
  static final int UT_LINE = 8;
  static final int UT_LINESIZE = 32;
  static final int UT_USER = 44;
  static final int UT_NAMESIZE = 32;
  static final int UT_HOST = 76;
  static final int UT_HOSTSIZE = 256;
  static final int UT_SESSION = 336;
  private static final int ADDRESS_BYTES = 16;
  private static final int IPV4_BYTES = 4;

  /// On x86-64 the session and the time have 32 bits each, as they had before it; on AArch64 the
  /// words are whole ones.
  private static final boolean SHORT = Architecture.CURRENT == Architecture.X86_64;

  static final int UT_TV = SHORT ? 340 : 344;
  static final int UT_ADDR_V6 = SHORT ? 348 : 360;

  /// How long a record is.
  public static final int BYTES = SHORT ? 384 : 400;

  /// Reads a record.
  ///
  /// @param bytes exactly [#BYTES]
  public static LoginRecord parse(byte[] bytes) {
    ByteBuffer record = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    MemorySegment texts = MemorySegment.ofArray(bytes);
    long seconds = SHORT ? record.getInt(UT_TV) : record.getLong(UT_TV);
    long micros = SHORT ? record.getInt(UT_TV + 4) : record.getLong(UT_TV + 8);
    String host = CString.decodeUntilNul(texts, UT_HOST, UT_HOSTSIZE);
    return new LoginRecord(
        record.getShort(0),
        record.getInt(UT_PID),
        CString.decodeUntilNul(texts, UT_LINE, UT_LINESIZE),
        CString.decodeUntilNul(texts, UT_USER, UT_NAMESIZE),
        host.isEmpty() ? address(record) : host,
        seconds * 1_000_000_000L + micros * 1_000L);
  }

  /// An IPv4 address has zeros behind it.
  private static String address(ByteBuffer record) {
    byte[] bytes = new byte[ADDRESS_BYTES];
    record.get(UT_ADDR_V6, bytes);
    int last = ADDRESS_BYTES;
    while (last > 0 && bytes[last - 1] == 0) {
      last--;
    }
    if (last == 0) {
      return "";
    }
    return Endpoint.of(last > IPV4_BYTES ? bytes : Arrays.copyOf(bytes, IPV4_BYTES), 0).address();
  }
}
