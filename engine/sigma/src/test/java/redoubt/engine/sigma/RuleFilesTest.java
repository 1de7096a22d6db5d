package redoubt.engine.sigma;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
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
  void readsArchivesAsTheirFiles() throws Exception {
    RuleFiles.Result result =
        RuleFiles.readArchive(
            archive(Map.of("a.yml", rule("1"), "x/b.yml", "title: [", "c.yml", rule("2"))));
    assertEquals(3, result.files());
    assertEquals(2, result.rules().size());
    assertEquals("x/b.yml", result.problems().getFirst().origin().file());
  }

  @Test
  void anArchiveBringsItsValuesAndPipelines() throws Exception {
    String wants = Rules.text("sel:\n  User|expand: '%admins%'\ncondition: sel");
    String renames =
        """
        name: names
        transformations:
          - type: field_name_mapping
            mapping: {User: SubjectUserName}
        """;
    Map<String, String> files = new TreeMap<>(Map.of("a.yml", wants));
    assertEquals(1, RuleFiles.readArchive(archive(files)).problems().size());

    files.put(RuleFiles.ARCHIVE_VALUES, "admins: [ada, root]\n");
    files.put(RuleFiles.ARCHIVE_PIPELINES + "00.yml", renames);
    RuleFiles.Result result = RuleFiles.readArchive(archive(files));
    assertEquals(List.of(), result.problems());
    assertEquals(1, result.files());
    assertTrue(result.rules().toString().contains("SubjectUserName"), result::toString);

    files.put(RuleFiles.ARCHIVE_PIPELINES + "01.yml", "transformations: [{type: teleport}]\n");
    RuleFiles.Result refused = RuleFiles.readArchive(archive(files));
    assertEquals(List.of(), refused.rules());
    assertEquals(
        RuleFiles.ARCHIVE_PIPELINES + "01.yml", refused.problems().getFirst().origin().file());
  }

  @Test
  void anArchiveThatIsNoneHasNoRules() throws Exception {
    InputStream text = new ByteArrayInputStream("no archive".getBytes(StandardCharsets.UTF_8));
    assertEquals(0, RuleFiles.readArchive(text).files());
  }

  @Test
  void aBrokenArchiveIsAnErrorAndNothingElse() throws Exception {
    byte[] whole = archive(Map.of("a.yml", rule("1"), "b.yml", rule("2"))).readAllBytes();
    RandomGenerator random = Seeds.random("RuleFilesTest");
    for (int i = Seeds.count(20_000); i > 0; i--) {
      byte[] broken = Arrays.copyOf(whole, random.nextInt(whole.length + 1));
      for (int j = random.nextInt(4); j > 0 && broken.length > 0; j--) {
        broken[random.nextInt(broken.length)] = (byte) random.nextInt(256);
      }
      try {
        RuleFiles.readArchive(new ByteArrayInputStream(broken));
      } catch (IOException _) {
        // as it should be
      }
    }
  }

  @Test
  void aBombIsNotUnpacked() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      byte[] zeros = new byte[RuleReader.LENGTH_LIMIT];
      for (int i = 0; i < 140; i++) {
        zip.putNextEntry(new ZipEntry(i + ".yml"));
        zip.write(zeros);
      }
    }
    InputStream bomb = new ByteArrayInputStream(bytes.toByteArray());
    IOException e = assertThrows(IOException.class, () -> RuleFiles.readArchive(bomb));
    assertTrue(String.valueOf(e.getMessage()).contains("mostBytes="), e::toString);
  }

  private static InputStream archive(Map<String, String> files) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, String> file : new TreeMap<>(files).entrySet()) {
        zip.putNextEntry(new ZipEntry(file.getKey()));
        zip.write(file.getValue().getBytes(StandardCharsets.UTF_8));
      }
    }
    return new ByteArrayInputStream(bytes.toByteArray());
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
