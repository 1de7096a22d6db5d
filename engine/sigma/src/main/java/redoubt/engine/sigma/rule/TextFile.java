package redoubt.engine.sigma.rule;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import redoubt.engine.sigma.rule.RuleProblem.Kind;

/// Reads the text of files in which rules stand, or what belongs to rules.
public final class TextFile {
  private TextFile() {}

  /// A file's content, of which one byte more than is read is enough.
  ///
  /// @throws IOException if the file cannot be opened
  public static byte[] bytes(Path file) throws IOException {
    try (InputStream stream = Files.newInputStream(file)) {
      return stream.readNBytes(RuleReader.LENGTH_LIMIT + 1);
    }
  }

  /// The text of a file's content, of which one byte more than is read is enough.
  ///
  /// @throws RuleException if it is longer than [RuleReader#LENGTH_LIMIT] bytes, or not UTF-8
  public static String decode(byte[] content) throws RuleException {
    if (content.length > RuleReader.LENGTH_LIMIT) {
      throw new RuleException(
          Kind.YAML, 1, "longer than is read: limit=" + RuleReader.LENGTH_LIMIT);
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
    } catch (CharacterCodingException e) {
      throw new RuleException(Kind.YAML, 1, "not UTF-8");
    }
  }
}
