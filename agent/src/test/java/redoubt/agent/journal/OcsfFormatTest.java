package redoubt.agent.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import redoubt.core.model.Actor;
import redoubt.core.model.Credentials;
import redoubt.core.model.DecisionBasis;
import redoubt.core.model.DecisionRecord;
import redoubt.core.model.EngineId;
import redoubt.core.model.EngineMode;
import redoubt.core.model.EngineOpinion;
import redoubt.core.model.EventClass;
import redoubt.core.model.FileIdentity;
import redoubt.core.model.Finding;
import redoubt.core.model.FindingLevel;
import redoubt.core.model.PlatformNotice;
import redoubt.core.model.ProcessInfo;
import redoubt.core.model.Sha256;
import redoubt.core.model.Verdict;

final class OcsfFormatTest {
  static final HostFacts HOST =
      new HostFacts("host-1", "2f1c0a52-0000-4000-8000-000000000001", "6.18.1", "0.1.0", 1000);

  private static final Actor ACTOR =
      new Actor(4242, 77, 4000, 1000, 1000, 0, 1234, "/usr/bin/bash", "/usr/sbin/sshd");
  private static final FileIdentity FILE =
      new FileIdentity(8L << 32 | 1, 99, 1_700_000_000_123_456_789L, 5_000_000L, 0, 68);
  private static final Sha256 DIGEST = new Sha256(1, 2, 3, 4);

  private final OcsfSchemas schemas = new OcsfSchemas();
  private final OcsfFormat format = new OcsfFormat(HOST);

  @Test
  void aFindingNamesTheDecisionItBelongsTo() throws Exception {
    Finding finding = found(new EngineId("scanner"));
    String line = valid(new Entry.Finding(finding), 8);
    assertTrue(
        line.contains(
            "\"related_events\":[{\"uid\":\"2f1c0a52-0000-4000-8000-000000000001-1000-d12\"}]"),
        line);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"action_id\":2 -> \"action_id\":1",
        "\"class_uid\":1007 -> \"class_uid\":1001",
        "\"launch_type_id\":3, -> ",
        "\"pid\":4242 -> \"pid\":\"4242\"",
        "\"stable\":true -> \"stable\":true,\"more\":1",
        "\"hostname\":\"host-1\", -> ",
        "\"verdict\":\"DENY\" -> \"verdict\":\"DENY\",\"missing\":\"GONE\"",
        "\"version\":\"1.7.0\" -> \"version\":\"1.6.0\""
      })
  void theSchemaRefusesWhatWeNeverWrite(String change) throws Exception {
    Entry entry = new Entry.Decision(decision(EventClass.EXEC, Verdict.DENY, List.of(denial())));
    String[] edit = change.split(" -> ", -1);
    String line = valid(entry, 7).replaceFirst(Pattern.quote(edit[0]), edit[1]);
    assertNotEquals(valid(entry, 7), line);
    assertNotEquals(List.of(), schemas.validate(1007, line));
  }

  @ParameterizedTest
  @EnumSource(PlatformNotice.Kind.class)
  void everyKindOfNoticeIsValid(PlatformNotice.Kind kind) throws Exception {
    String line = valid(new Entry.Notice(new PlatformNotice(1, kind, "scanner", "it happened")), 1);
    assertTrue(line.contains("\"event_code\":\"" + kind + "\""), line);
  }

  @ParameterizedTest
  @EnumSource(DecisionBasis.class)
  void aDenyThatDidNotCountIsNeverCalledAllowed(DecisionBasis basis) throws Exception {
    DecisionRecord plain = decision(EventClass.OPEN, Verdict.ALLOW, List.of(denial()));
    String line = valid(new Entry.Decision(withBasis(plain, basis)), 1);
    String expected = basis == DecisionBasis.EXCEPTION ? "Exonerated" : "Detected";
    assertTrue(line.contains("\"disposition\":\"" + expected + "\""), line);
  }

  @ParameterizedTest
  @EnumSource(EngineOpinion.Cause.class)
  void everyCauseOfAMissingOpinionIsValid(EngineOpinion.Cause cause) throws Exception {
    EngineId engine = new EngineId("scanner");
    EngineOpinion missing = new EngineOpinion.Missing(engine, EngineMode.ENFORCE, cause);
    valid(new Entry.Decision(decision(EventClass.EXEC, Verdict.ALLOW, List.of(missing))), 1);
  }

  /// The examples that `spec/ocsf/` shows are exactly what the journal writes.
  @Test
  void theExamplesOfTheSpecificationAreWhatIsWritten() throws Exception {
    EngineId scanner = new EngineId("scanner");
    EngineOpinion missing =
        new EngineOpinion.Missing(scanner, EngineMode.ENFORCE, EngineOpinion.Cause.DEADLINE);
    DecisionRecord unheard = decision(EventClass.OPEN, Verdict.ALLOW, List.of(missing));
    Finding finding = found(scanner);
    List<Entry> entries =
        List.of(
            new Entry.Decision(decision(EventClass.EXEC, Verdict.DENY, List.of(denial()))),
            new Entry.Finding(finding),
            new Entry.Finding(behaviour()),
            new Entry.Decision(withBasis(unheard, DecisionBasis.MISS_POLICY)),
            notice(PlatformNotice.Kind.ENGINE_DEMOTED, "scanner", "scanner missed 5 deadlines"),
            notice(PlatformNotice.Kind.LOSS, "84", "records lost: count=84"));
    StringBuilder lines = new StringBuilder();
    LineChain chain = new LineChain();
    String previous = LineChain.BEGINNING;
    for (int i = 0; i < entries.size(); i++) {
      String line = valid(entries.get(i), i + 1L, previous);
      previous =
          chain.digest(ByteBuffer.wrap(line.stripTrailing().getBytes(StandardCharsets.UTF_8)));
      lines.append(line);
    }
    assertEquals(OcsfSchemas.examples(), lines.toString());
  }

  private static Finding found(EngineId engine) {
    return new Finding(
        2000,
        engine,
        "2026.11",
        "eicar",
        "EICAR test file",
        FindingLevel.HIGH,
        List.of(),
        List.of(),
        "/tmp/bad",
        DIGEST,
        List.of(ProcessInfo.UNKNOWN.forkedAs(4242, -1)),
        12);
  }

  private static Finding behaviour() {
    ProcessInfo shell =
        new ProcessInfo(
            4001,
            76,
            1,
            new Credentials(33, 33, 33, 33),
            1234,
            "www-data",
            "/usr/bin/dash",
            List.of("sh", "-c", "id"),
            false,
            "/var/www",
            "4b2f".repeat(16));
    ProcessInfo process =
        new ProcessInfo(
            4243,
            77,
            4001,
            new Credentials(33, 33, 33, 33),
            1234,
            "",
            "/usr/bin/id",
            List.of("id"),
            false,
            "/",
            "");
    return new Finding(
        2000,
        new EngineId("sigma"),
        "2026.11",
        "e2ed4a1c-bb1c-4d3a-8f6b-0b2a1b6f0c11",
        "A web server looks who it is",
        FindingLevel.CRITICAL,
        List.of("T1033", "T1505.003"),
        List.of(new Finding.Reason("Image", "/usr/bin/id"), new Finding.Reason("", "sh -c id")),
        "",
        null,
        List.of(process, shell),
        0);
  }

  private static Entry notice(PlatformNotice.Kind kind, String subject, String message) {
    return new Entry.Notice(new PlatformNotice(2000, kind, subject, message));
  }

  @Test
  void everyEntryIsOneValidLine() throws Exception {
    RandomEntries random = RandomEntries.seeded();
    for (int i = 1; i <= 2_000; i++) {
      valid(random.entry(), i);
    }
  }

  @Test
  void whatIsTooLongForALineIsShortenedAndSaysSo() throws Exception {
    String long6 = "\u0001".repeat(4095);
    EngineOpinion opinion =
        new EngineOpinion.Answered(
            new EngineId("scanner"),
            EngineMode.ENFORCE,
            Verdict.DENY,
            long6,
            long6,
            long6,
            1,
            false,
            false);
    DecisionRecord decision =
        new DecisionRecord(
            1,
            1,
            EventClass.EXEC,
            new Actor(1, 1, 1, 1, 1, 1, 1, long6, long6),
            "/" + long6,
            FILE,
            DIGEST,
            true,
            Verdict.DENY,
            DecisionBasis.ENGINES,
            1,
            long6,
            Collections.nCopies(64, opinion),
            1);
    String line = valid(new Entry.Decision(decision), 1);
    assertTrue(line.contains("\"is_truncated\":true"), line);
    assertTrue(line.contains("\"opinions_omitted\":60"), line);
  }

  @Test
  void aPathOfTheLongestLengthIsKeptWhole() throws Exception {
    String path = "/" + "x".repeat(4094);
    DecisionRecord plain = decision(EventClass.OPEN, Verdict.ALLOW, List.of());
    String line = valid(new Entry.Decision(withPath(plain, path)), 1);
    assertTrue(line.contains("\"path\":\"" + path + "\""));
    assertFalse(line.contains("is_truncated"));
  }

  @Test
  void loneSurrogatesBecomeReplacementCharactersAndPairsStay() throws Exception {
    DecisionRecord plain = decision(EventClass.OPEN, Verdict.ALLOW, List.of());
    String line = valid(new Entry.Decision(withPath(plain, "/\uD800a\uDC00\uD83D\uDE00\uD83D")), 1);
    assertTrue(line.contains("\"path\":\"/\uFFFDa\uFFFD\uD83D\uDE00\uFFFD\""), line);
  }

  private String valid(Entry entry, long sequence) throws CharacterCodingException {
    return valid(entry, sequence, LineChain.BEGINNING);
  }

  private String valid(Entry entry, long sequence, String previous)
      throws CharacterCodingException {
    String line = format(entry, sequence, previous);
    int classUid = JournalReaderTest.parse(line).map(_ -> classOf(line)).orElseThrow();
    assertEquals(List.of(), schemas.validate(classUid, line), line);
    return line;
  }

  private String format(Entry entry, long sequence, String previous)
      throws CharacterCodingException {
    LineBuffer out = new LineBuffer(16);
    assertTrue(format.append(entry, sequence, 2001, previous, out));
    ByteBuffer bytes = out.view();
    assertTrue(bytes.remaining() <= JournalLimits.MAX_LINE_BYTES, "bytes=" + bytes.remaining());
    String line = StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    assertEquals(line.length() - 1, line.indexOf('\n'));
    return line;
  }

  private static int classOf(String line) {
    String key = "\"class_uid\":";
    int start = line.indexOf(key) + key.length();
    return Integer.parseInt(line, start, line.indexOf(',', start), 10);
  }

  static EngineOpinion denial() {
    return new EngineOpinion.Answered(
        new EngineId("scanner"),
        EngineMode.ENFORCE,
        Verdict.DENY,
        "on the list",
        "eicar",
        "2026.11",
        700_000,
        false,
        false);
  }

  static DecisionRecord decision(EventClass event, Verdict answer, List<EngineOpinion> opinions) {
    return new DecisionRecord(
        12,
        2000,
        event,
        ACTOR,
        "/tmp/bad",
        FILE,
        DIGEST,
        true,
        answer,
        DecisionBasis.ENGINES,
        3,
        "",
        opinions,
        812_000);
  }

  static DecisionRecord withPath(DecisionRecord d, String path) {
    return new DecisionRecord(
        d.sequence(),
        d.timeMillis(),
        d.eventClass(),
        d.actor(),
        path,
        d.file(),
        d.sha256(),
        d.stable(),
        d.answer(),
        d.basis(),
        d.policyGeneration(),
        d.exception(),
        d.opinions(),
        d.latencyNanos());
  }

  private static DecisionRecord withBasis(DecisionRecord d, DecisionBasis basis) {
    return new DecisionRecord(
        d.sequence(),
        d.timeMillis(),
        d.eventClass(),
        d.actor(),
        d.path(),
        d.file(),
        d.sha256(),
        d.stable(),
        d.answer(),
        basis,
        d.policyGeneration(),
        d.exception(),
        d.opinions(),
        d.latencyNanos());
  }
}
