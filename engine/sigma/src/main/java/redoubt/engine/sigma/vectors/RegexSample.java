package redoubt.engine.sigma.vectors;

import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// A text in which a regular expression is found, made by reading the expression. What it says
/// about its surroundings, as `\b` does, is not looked at: whoever wants to be sure looks whether
/// it is found. Not thread-safe.
///
/// @param text what the expression goes over
/// @param atStart whether it must be where the value begins
/// @param atEnd whether the value must end behind it
record RegexSample(String text, boolean atStart, boolean atEnd) {
  private static final int DEPTH_LIMIT = 100;
  private static final int LENGTH_LIMIT = 4_096;

  /// Reads an expression.
  ///
  /// @param words of which one may be written where many characters may stand
  /// @param choice draws between several ways; null for the simplest
  /// @return null if the expression has something in it that is not understood
  static @Nullable RegexSample of(
      String expression, List<String> words, @Nullable SplittableRandom choice) {
    try {
      Reader reader = new Reader(expression, words, choice);
      reader.alternatives(0, true);
      return new RegexSample(reader.out.toString(), reader.atStart, reader.atEnd);
    } catch (IllegalArgumentException | StringIndexOutOfBoundsException _) {
      return null;
    }
  }

  private static final class Reader {
    private final String source;
    private final List<String> words;
    private final @Nullable SplittableRandom choice;
    private final StringBuilder out = new StringBuilder();
    private int at;
    private boolean atStart;
    private boolean atEnd;

    Reader(String source, List<String> words, @Nullable SplittableRandom choice) {
      this.source = source;
      this.words = words;
      this.choice = choice;
    }

    /// Reads up to the end of a group, and writes one of its alternatives.
    void alternatives(int depth, boolean writing) {
      if (depth > DEPTH_LIMIT || out.length() > LENGTH_LIMIT) {
        throw new IllegalArgumentException("too deep or too long");
      }
      int from = at;
      int count = 1;
      int chosen = 0;
      if (writing && choice != null) {
        while (sequence(depth, false)) {
          count++;
        }
        at = from;
        chosen = choice.nextInt(count);
      }
      for (int i = 0; sequence(depth, writing && i == chosen); i++) {}
    }

    /// @return whether another alternative follows
    private boolean sequence(int depth, boolean writing) {
      while (at < source.length()) {
        char c = source.charAt(at);
        if (c == ')') {
          return false;
        }
        at++;
        if (c == '|') {
          return true;
        }
        repeated(c, depth, writing);
      }
      return false;
    }

    /// An atom with what says how often it stands there.
    private void repeated(char c, int depth, boolean writing) {
      int atomFrom = at - 1;
      int length = out.length();
      boolean start = atStart;
      boolean end = atEnd;
      atom(c, depth, false);
      int atomTo = at;
      int[] range = range();
      int after = at;
      out.setLength(length);
      atStart = start;
      atEnd = end;
      if (writing) {
        int times = range[0];
        if (choice != null && range[1] > range[0]) {
          times += choice.nextInt(Math.min(3, range[1] - range[0] + 1));
        } else if (times == 0 && source.charAt(atomFrom) == '.') {
          times = Math.min(2, range[1]);
        }
        boolean isSet = ".[\\".indexOf(source.charAt(atomFrom)) >= 0;
        if (choice != null && isSet && range[1] > 1 && !words.isEmpty() && choice.nextBoolean()) {
          out.append(words.get(choice.nextInt(words.size())));
          times = 0;
        }
        for (int i = 0; i < times; i++) {
          at = atomFrom + 1;
          atom(c, depth, true);
        }
      }
      at = after;
      if (atomTo == atomFrom) {
        throw new IllegalArgumentException("nothing to repeat");
      }
    }

    private int[] range() {
      if (at >= source.length() || "*+?{".indexOf(source.charAt(at)) < 0) {
        return new int[] {1, 1};
      }
      int[] range =
          switch (source.charAt(at)) {
            case '*' -> new int[] {0, LENGTH_LIMIT};
            case '+' -> new int[] {1, LENGTH_LIMIT};
            case '?' -> new int[] {0, 1};
            default -> counted();
          };
      at++;
      if (at < source.length() && (source.charAt(at) == '?' || source.charAt(at) == '+')) {
        at++;
      }
      return range;
    }

    private int[] counted() {
      int close = source.indexOf('}', at);
      String[] bounds = source.substring(at + 1, close).split(",", -1);
      int least = Integer.parseInt(bounds[0]);
      int most =
          bounds.length == 1
              ? least
              : bounds[1].isEmpty() ? LENGTH_LIMIT : Integer.parseInt(bounds[1]);
      if (least > LENGTH_LIMIT) {
        throw new IllegalArgumentException("too often");
      }
      at = close;
      return new int[] {least, most};
    }

    private void atom(char c, int depth, boolean writing) {
      switch (c) {
        case '(' -> group(depth, writing);
        case '[' -> set(writing);
        case '.' -> write(pick("zqvk"), writing);
        case '^' -> atStart |= writing && out.isEmpty();
        case '$' -> atEnd |= writing;
        case '\\' -> escape(source.charAt(at++), writing);
        default -> write(c, writing);
      }
    }

    private void group(int depth, boolean writing) {
      if (source.startsWith("?", at)) {
        if (source.startsWith("?:", at)) {
          at += 2;
        } else if (source.startsWith("?P<", at)
            || (source.startsWith("?<", at)
                && source.charAt(at + 2) != '='
                && source.charAt(at + 2) != '!')) {
          at = source.indexOf('>', at) + 1;
        } else {
          int from = at + 1;
          while (Character.isLetter(source.charAt(++at))) {}
          if (at == from || (source.charAt(at) != ')' && source.charAt(at) != ':')) {
            throw new IllegalArgumentException("looks around");
          }
          if (source.charAt(at) == ')') {
            at++;
            return;
          }
          at++;
        }
      }
      alternatives(depth + 1, writing);
      at++;
    }

    private void escape(char c, boolean writing) {
      switch (c) {
        case 'd' -> write(pick("7301"), writing);
        case 'w' -> write(pick("zqvk"), writing);
        case 's' -> write(pick("  \t"), writing);
        case 'D', 'S' -> write(pick("zqvk"), writing);
        case 'W' -> write(pick(" -/"), writing);
        case 't' -> write('\t', writing);
        case 'n' -> write('\n', writing);
        case 'r' -> write('\r', writing);
        case 'b', 'B' -> {}
        case 'A' -> atStart |= writing;
        case 'z', 'Z' -> atEnd |= writing;
        case 'x' -> hexadecimal(2, writing);
        case 'u' -> hexadecimal(4, writing);
        default -> {
          if (Character.isLetterOrDigit(c)) {
            throw new IllegalArgumentException("an escape that is not understood");
          }
          write(c, writing);
        }
      }
    }

    private void hexadecimal(int digits, boolean writing) {
      write((char) Integer.parseInt(source.substring(at, at + digits), 16), writing);
      at += digits;
    }

    /// A set of characters; of one that is turned round, something that it does not have.
    private void set(boolean writing) {
      boolean turned = source.charAt(at) == '^';
      at += turned ? 1 : 0;
      StringBuilder members = new StringBuilder();
      boolean first = true;
      while (first || source.charAt(at) != ']') {
        first = false;
        String one = member();
        if (one.length() == 1 && source.charAt(at) == '-' && source.charAt(at + 1) != ']') {
          at++;
          String last = member();
          for (char c = one.charAt(0); c <= last.charAt(0) && members.length() < 256; c++) {
            members.append(c);
          }
        } else {
          members.append(one);
        }
      }
      at++;
      String all = members.toString();
      write(pick(turned ? without(all) : all), writing);
    }

    private String member() {
      char c = source.charAt(at++);
      if (c == '[' && at < source.length() && source.charAt(at) == ':') {
        throw new IllegalArgumentException("a named set");
      }
      if (c != '\\') {
        return String.valueOf(c);
      }
      char escaped = source.charAt(at++);
      return switch (escaped) {
        case 'd' -> "0123456789";
        case 'w' -> "zqvkabcdefghijlmnoprstuwxyABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
        case 's' -> " \t\n\r";
        case 'S' -> "zqvk";
        case 'n' -> "\n";
        case 'r' -> "\r";
        case 't' -> "\t";
        case 'x' -> {
          at += 2;
          yield String.valueOf((char) Integer.parseInt(source.substring(at - 2, at), 16));
        }
        default -> {
          if (Character.isLetterOrDigit(escaped)) {
            throw new IllegalArgumentException("an escape that is not understood");
          }
          yield String.valueOf(escaped);
        }
      };
    }

    private static String without(String members) {
      StringBuilder rest = new StringBuilder();
      for (char c = 'z'; c > ' '; c--) {
        if (members.indexOf(c) < 0) {
          rest.append(c);
        }
      }
      return rest.toString();
    }

    private char pick(String from) {
      if (from.isEmpty()) {
        throw new IllegalArgumentException("an empty set");
      }
      return from.charAt(choice == null ? 0 : choice.nextInt(from.length()));
    }

    private void write(char c, boolean writing) {
      if (writing) {
        out.append(c);
      }
    }
  }
}
