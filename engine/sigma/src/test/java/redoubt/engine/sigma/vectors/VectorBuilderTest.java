package redoubt.engine.sigma.vectors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import redoubt.core.model.HostEvent;
import redoubt.core.wire.BundleCodec;
import redoubt.core.wire.TestVector;
import redoubt.core.wire.WireException;
import redoubt.engine.sigma.Detector;
import redoubt.engine.sigma.RuleFiles;
import redoubt.engine.sigma.live.LiveRules;
import redoubt.engine.sigma.rule.Placeholders;
import redoubt.engine.sigma.vectors.Gap.Reason;

class VectorBuilderTest {
  private static final long DAY_NANOS = 86_400_000_000_000L;

  /// Every operator that rules have.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "sel:\n  Image: /usr/bin/nc\ncondition: sel",
        "sel:\n  Image|cased: /usr/bin/Nc\ncondition: sel",
        "sel:\n  CommandLine|contains: ' -e '\ncondition: sel",
        "sel:\n  CommandLine|startswith: 'nc '\ncondition: sel",
        "sel:\n  Image|endswith:\n    - /nc\n    - /ncat\ncondition: sel",
        "sel:\n  CommandLine|contains|all:\n    - ' -e '\n    - '/bin/sh'\ncondition: sel",
        "sel:\n  CommandLine: '*curl*|*sh?'\ncondition: sel",
        "sel:\n  CommandLine|contains|windash: ' -enc '\ncondition: sel",
        "sel:\n  CommandLine|base64offset|contains: 'http://'\ncondition: sel",
        "sel:\n  CommandLine|wide|base64offset|contains: 'IEX'\ncondition: sel",
        "sel:\n  CommandLine|re: '^\\S+ (a|b)c{2,3}[0-9]+\\.sh$'\ncondition: sel",
        "sel:\n  CommandLine|re|i|m|s: '^WGET.+-q'\ncondition: sel",
        "sel:\n  CommandLine|gt: 5\ncondition: sel",
        "sel:\n  CommandLine|gte: 5\n  CommandLine|lte: 7.5\ncondition: sel",
        "sel:\n  CommandLine|lt: -5\ncondition: sel",
        "sel:\n  User|exists: true\ncondition: sel",
        "sel:\n  User|exists: false\ncondition: sel",
        "sel:\n  User: null\ncondition: sel",
        "sel:\n  Image|fieldref: ParentImage\ncondition: sel",
        "sel:\n  CommandLine|fieldref|startswith: Image\ncondition: sel",
        "sel:\n  CommandLine|fieldref|endswith: User\ncondition: sel",
        "sel:\n  CommandLine|fieldref|contains: ParentCommandLine\ncondition: sel",
        "sel:\n  CommandLine|minute: 7\ncondition: sel",
        "sel:\n  CommandLine|hour|gte: 22\ncondition: sel",
        "sel:\n  CommandLine|day: 3\ncondition: sel",
        "sel:\n  CommandLine|week|lt: 9\ncondition: sel",
        "sel:\n  CommandLine|month: 12\ncondition: sel",
        "sel:\n  CommandLine|year|gt: 2024\ncondition: sel",
        "sel:\n  Image|endswith|neq: /nc\ncondition: sel",
        "sel:\n  Image: '*'\ncondition: sel",
        "sel:\n  - reverse shell\n  - 'bind*shell'\ncondition: sel",
        "a:\n  Image: /a\nb:\n  User: b\nc:\n  ParentUser: c\ncondition: a and not (b or c)",
        "x_a:\n  Image: /a\nx_b:\n  User: b\ncondition: all of x_*",
        "x_a:\n  Image: /a\nx_b:\n  User: b\ny:\n  Image: /c\ncondition: 1 of x_* and not y",
        "a:\n  - Image: /a\n    User: b\n  - ParentImage: /c\n    User: b\ncondition: a"
      })
  void everyOperatorIsShown(String detection) {
    check("process_creation", detection);
  }

  /// Each kind of event, and what is special of its fields.
  @ParameterizedTest
  @CsvSource({
    "file_event, TargetFilename|startswith, /etc/cron.d/",
    "file_rename, SourceFilename|endswith, .docx",
    "file_rename, TargetFilename|fieldref|startswith, SourceFilename",
    "file_delete, TargetFilename, /var/log/wtmp",
    "network_connection, DestinationIp|cidr, 10.0.0.0/8",
    "network_connection, DestinationIp|cidr, fd00::/8",
    "network_connection, SourceIp|startswith, '192.168.'",
    "network_connection, DestinationPort, 4444",
    "network_connection, DestinationPort|gt, 1024",
    "network_connection, Initiated, 'false'",
    "network_connection, Protocol, udp",
    "dns_query, QueryName|endswith, .onion",
    "dns_query, QueryStatus, 3",
    "dns_query, record_type, TXT",
    "dns, answer, 192.0.2.7",
    "dns_query, QueryResults|contains, '198.51.100.'",
    "driver_load, ImageLoaded|contains, /tmp/",
    "driver_load, Signed, 'false'",
    "driver_load, Taint|contains, E",
    "device, Action, disconnect",
    "device, VendorId, 1d6b",
    "mount, FileSystem, fuse",
    "mount, Action, unmount",
    "logon, Action, failure",
    "logon, IpAddress|cidr, 203.0.113.0/24",
    "account, Action, delete",
    "account, TargetId, 0",
    "account, TargetType, group",
    "account, Changed, shell",
    "process_access, TargetImage|endswith, /sshd",
    "process_access, SourceUser, mallory",
    "process_termination, Image, /usr/sbin/auditd",
    "process_creation, Hashes|contains, SHA256=00ff00ff",
    "auditd, type, USER_CMD",
    "auditd, name|startswith, /etc/audit",
    "auditd, name, '/srv/x \"y\"'"
  })
  void everyKindOfEventIsMade(String category, String field, String value) {
    check(category, "sel:\n  " + field + ": '" + value + "'\ncondition: sel");
  }

  private static void check(String category, String detection) {
    RuleFiles.Result rules = Derivation.read(Derivation.rule(category, detection));
    Derived derived = VectorBuilder.derive(rules, _ -> {});
    assertEquals(List.of(), derived.gaps());
    assertEquals(derived.coverage().tests(), derived.coverage().coveredTests());
    assertEquals(List.of(), Derivation.failing(derived.vectors(), rules));
    Set<Boolean> outcomes =
        derived.vectors().stream()
            .map(vector -> !vector.rules().isEmpty())
            .collect(Collectors.toSet());
    assertEquals(Set.of(true, false), outcomes, "reported in some and not in others");
  }

  /// Each test stands in the `covers` of a vector that is reported and of one that is not.
  @Test
  void everyTestStandsInBothOutcomes() {
    Derived derived =
        Derivation.of(
            Derivation.rule(
                "a:\n  Image|endswith: [/a, /b]\nf:\n  User: root\ncondition: a and not f"));
    Map<String, Set<Boolean>> outcomes = new HashMap<>();
    for (TestVector vector : derived.vectors()) {
      for (String covered : vector.covers()) {
        outcomes
            .computeIfAbsent(covered, _ -> new HashSet<>())
            .add(vector.rules().contains("only"));
      }
    }
    assertEquals(Set.of(true), outcomes.remove("only"));
    assertEquals(3, outcomes.size());
    outcomes.forEach((test, both) -> assertEquals(Set.of(true, false), both, test));
    assertEquals(4, derived.vectors().size(), "one with all, and one more for each test");
  }

  @Test
  void whatCannotBeShownIsNamed() {
    assertEquals(
        List.of(Reason.LOG_SOURCE),
        reasons(Derivation.rule("registry_set", "sel:\n  A: b\ncondition: sel")));
    assertEquals(
        List.of(Reason.FIELD, Reason.UNDECIDED),
        reasons(Derivation.rule("sel:\n  OriginalFileName: b\ncondition: sel")));
    assertEquals(
        List.of(Reason.UNDECIDED, Reason.UNDECIDED),
        reasons(Derivation.rule("a:\n  Image: b\ncondition: a and not a")));
    assertEquals(
        List.of(Reason.REDUNDANT),
        reasons(
            Derivation.rule(
                "a:\n  CommandLine|contains: foo\nb:\n  CommandLine|contains: foobar\n"
                    + "condition: a or b")));
  }

  private static List<Reason> reasons(String rule) {
    return Derivation.of(rule).gaps().stream().map(Gap::reason).toList();
  }

  @Test
  void eventsOfVectorsHaveNothingInCommon() throws IOException {
    Set<Integer> pids = new HashSet<>();
    long before = 0;
    for (TestVector vector : shipped().vectors()) {
      Set<Integer> own = new HashSet<>();
      for (HostEvent event : vector.activity()) {
        own.add(event.process().pid());
        assertTrue(event.timeNanos() > before + DAY_NANOS || own.size() > 1, vector.name());
      }
      own.remove(0);
      assertTrue(own.stream().allMatch(pids::add), vector.name());
      before = vector.activity().getLast().timeNanos();
    }
    assertFalse(pids.isEmpty());
  }

  /// No test of ours is left out, but those that are there to be quick and ask for less than an
  /// expression beside them.
  @Test
  void shippedRulesAreCovered() throws IOException {
    Derived derived = shipped();
    List<Gap> unexplained =
        derived.gaps().stream().filter(gap -> gap.reason() != Reason.REDUNDANT).toList();
    assertEquals(List.of(), unexplained);
    assertTrue(
        derived.coverage().coveredTests() >= derived.coverage().tests() * 98 / 100,
        derived.coverage().toString());
    assertTrue(derived.vectors().size() < 2 * derived.coverage().tests());
  }

  @Test
  void theSameRulesGiveTheSame() throws IOException {
    assertEquals(shipped(), shipped());
  }

  @Test
  void everyVectorComesOutAloneToo() throws IOException {
    RuleFiles.Result rules = shippedRules();
    List<TestVector> vectors = VectorBuilder.derive(rules, _ -> {}).vectors();
    Detector detector = new Detector(rules);
    for (TestVector vector : vectors.subList(0, 100)) {
      detector.startOver();
      assertEquals(vector.rules(), Derivation.reported(new LiveRules(detector), vector));
    }
  }

  @Test
  void vectorsAreReadAsTheyWereWritten() throws IOException, WireException {
    List<TestVector> vectors = shipped().vectors();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (TestVector vector : vectors) {
      BundleCodec.writeVector(bytes, vector);
    }
    ByteArrayInputStream source = new ByteArrayInputStream(bytes.toByteArray());
    List<TestVector> read = new ArrayList<>();
    for (var next = BundleCodec.readVector(source);
        next.isPresent();
        next = BundleCodec.readVector(source)) {
      read.add(next.get());
    }
    assertEquals(vectors, read);
    assertEquals(
        vectors.size(), vectors.stream().map(TestVector::name).distinct().count(), "names");
  }

  private static Derived shipped() throws IOException {
    return VectorBuilder.derive(shippedRules(), _ -> {});
  }

  private static RuleFiles.Result shippedRules() throws IOException {
    return RuleFiles.read(
        List.of(Path.of("../../packaging/content/rules/linux")), new Placeholders(Map.of()));
  }
}
