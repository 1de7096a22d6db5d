package redoubt.testing.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Holds the files of this repository against the rules, and each rule against a file made to break
/// it.
final class SourceRulesTest {
  private static final String CHARTER =
      """
      /// A room.
      ///
      /// *What this room is:* one. *Owns:* nothing. *Never:* more. *Hands off
      /// to:* nobody. *Threads:* none. *Limits:* none. *Start reading at:* here.
      package redoubt.room;
      """;

  @TempDir private Path directory = Path.of("");

  @Test
  void theRepositoryKeepsEveryRule() throws IOException {
    assertEquals(List.of(), new SourceRules(SourceTree.ofThisRepository()).problems());
  }

  @Test
  void aWholeTreeIsRead() throws IOException {
    List<Path> files = SourceTree.ofThisRepository().files();
    assertTrue(files.size() > 300, "files=" + files.size());
  }

  @Test
  void aWholeCharterIsKept() throws IOException {
    write("room/src/main/java/redoubt/room/package-info.java", CHARTER);
    write("room/src/main/java/redoubt/room/Room.java", "package redoubt.room;\n");
    assertEquals(List.of(), rules().charters());
  }

  @Test
  void aMissingCharterIsFound() throws IOException {
    write("room/src/main/java/redoubt/room/Room.java", "package redoubt.room;\n");
    assertFound(
        "room/src/main/java/redoubt/room/package-info.java: no charter", rules().charters());
  }

  @Test
  void aCharterWithoutAHeadingIsFound() throws IOException {
    write(
        "room/src/main/java/redoubt/room/package-info.java",
        CHARTER.replace("*Limits:* none. ", ""));
    assertFound("charter without *Limits:*", rules().charters());
  }

  @Test
  void aModuleWithoutANullMarkIsFound() throws IOException {
    write("room/src/main/java/module-info.java", "module redoubt.room {}\n");
    assertFound("module without @NullMarked", rules().nullMarks());
  }

  @Test
  void aLongFileIsFound() throws IOException {
    write("room/src/main/java/redoubt/room/Room.java", "\n".repeat(501));
    write("tools/build-all", "\n".repeat(501));
    write("room/src/main/java/redoubt/room/Small.java", "\n".repeat(500));
    assertEquals(2, rules().lengths().size(), () -> "the two long ones");
  }

  @Test
  void aSkippedTestIsFound() throws IOException {
    write("room/src/test/java/OneTest.java", "@" + "Disabled void one() {}\n");
    write("room/src/test/java/TwoTest.java", "assum" + "eTrue(false);\n");
    assertEquals(2, rules().skippedTests().size());
  }

  @Test
  void aDownloadHostIsFound() throws IOException {
    write("tools/fetch", "curl " + "repo." + "maven.example.org/x\n");
    write("README.md", "see https:" + "//example.com/x\n");
    assertFound("tools/fetch: names a download host", rules().addresses());
    assertFound("README.md: names an address: host=example.com/x", rules().addresses());
  }

  @Test
  void aDirectoryOfOneMachineIsFound() throws IOException {
    write("tools/build", "cd \"/wo" + "rk/here\"\nls /ro" + "ot/x\n");
    assertEquals(2, rules().addresses().size());
  }

  @Test
  void aKernelSettingReadPieceByPieceIsFound() throws IOException {
    String reading = "Files.rea" + "dString(Path.of(\"/proc/sy" + "s/kernel/hostname\"))";
    write("room/src/main/java/redoubt/room/Room.java", reading);
    write("room/src/main/java/redoubt/room/Whole.java", "KernelFile.read(\"/proc/sys/x\")");
    assertEquals(1, rules().kernelSettings().size());
  }

  private SourceRules rules() {
    return new SourceRules(new SourceTree(directory));
  }

  private void write(String name, String text) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.resolveSibling(""));
    Files.writeString(file, text);
  }

  private static void assertFound(String problem, List<String> found) {
    assertTrue(found.stream().anyMatch(line -> line.contains(problem)), "found=" + found);
  }
}
