package redoubt.engine.sigma;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import redoubt.engine.sigma.event.Event;
import redoubt.engine.sigma.event.EventClass;

class DetectorTest {
  private static final EventClass STARTED =
      new EventClass(Set.of("linux"), Set.of("process_creation"), Set.of());
  private static final String RULE =
      """
      title: Somebody looks who they are
      id: 11111111-1111-4111-8111-111111111111
      name: who
      logsource: {product: linux, category: process_creation}
      detection:
        sel: {Image|endswith: /id, User: ada}
        condition: sel
      """;
  private static final String CORRELATION =
      """
      ---
      title: Again and again
      id: 22222222-2222-4222-8222-222222222222
      correlation:
        type: event_count
        rules: [who]
        group-by: [User]
        timespan: 1m
        condition: {gte: 3}
      """;

  @Test
  void aRuleSaysWhatItFound() throws Exception {
    Detector detector = new Detector(rules(RULE));
    List<Detection> found = detect(detector, "/usr/bin/id", "ada", 1_000_000_000_000L);
    assertEquals(1, found.size());
    assertEquals("Somebody looks who they are", found.getFirst().rule().title());
    assertEquals(
        List.of(new Detection.Reason("Image", "/usr/bin/id"), new Detection.Reason("User", "ada")),
        found.getFirst().reasons());
    assertEquals(List.of(), detect(detector, "/usr/bin/id", "bob", 1_000_000_000_000L));
  }

  @Test
  void aCorrelationIsReportedInsteadOfTheRuleThatItCounts() throws Exception {
    Detector detector = new Detector(rules(RULE + CORRELATION));
    assertEquals(2, detector.size());
    List<Detection> found = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      found.addAll(detect(detector, "/usr/bin/id", "ada", 1_000_000_000_000L + 1_000L * i));
    }
    assertEquals(1, found.size());
    assertEquals("Again and again", found.getFirst().rule().title());
    assertEquals(
        List.of(new Detection.Reason("User", "ada"), new Detection.Reason("event_count", "3")),
        found.getFirst().reasons());
  }

  @Test
  void startingOverForgetsWhatWasCounted() throws Exception {
    Detector detector = new Detector(rules(RULE + CORRELATION));
    detect(detector, "/usr/bin/id", "ada", 1_000_000_000_000L);
    detect(detector, "/usr/bin/id", "ada", 1_000_000_000_001L);
    detector.startOver();
    assertEquals(List.of(), detect(detector, "/usr/bin/id", "ada", 1_000_000_000_002L));
  }

  @Test
  void rulesThatCannotBeCompiledAreToldOfAndTheRestIsUsed() throws Exception {
    Detector detector =
        new Detector(rules(RULE + CORRELATION.replace("rules: [who]", "rules: [nobody]")));
    assertEquals(1, detector.size());
    assertEquals(1, detector.problems().size());
  }

  private static List<Detection> detect(Detector detector, String image, String user, long millis) {
    Event event = new Event(detector.fields());
    event.add(detector.fields().find("Image"), Event.Kind.TEXT, image);
    event.add(detector.fields().find("User"), Event.Kind.TEXT, user);
    event.add(detector.fields().find("time"), Event.Kind.NUMBER, Long.toString(millis));
    List<Detection> found = new ArrayList<>();
    detector.detect(event, STARTED, found::add);
    return found;
  }

  private static RuleFiles.Result rules(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry("rules.yml"));
      zip.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return RuleFiles.readArchive(new ByteArrayInputStream(bytes.toByteArray()));
  }
}
