package redoubt.engine.sigma.match;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import redoubt.core.search.Folding;
import redoubt.engine.sigma.rule.TextPattern;
import redoubt.engine.sigma.rule.TextPattern.Literal;
import redoubt.engine.sigma.rule.TextPattern.Placeholder;
import redoubt.engine.sigma.rule.TextPattern.Wildcard;

/// A text pattern that is compared with UTF-8. The longest value takes time in proportion to its
/// length times the pattern's.
final class Glob {
  private static final byte[] NOTHING = {};

  private enum Step {
    LITERAL,
    ANY,
    ONE,
    DASH
  }

  private final Step[] steps;
  private final byte[][] literals;

  /// @param cased whether the values come as they are, not folded
  Glob(TextPattern pattern, boolean cased) {
    List<Step> kinds = new ArrayList<>();
    List<byte[]> texts = new ArrayList<>();
    for (TextPattern.Part part : pattern.parts()) {
      switch (part) {
        case Literal(String text) -> {
          kinds.add(Step.LITERAL);
          texts.add(cased ? text.getBytes(StandardCharsets.UTF_8) : Folding.fold(text));
        }
        case Wildcard wildcard -> {
          kinds.add(
              switch (wildcard) {
                case ANY -> Step.ANY;
                case ONE -> Step.ONE;
                case DASH -> Step.DASH;
              });
          texts.add(NOTHING);
        }
        case Placeholder(String name) ->
            throw new IllegalStateException("a placeholder was left: placeholder=" + name);
      }
    }
    steps = kinds.toArray(Step[]::new);
    literals = texts.toArray(byte[][]::new);
  }

  /// Whether the whole range is as the pattern says.
  boolean matches(byte[] bytes, int from, int to) {
    if (!endsRight(bytes, from, to)) {
      return false;
    }
    int step = 0;
    int at = from;
    int anyStep = -1;
    int anyAt = from;
    while (true) {
      if (step == steps.length && at == to) {
        return true;
      }
      int next = step < steps.length ? advance(step, bytes, at, to) : -1;
      if (step < steps.length && steps[step] == Step.ANY) {
        if (step == steps.length - 1) {
          return true;
        }
        anyStep = step;
        anyAt = at;
        step++;
      } else if (next >= 0) {
        at = next;
        step++;
      } else if (anyStep >= 0 && anyAt < to) {
        // What follows the last `*` begins one character later, or where its first byte is next.
        anyAt = candidate(anyStep + 1, bytes, afterCharacter(bytes, anyAt, to), to);
        at = anyAt;
        step = anyStep + 1;
      } else {
        return false;
      }
    }
  }

  /// Whether the range ends as the pattern does, if that is a text: most ranges are told apart so.
  private boolean endsRight(byte[] bytes, int from, int to) {
    int last = steps.length - 1;
    if (last < 0 || steps[last] != Step.LITERAL) {
      return true;
    }
    byte[] text = literals[last];
    return to - from >= text.length
        && Arrays.equals(text, 0, text.length, bytes, to - text.length, to);
  }

  /// The first place from `at` on where the step might begin.
  private int candidate(int step, byte[] bytes, int at, int to) {
    if (step == steps.length || steps[step] != Step.LITERAL) {
      return at;
    }
    byte first = literals[step][0];
    int candidate = at;
    while (candidate < to && bytes[candidate] != first) {
      candidate++;
    }
    return candidate;
  }

  /// Where the step ends if it begins at `at`, or -1.
  private int advance(int step, byte[] bytes, int at, int to) {
    return switch (steps[step]) {
      case ANY -> at;
      case ONE -> at < to ? afterCharacter(bytes, at, to) : -1;
      case DASH -> {
        int end = at < to ? afterCharacter(bytes, at, to) : -1;
        yield end > 0 && isDash(bytes, at, end) ? end : -1;
      }
      case LITERAL -> {
        byte[] literal = literals[step];
        boolean same =
            to - at >= literal.length
                && Arrays.equals(literal, 0, literal.length, bytes, at, at + literal.length);
        yield same ? at + literal.length : -1;
      }
    };
  }

  private static boolean isDash(byte[] bytes, int at, int end) {
    if (end - at == 1) {
      return bytes[at] == '-' || bytes[at] == '/';
    }
    // U+2013 to U+2015 are E2 80 93 to E2 80 95.
    return end - at == 3
        && bytes[at] == (byte) 0xE2
        && bytes[at + 1] == (byte) 0x80
        && bytes[at + 2] >= (byte) 0x93
        && bytes[at + 2] <= (byte) 0x95;
  }

  private static int afterCharacter(byte[] bytes, int at, int to) {
    int next = at + 1;
    while (next < to && (bytes[next] & 0xC0) == 0x80) {
      next++;
    }
    return next;
  }
}
