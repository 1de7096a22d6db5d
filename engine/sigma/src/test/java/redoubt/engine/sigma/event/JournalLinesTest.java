package redoubt.engine.sigma.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// The journal's lines as `spec/ocsf/examples.jsonl` has them, which the agent's tests compare with
/// what the journal writes.
class JournalLinesTest {
  private static final String DIGEST =
      "0000000000000001000000000000000200000000000000030000000000000004";
  private static final EventClass FALLBACK = new EventClass(Set.of("test"), Set.of(), Set.of());
  private static final List<String> NAMES =
      List.of(
          "Image",
          "ParentImage",
          "ProcessId",
          "ParentProcessId",
          "User",
          "Computer",
          "FileName",
          "TargetFilename",
          "CommandLine",
          "SHA256",
          "sha256",
          "Imphash");

  private final FieldTable fields = new FieldTable();
  private final Classifier classifier;

  JournalLinesTest() {
    NAMES.forEach(fields::slot);
    classifier = new Classifier(fields, FALLBACK);
  }

  private static List<String> examples() throws Exception {
    Path directory = Path.of("").toAbsolutePath();
    while (directory != null && !Files.isDirectory(directory.resolve("spec/ocsf"))) {
      directory = directory.getParent();
    }
    if (directory == null) {
      throw new IllegalStateException("spec/ocsf not found above the working directory");
    }
    return Files.readAllLines(directory.resolve("spec/ocsf/examples.jsonl"));
  }

  private static String example(int classUid) throws Exception {
    return examples().stream()
        .filter(line -> line.contains("\"class_uid\":" + classUid + ","))
        .findFirst()
        .orElseThrow();
  }

  /// The class of a line, and the fields that it has, in the order of the names.
  private String read(String line) throws EventFormatException {
    byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
    Event event = new Event(fields);
    new JsonEvents(fields, false).read(bytes, 0, bytes.length, event);
    EventClass eventClass = classifier.classify(event);
    List<String> told = new ArrayList<>();
    told.add(eventClass.products() + "/" + eventClass.categories() + eventClass.services());
    for (String name : NAMES) {
      int slot = fields.find(name);
      for (int value = event.first(slot); value != Event.NONE; value = event.next(value)) {
        told.add(name + "=" + event.string(value));
      }
    }
    return String.join(" ", told);
  }

  @Test
  void anExecIsTheCreationOfAProcess() throws Exception {
    assertEquals(
        "[linux]/[process_creation][] Image=/tmp/bad ParentImage=/usr/sbin/sshd ProcessId=4242"
            + " ParentProcessId=4000 User=0 User=root Computer=host-1 SHA256="
            + DIGEST
            + " sha256="
            + DIGEST,
        read(example(1007)));
  }

  @Test
  void anOpenIsAccessToAFile() throws Exception {
    assertEquals(
        "[linux]/[file_access][] Image=/usr/bin/bash ParentImage=/usr/sbin/sshd ProcessId=4242"
            + " ParentProcessId=4000 User=0 User=root Computer=host-1 FileName=/tmp/bad"
            + " TargetFilename=/tmp/bad SHA256="
            + DIGEST
            + " sha256="
            + DIGEST,
        read(example(1001)));
  }

  @Test
  void otherUsersHaveNumbersOnly() throws Exception {
    String other = example(1007).replace("\"user\":{\"uid\":\"0\"}", "\"user\":{\"uid\":\"33\"}");
    assertEquals("User=33", userOf(read(other)));
    String unknown = example(1007).replace("\"user\":{\"uid\":\"0\"},", "");
    assertEquals("User=1000", userOf(read(unknown)), "the real user, if no other is known");
  }

  private static String userOf(String told) {
    return told.replaceFirst(".*(User=\\S+( User=\\S+)*).*", "$1");
  }

  @Test
  void noRuleIsForOtherLines() throws Exception {
    for (int other : List.of(2004, 6002, 0)) {
      assertEquals("[]/[][]", read(example(other)));
    }
  }

  @Test
  void whatIsNotOfTheJournalIsWhatTheCallerSays() throws Exception {
    String foreign = example(1007).replace("\"name\":\"Redoubt\"", "\"name\":\"Other\"");
    assertEquals("[test]/[][]", read(foreign));
    assertEquals("[test]/[][] Image=/x", read("{\"Image\": \"/x\"}"));
  }

  @Test
  void everyExampleIsALineOfTheJournal() throws Exception {
    for (String line : examples()) {
      assertFalse(read(line).startsWith("[test]"), line);
    }
  }
}
