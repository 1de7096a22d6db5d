package redoubt.engine.sigma;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redoubt.engine.sigma.rule.Placeholders;
import redoubt.engine.sigma.rule.RuleReader;

class RuleFilesTest {
  @TempDir private Path folder;

  private RuleFiles.Result read() throws IOException {
    return RuleFiles.read(List.of(folder), Placeholders.NONE);
  }

  private static String rule(String id) {
    return "id: " + id + "\n" + Rules.text("sel:\n  F: 1\ncondition: sel");
  }

  @Test
  void readsFoldersAtAnyDepthAndOnlyRules() throws Exception {
    Files.createDirectories(folder.resolve("a/b"));
    Files.writeString(folder.resolve("a/b/one.yml"), rule("1"));
    Files.writeString(folder.resolve("a/two.yaml"), rule("2"));
    Files.writeString(folder.resolve("a/readme.md"), "no rule");
    RuleFiles.Result result = read();
    assertEquals(2, result.files());
    assertEquals(2, result.rules().size());
    assertEquals(List.of(), result.problems());
  }

  @Test
  void refusesTheSecondRuleOfAnId() throws Exception {
    Files.writeString(folder.resolve("a.yml"), rule("same"));
    Files.writeString(folder.resolve("b.yml"), rule("same"));
    RuleFiles.Result result = read();
    assertEquals(1, result.rules().size());
    assertTrue(result.problems().getFirst().reason().contains("a.yml:1"));
  }

  @Test
  void refusesWhatIsTooLongOrNoTextAndReadsTheRest() throws Exception {
    Files.writeString(folder.resolve("a.yml"), rule("1"));
    Files.write(folder.resolve("b.yml"), new byte[] {'a', (byte) 0xFF});
    try (RandomAccessFile file = new RandomAccessFile(folder.resolve("c.yml").toFile(), "rw")) {
      file.setLength(100L << 20);
    }
    RuleFiles.Result result = read();
    assertEquals(1, result.rules().size());
    assertEquals(2, result.problems().size());
    assertTrue(result.problems().getFirst().reason().contains("UTF-8"));
    assertTrue(result.problems().getLast().reason().contains("limit=" + RuleReader.LENGTH_LIMIT));
  }

  @Test
  void saysWhichFileIsMissing() {
    Path missing = folder.resolve("missing.yml");
    assertThrows(
        NoSuchFileException.class, () -> RuleFiles.read(List.of(missing), Placeholders.NONE));
  }
}
