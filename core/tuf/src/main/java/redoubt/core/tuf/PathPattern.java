package redoubt.core.tuf;

/// Patterns over target paths as shells know them (TUF 4.5): `*` for any characters, `?` for one,
/// `[abc]`, `[a-c]` and `[!a]` for one of or none of some, and nothing crosses a `/`. Takes time in
/// proportion to pattern times path at worst. Stateless.
final class PathPattern {
  private PathPattern() {}

  /// Whether the pattern matches the whole path.
  static boolean matches(String pattern, String path) {
    String[] patterns = pattern.split("/", -1);
    String[] segments = path.split("/", -1);
    if (patterns.length != segments.length) {
      return false;
    }
    for (int i = 0; i < patterns.length; i++) {
      if (!new Segment(patterns[i], segments[i]).matches()) {
        return false;
      }
    }
    return true;
  }

  /// One segment between slashes. On a mismatch the last `*` takes one character more; earlier ones
  /// need never be tried again.
  private static final class Segment {
    private final int[] pattern;
    private final int[] text;

    Segment(String pattern, String text) {
      this.pattern = pattern.codePoints().toArray();
      this.text = text.codePoints().toArray();
    }

    boolean matches() {
      int at = 0;
      int star = -1;
      int starText = 0;
      int read = 0;
      while (read < text.length) {
        if (at < pattern.length && pattern[at] == '*') {
          star = at++;
          starText = read;
        } else if (at < pattern.length && matchesOne(at, text[read])) {
          at = afterOne(at);
          read++;
        } else if (star >= 0) {
          at = star + 1;
          read = ++starText;
        } else {
          return false;
        }
      }
      while (at < pattern.length && pattern[at] == '*') {
        at++;
      }
      return at == pattern.length;
    }

    private boolean matchesOne(int at, int character) {
      int end = setEnd(at);
      if (end >= 0) {
        return inSet(at, end, character);
      }
      return pattern[at] == '?' || pattern[at] == character;
    }

    private int afterOne(int at) {
      int end = setEnd(at);
      return end >= 0 ? end + 1 : at + 1;
    }

    /// The place of the `]` that ends the set that begins at `at`, or -1: a `[` without an end is a
    /// character like others, and a `]` that stands first in a set is one of its characters.
    private int setEnd(int at) {
      if (pattern[at] != '[') {
        return -1;
      }
      int first = at + 1 < pattern.length && pattern[at + 1] == '!' ? at + 2 : at + 1;
      for (int i = first + 1; i < pattern.length; i++) {
        if (pattern[i] == ']') {
          return i;
        }
      }
      return -1;
    }

    private boolean inSet(int at, int end, int character) {
      boolean negated = pattern[at + 1] == '!';
      boolean found = false;
      for (int i = negated ? at + 2 : at + 1; i < end; i++) {
        if (i + 2 < end && pattern[i + 1] == '-') {
          found |= pattern[i] <= character && character <= pattern[i + 2];
          i += 2;
        } else {
          found |= pattern[i] == character;
        }
      }
      return found != negated;
    }
  }
}
