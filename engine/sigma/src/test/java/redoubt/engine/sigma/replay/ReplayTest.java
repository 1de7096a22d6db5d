package redoubt.engine.sigma.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redoubt.engine.sigma.RuleFiles;
import redoubt.engine.sigma.Seeds;
import redoubt.engine.sigma.event.EventClass;
import redoubt.engine.sigma.rule.Placeholders;
import redoubt.engine.sigma.rule.RuleReader;
import redoubt.engine.sigma.rule.SigmaRule;

class ReplayTest {
  private static final String RULES =
      """
      title: Bad word
      logsource:
        product: test
      detection:
        sel:
          word|contains: bad
        condition: sel
      ---
      title: Sysmon start
      logsource:
        product: windows
        category: process_creation
      detection:
        sel:
          Image|endswith: '\\x.exe'
        condition: sel
      ---
      title: Any registry event
      logsource:
        product: windows
        category: registry_event
      detection:
        sel:
          TargetObject: k
        condition: sel
      ---
      title: Registry value set
      logsource:
        product: windows
        category: registry_set
      detection:
        sel:
          TargetObject: k
        condition: sel
      ---
      title: Audited
      logsource:
        product: linux
        service: auditd
      detection:
        sel:
          type: EXECVE
          a0: nc
        condition: sel
      ---
      title: Digest
      logsource:
        product: windows
        service: sysmon
      detection:
        sel:
          Imphash: abc
        condition: sel
      ---
      title: Started from a folder for all
      logsource:
        product: linux
        category: process_creation
      detection:
        sel:
          Image|startswith: /tmp/
          User: root
        condition: sel
      """;

  @TempDir private Path folder;

  private final Replay replay =
      new Replay(
          new RuleFiles.Result(
              1,
              new RuleReader(Placeholders.NONE).read("rules.yml", RULES).rules(),
              List.of(),
              List.of()),
          SigmaRule.Level.UNKNOWN,
          new EventClass(Set.of("test"), Set.of(), Set.of()));
  private final List<String> told = new ArrayList<>();

  private final Replay.Listener listener =
      new Replay.Listener() {
        @Override
        public void found(Finding finding) {
          told.add(finding.record() + " " + finding.rule().title() + " " + finding.reasons());
        }

        @Override
        public void unreadable(Path file, long record, String problem) {
          told.add(record + " unreadable: " + problem);
        }

        @Override
        public void progress(Path file, long doneBytes, long allBytes) {
          assertTrue(doneBytes <= allBytes);
        }
      };

  private Replay.Summary run(byte[] content) throws IOException {
    Path file = Files.write(folder.resolve("recording"), content);
    return replay.run(file, listener);
  }

  private Replay.Summary run(String content) throws IOException {
    return run(content.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void readsOneObjectOnEachLine() throws Exception {
    Replay.Summary summary =
        run(
            "\uFEFF{\"word\": \"bad\"}\r\n\n{\"word\": \"good\"}\n{\"word\": [\"a\", \"not BAD\"]}");
    assertEquals(new Replay.Summary(3, 0, 2, 0, 0), summary);
    assertEquals(
        List.of(
            "1 Bad word [Reason[field=word, value=bad]]",
            "3 Bad word [Reason[field=word, value=not BAD]]"),
        told);
  }

  @Test
  void goesOnBehindALineThatCannotBeRead() throws Exception {
    Replay.Summary summary =
        run("{\"word\": \"bad\"}\n{\"word\": \"bad\nnonsense\n{\"word\": \"bad\"}\n");
    assertEquals(new Replay.Summary(4, 2, 2, 0, 0), summary);
    assertTrue(told.get(1).startsWith("2 unreadable: not JSON"), told.toString());
  }

  @Test
  void readsObjectsOverSeveralLinesAndArrays() throws Exception {
    assertEquals(2, run("{\n  \"word\": \"bad\"\n}\n{\n  \"word\": \"bad\"\n}\n").findings());
    assertEquals(2, run("[\n{\"word\": \"bad\"},\n{\n\"word\": \"bad\"}\n]").findings());
    assertEquals(2, run("[{\"word\": \"bad\"}, {\"word\": \"bad\"}]").findings());
  }

  @Test
  void goesOnBehindAnObjectOverSeveralLinesThatCannotBeRead() throws Exception {
    Replay.Summary summary =
        run("[\n{\"word\": \"bad\"},\n{\"word\": bad},\n{\"word\": \"bad\"}\n]");
    assertEquals(new Replay.Summary(3, 1, 2, 0, 0), summary);
  }

  @Test
  void aRecordThatIsTooLargeIsToldOf() throws Exception {
    Replay.Summary summary =
        run("{\"word\": [" + "0,".repeat(20_000) + "\"bad\"]}\n{\"word\": \"bad\"}");
    assertEquals(new Replay.Summary(2, 0, 1, 1, 0), summary);
  }

  @Test
  void readsPackedRecordings() throws Exception {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write("{\"word\": \"bad\"}\n".repeat(10_000).getBytes(StandardCharsets.UTF_8));
    }
    assertEquals(10_000, run(packed.toByteArray()).findings());
  }

  @Test
  void anEventBelongsToSeveralLogSources() throws Exception {
    run(
        "{\"Channel\": \"Microsoft-Windows-Sysmon/Operational\", \"EventID\": 13,"
            + " \"TargetObject\": \"K\", \"Hashes\": \"MD5=1,IMPHASH=ABC\", \"word\": \"bad\"}");
    assertEquals(3, told.size(), told.toString());
    assertTrue(told.stream().anyMatch(line -> line.contains("Any registry event")));
    assertTrue(told.stream().anyMatch(line -> line.contains("Registry value set")));
    assertTrue(told.stream().anyMatch(line -> line.contains("Digest")));
  }

  @Test
  void fieldsOfTheSecurityLogHaveTheNamesOfSysmon() throws Exception {
    run("{\"Channel\": \"Security\", \"EventID\": 4688, \"NewProcessName\": \"C:\\\\x.exe\"}");
    assertEquals(List.of("1 Sysmon start [Reason[field=Image, value=C:\\x.exe]]"), told);
  }

  @Test
  void readsLogsOfTheAuditDaemon() throws Exception {
    Replay.Summary summary =
        run(
            """
            type=EXECVE msg=audit(1700000000.1:1): argc=1 a0="nc"
            no record
            type=EXECVE msg=audit(1700000000.2:2): argc=1 a0="ls"
            """);
    assertEquals(new Replay.Summary(3, 1, 1, 0, 0), summary);
    assertTrue(told.getFirst().startsWith("1 Audited"), told.toString());
  }

  @Test
  void readsWindowsEventsAsXml() throws Exception {
    String event =
        "<Event xmlns='urn:events'><System><EventID>1</EventID>"
            + "<Channel>Microsoft-Windows-Sysmon/Operational</Channel></System><EventData>"
            + "<Data Name='Image'>C:\\x.exe</Data></EventData></Event>\r\n";
    List<String> expected =
        List.of(
            "1 Sysmon start [Reason[field=Image, value=C:\\x.exe]]",
            "2 Sysmon start [Reason[field=Image, value=C:\\x.exe]]");
    for (String xml :
        List.of(
            event + event,
            "\uFEFF \n<?xml version=\"1.0\"?>\n<Events>\n" + event + event + "</Events>\n")) {
      for (Charset charset :
          List.of(StandardCharsets.UTF_8, StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE)) {
        told.clear();
        boolean marked = charset.equals(StandardCharsets.UTF_8) || xml.startsWith("\uFEFF");
        Replay.Summary summary = run((marked ? xml : "\uFEFF" + xml).getBytes(charset));
        assertEquals(new Replay.Summary(2, 0, 2, 0, 0), summary);
        assertEquals(expected, told);
      }
    }
  }

  @Test
  void readsJsonInUtf16() throws Exception {
    assertEquals(
        1, run("\uFEFF{\"word\": \"bad\"}\r\n".getBytes(StandardCharsets.UTF_16LE)).findings());
  }

  @Test
  void readsRedoubtsOwnJournal() throws Exception {
    String line =
        "{\"type_uid\": 100701, \"actor\": {\"process\": {\"user\": {\"uid\": \"0\"}}},"
            + " \"process\": {\"file\": {\"path\": \"/tmp/x\"}}, \"word\": \"bad\","
            + " \"metadata\": {\"product\": {\"name\": \"Redoubt\", \"vendor_name\":"
            + " \"Redoubt\"}}}\n";
    Replay.Summary summary = run(line + line.replace("100701", "200401"));
    assertEquals(new Replay.Summary(2, 0, 1, 0, 0), summary);
    assertEquals(
        List.of(
            "1 Started from a folder for all [Reason[field=Image, value=/tmp/x],"
                + " Reason[field=User, value=root]]"),
        told);
  }

  @Test
  void anEmptyRecordingHasNoRecords() throws Exception {
    assertEquals(Replay.Summary.NONE, run(""));
    assertEquals(Replay.Summary.NONE, run(" \n\n"));
    assertEquals(Replay.Summary.NONE, run("[]"));
  }

  @Test
  void anEndlessLineIsLeftOut() throws Exception {
    Replay.Summary summary =
        run(
            "{\"word\": \"bad\"}\n"
                + "x".repeat(JsonRecords.LENGTH_LIMIT + 70_000)
                + "\n{\"word\": \"bad\"}\n");
    assertEquals(new Replay.Summary(3, 1, 2, 0, 0), summary);
    assertTrue(told.get(1).contains("longer than is read"), told.toString());
  }

  @Test
  void noBytesMakeItFail() throws Exception {
    RandomGenerator random = Seeds.random("noBytesMakeItFail");
    for (int i = Seeds.count(2_000); i > 0; i--) {
      told.clear();
      byte[] bytes =
          "{\"word\": \"bad\"}\n[{\"word\": {}},\n{\"word\": 1}]\n{\n}\n"
              .getBytes(StandardCharsets.UTF_8);
      for (int n = random.nextInt(6); n > 0; n--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      Replay.Summary summary = run(bytes);
      assertTrue(summary.records() < bytes.length, summary.toString());
    }
  }
}
