package redoubt.core.content;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RuleArchiveTest {
  @TempDir Path folder;

  @Test
  void rulesAreTakenAsTheyAreAndNothingElse() throws Exception {
    Path rules = folder.resolve("rules");
    Files.createDirectories(rules.resolve("linux"));
    Files.writeString(rules.resolve("a.yml"), "title: é\n");
    Files.writeString(rules.resolve("linux/b.yaml"), "broken: [");
    Files.writeString(rules.resolve("notes.txt"), "no rule");
    Path archive = folder.resolve("rules.zip");
    RuleArchive.pack(rules, Optional.empty(), List.of(), archive);
    assertEquals(Map.of("a.yml", "title: é\n", "linux/b.yaml", "broken: ["), content(archive));
  }

  @Test
  void theSameRulesAreTheSameContent() throws Exception {
    Path rules = Files.createDirectory(folder.resolve("rules"));
    Path file = Files.writeString(rules.resolve("a.yml"), "title: a\n");
    RuleArchive.pack(rules, Optional.empty(), List.of(), folder.resolve("1.zip"));
    Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000_000_000L));
    RuleArchive.pack(rules, Optional.empty(), List.of(), folder.resolve("2.zip"));
    assertArrayEquals(
        Files.readAllBytes(folder.resolve("1.zip")), Files.readAllBytes(folder.resolve("2.zip")));
  }

  @Test
  void whatFitsRulesToThisHostComesFirst() throws Exception {
    Path rules = Files.createDirectory(folder.resolve("rules"));
    Files.writeString(rules.resolve("a.yml"), "title: a\n");
    Path values = Files.writeString(folder.resolve("v.yml"), "admins: root\n");
    Path first = Files.writeString(folder.resolve("z.yml"), "name: first\n");
    Path second = Files.writeString(folder.resolve("b.yml"), "name: second\n");
    Path archive = folder.resolve("rules.zip");
    RuleArchive.pack(rules, Optional.of(values), List.of(first, second), archive);
    assertEquals(
        List.of(
            ".redoubt/values.yml",
            ".redoubt/pipelines/000.yml",
            ".redoubt/pipelines/001.yml",
            "a.yml"),
        names(archive));
    assertEquals("name: second\n", content(archive).get(".redoubt/pipelines/001.yml"));
  }

  @Test
  void whatIsToFitRulesMustBeThere() throws Exception {
    Path file = Files.writeString(folder.resolve("one.yml"), "title: a\n");
    Path missing = folder.resolve("missing.yml");
    IOException e =
        assertThrows(
            IOException.class,
            () -> RuleArchive.pack(file, Optional.of(missing), List.of(), folder.resolve("x.zip")));
    assertEquals("no such file for rules: file=" + missing, e.getMessage());
  }

  private static List<String> names(Path archive) throws IOException {
    List<String> names = new ArrayList<>();
    try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(archive))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        names.add(entry.getName());
      }
    }
    return names;
  }

  @Test
  void oneFileIsEnough() throws Exception {
    Path file = Files.writeString(folder.resolve("one.yml"), "title: a\n");
    RuleArchive.pack(file, Optional.empty(), List.of(), folder.resolve("rules.zip"));
    assertEquals(Map.of("one.yml", "title: a\n"), content(folder.resolve("rules.zip")));
  }

  @Test
  void aFolderWithoutRulesIsAnError() throws Exception {
    Path empty = Files.createDirectory(folder.resolve("empty"));
    IOException e =
        assertThrows(
            IOException.class,
            () -> RuleArchive.pack(empty, Optional.empty(), List.of(), folder.resolve("x.zip")));
    assertEquals("no folder of rules: rules=" + empty + " files=0 most=99000", e.getMessage());
  }

  private static Map<String, String> content(Path archive) throws IOException {
    Map<String, String> content = new TreeMap<>();
    try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(archive))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        content.put(entry.getName(), new String(zip.readAllBytes(), StandardCharsets.UTF_8));
      }
    }
    return content;
  }
}
