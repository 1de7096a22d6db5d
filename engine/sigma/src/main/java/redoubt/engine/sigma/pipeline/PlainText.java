package redoubt.engine.sigma.pipeline;

import java.util.ArrayList;
import java.util.List;
import redoubt.engine.sigma.rule.TextPattern;
import redoubt.engine.sigma.rule.TextPattern.Literal;
import redoubt.engine.sigma.rule.TextPattern.Part;
import redoubt.engine.sigma.rule.TextPattern.Placeholder;
import redoubt.engine.sigma.rule.TextPattern.Wildcard;

/// Patterns in the notation that pipelines see: as they are, with `*` and `?` for wildcards and
/// `%name%` for placeholders. Of backslashes only those before a `*` or `?` mean something: an odd
/// one makes it a character, and two stand for one.
final class PlainText {
  private PlainText() {}

  static String of(TextPattern pattern) {
    StringBuilder text = new StringBuilder();
    for (Part part : pattern.parts()) {
      switch (part) {
        case Literal(String literal) -> {
          for (int i = 0; i < literal.length(); i++) {
            char c = literal.charAt(i);
            if (c == '*' || c == '?') {
              doubleBackslashes(text);
              text.append('\\');
            }
            text.append(c);
          }
        }
        case Wildcard.ANY -> {
          doubleBackslashes(text);
          text.append('*');
        }
        case Wildcard.ONE -> {
          doubleBackslashes(text);
          text.append('?');
        }
        case Wildcard.DASH -> text.append('-');
        case Placeholder(String name) -> text.append('%').append(name).append('%');
      }
    }
    return text.toString();
  }

  private static void doubleBackslashes(StringBuilder text) {
    int first = text.length();
    while (first > 0 && text.charAt(first - 1) == '\\') {
      first--;
    }
    text.append("\\".repeat(text.length() - first));
  }

  /// The opposite, but for dashes, which become characters.
  static TextPattern read(String text, boolean withPlaceholders) {
    List<Part> parts = new ArrayList<>();
    StringBuilder literal = new StringBuilder();
    int at = 0;
    while (at < text.length()) {
      int backslashes = 0;
      while (at < text.length() && text.charAt(at) == '\\') {
        backslashes++;
        at++;
      }
      char c = at < text.length() ? text.charAt(at) : 0;
      boolean isWildcard = at < text.length() && (c == '*' || c == '?');
      literal.append("\\".repeat(isWildcard ? backslashes / 2 : backslashes));
      int end = withPlaceholders && c == '%' ? text.indexOf('%', at + 1) : -1;
      if (isWildcard && backslashes % 2 == 0) {
        flush(literal, parts);
        parts.add(c == '*' ? Wildcard.ANY : Wildcard.ONE);
      } else if (end >= 0) {
        flush(literal, parts);
        parts.add(new Placeholder(text.substring(at + 1, end)));
        at = end;
      } else if (at < text.length()) {
        literal.append(c);
      }
      at++;
    }
    flush(literal, parts);
    return TextPattern.join(parts);
  }

  private static void flush(StringBuilder literal, List<Part> parts) {
    if (!literal.isEmpty()) {
      parts.add(new Literal(literal.toString()));
      literal.setLength(0);
    }
  }
}
