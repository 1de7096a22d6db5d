package redoubt.engine.sigma.rule;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/// How attackers encode what they pass on, and what of it can be searched for.
final class Encodings {
  /// UTF-16 in little-endian order behind its byte order mark, as Windows writes it.
  static final Charset UTF_16_WITH_MARK = Charset.forName("x-UTF-16LE-BOM");

  // Of the first group of four characters, those that the bytes before can change; of the last one,
  // those that the bytes behind can.
  private static final int[] CUT_BEFORE = {0, 2, 3};
  private static final int[] CUT_AFTER = {0, 3, 2};

  private Encodings() {}

  static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  /// What is found in the encoding of any text that contains the bytes, wherever they begin: three
  /// texts, without the characters at both ends that depend on the neighbours.
  static List<String> base64AtEveryOffset(byte[] bytes) {
    List<String> texts = new ArrayList<>();
    for (int offset = 0; offset < 3; offset++) {
      byte[] shifted = new byte[offset + bytes.length];
      System.arraycopy(bytes, 0, shifted, offset, bytes.length);
      String encoded = base64(shifted);
      String kept =
          encoded.substring(
              CUT_BEFORE[offset],
              Math.max(CUT_BEFORE[offset], encoded.length() - CUT_AFTER[shifted.length % 3]));
      if (!kept.isEmpty()) {
        texts.add(kept);
      }
    }
    return texts;
  }

  /// The bytes as a text in UTF-8 or, where they are none, with one character for each.
  static TextPattern characters(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    return TextPattern.literal(
        Arrays.equals(text.getBytes(StandardCharsets.UTF_8), bytes)
            ? text
            : new String(bytes, StandardCharsets.ISO_8859_1));
  }
}
