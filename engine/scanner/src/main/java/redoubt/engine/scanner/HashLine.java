package redoubt.engine.scanner;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Finds the parts of one line of a hash list (`spec/hash-list.abnf`) in a buffer, without
/// allocating unless asked for text. Reused from line to line; not safe for use by several threads.
final class HashLine {
  /// What a line is.
  enum Kind {
    /// Blank or a comment.
    NOTHING,
    /// A digest, perhaps with a name.
    ENTRY,
    /// Anything else.
    BAD
  }

  /// How many hexadecimal digits of a digest make its prefix: 36 bits.
  static final int PREFIX_DIGITS = 9;

  private byte[] bytes = {};
  private int digest;
  private int digestEnd;
  private int end;
  private @Nullable Algorithm algorithm;
  private String problem = "";

  /// Takes a line apart.
  ///
  /// @param bytes a buffer that must not change before the line's parts are read
  /// @param start where the line starts
  /// @param end where it ends, its line feed not counted
  Kind parse(byte[] bytes, int start, int end) {
    this.bytes = bytes;
    this.end = trimEnd(start, end);
    digest = skipBlanks(start, this.end);
    digestEnd = skipWord(digest, this.end);
    algorithm = null;
    if (digest == this.end || bytes[digest] == '#') {
      return Kind.NOTHING;
    }
    return parseDigest();
  }

  /// What is wrong with the line; after [Kind#BAD].
  String problem() {
    return problem;
  }

  /// Which digest it is; after [Kind#ENTRY].
  Algorithm algorithm() {
    if (algorithm == null) {
      throw new IllegalStateException("the line has no digest");
    }
    return algorithm;
  }

  /// The first 36 bits of the digest; after [Kind#ENTRY].
  long prefix() {
    long prefix = 0;
    for (int i = digest; i < digest + PREFIX_DIGITS; i++) {
      prefix = prefix << 4 | Character.digit(bytes[i], 16);
    }
    return prefix;
  }

  /// Whether the digest is the one of these hexadecimal digits in lower case; after [Kind#ENTRY].
  boolean hasDigest(String hex) {
    if (hex.length() != digestEnd - digest) {
      return false;
    }
    for (int i = 0; i < hex.length(); i++) {
      if (Character.toLowerCase(bytes[digest + i]) != hex.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /// The name, empty if there is none; after [Kind#ENTRY]. What is no UTF-8 is replaced.
  String name() {
    int start = skipBlanks(digestEnd, end);
    return new String(bytes, start, end - start, StandardCharsets.UTF_8);
  }

  private Kind parseDigest() {
    algorithm = Algorithm.findByDigits(digestEnd - digest).orElse(null);
    if (algorithm == null) {
      return bad("a digest has 64, 40 or 32 digits, not " + (digestEnd - digest));
    }
    for (int i = digest; i < digestEnd; i++) {
      if (bytes[i] < 0 || Character.digit(bytes[i], 16) < 0) {
        return bad("not a hexadecimal digit at column " + (i - digest + 1));
      }
    }
    return Kind.ENTRY;
  }

  private Kind bad(String problem) {
    this.problem = problem;
    return Kind.BAD;
  }

  private int trimEnd(int start, int limit) {
    int at = limit;
    while (at > start && (isBlank(bytes[at - 1]) || bytes[at - 1] == '\r')) {
      at--;
    }
    return at;
  }

  private int skipBlanks(int from, int limit) {
    int at = from;
    while (at < limit && isBlank(bytes[at])) {
      at++;
    }
    return at;
  }

  private int skipWord(int from, int limit) {
    int at = from;
    while (at < limit && !isBlank(bytes[at])) {
      at++;
    }
    return at;
  }

  private static boolean isBlank(byte value) {
    return value == ' ' || value == '\t';
  }
}
