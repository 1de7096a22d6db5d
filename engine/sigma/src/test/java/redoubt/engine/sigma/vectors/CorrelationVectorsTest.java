package redoubt.engine.sigma.vectors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redoubt.core.wire.TestVector;
import redoubt.engine.sigma.RuleFiles;

/// Correlations: sequences of events in which they are reported, and such that lack one thing.
class CorrelationVectorsTest {
  private static final String ONE =
      Derivation.rule(
          "one", "process_creation", "sel:\n  Image|endswith: [/nc, /ncat]\ncondition: sel");
  private static final String OTHER =
      Derivation.rule("two", "file_event", "sel:\n  TargetFilename: /etc/x\ncondition: sel");
  private static final String THIRD =
      Derivation.rule("net", "network_connection", "sel:\n  Image: /usr/bin/scan\ncondition: sel");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "type: event_count\nrules: [one]\ngroup-by: [User]\ntimespan: 5m\ncondition:\n  gte: 4",
        "type: event_count\nrules: [one]\ntimespan: 10d\ncondition:\n  gt: 2\n  lt: 9",
        "type: event_count\nrules: [one]\ntimespan: 1h\ngenerate: true\ncondition:\n  eq: 3",
        "type: value_count\nrules: [net]\ntimespan: 1h\ncondition:\n  field: DestinationPort\n"
            + "  gte: 5",
        "type: value_count\nrules: [net]\ngroup-by: [SourceIp]\ntimespan: 1h\ncondition:\n"
            + "  field: DestinationIp\n  gte: 3",
        "type: temporal\nrules: [one, two]\ngroup-by: [User]\ntimespan: 30s",
        "type: temporal\nrules: [one, two, net]\ntimespan: 30s",
        "type: temporal_ordered\nrules: [one, two]\ntimespan: 2m",
        "type: value_sum\nrules: [net]\ntimespan: 1h\ncondition:\n  field: DestinationPort\n"
            + "  gt: 9000",
        "type: value_avg\nrules: [net]\ntimespan: 1h\ncondition:\n  field: DestinationPort\n"
            + "  gt: 100",
        "type: value_median\nrules: [net]\ntimespan: 1h\ncondition:\n  field: DestinationPort\n"
            + "  gte: 100",
        "type: value_percentile\nrules: [net]\ntimespan: 1h\ncondition:\n"
            + "  field: DestinationPort\n  percentile: 90\n  gte: 100",
        "type: value_avg\nrules: [net]\ntimespan: 1h\ncondition:\n  field: DestinationPort\n"
            + "  lt: 100",
        "type: value_median\nrules: [net]\ntimespan: 1h\ncondition:\n  field: DestinationPort\n"
            + "  lte: 100",
        "type: value_percentile\nrules: [net]\ntimespan: 1h\ncondition:\n"
            + "  field: DestinationPort\n  percentile: 90\n  lt: 100"
      })
  void everyTypeIsShown(String correlation) {
    String text = "title: Many\nname: many\ncorrelation:\n" + correlation.indent(2);
    RuleFiles.Result rules = Derivation.read(ONE, OTHER, THIRD, text);
    Derived derived = VectorBuilder.derive(rules, _ -> {});
    assertEquals(List.of(), derived.gaps());
    assertEquals(List.of(), Derivation.failing(derived.vectors(), rules));
    Set<Boolean> outcomes =
        derived.vectors().stream()
            .filter(vector -> vector.name().startsWith("many"))
            .map(vector -> vector.rules().contains("many"))
            .collect(Collectors.toSet());
    assertEquals(Set.of(true, false), outcomes);
  }

  @Test
  void aCorrelationThatHoldsOfNothingIsNamed() {
    String text =
        "title: Many\nname: many\ncorrelation:\n  type: event_count\n  rules: [one]\n"
            + "  generate: true\n  timespan: 5m\n  condition:\n    lt: 3";
    Derived derived = Derivation.of(ONE, text);
    assertEquals(
        List.of(Gap.Reason.UNSUPPORTED), derived.gaps().stream().map(Gap::reason).toList());
  }

  @Test
  void aRuleThatIsNotReportedItselfIsShownByTheCorrelation() {
    String text =
        "title: Many\nname: many\ncorrelation:\n  type: event_count\n  rules: [one]\n"
            + "  timespan: 5m\n  condition:\n    gte: 3";
    RuleFiles.Result rules = Derivation.read(ONE, text);
    Derived derived = VectorBuilder.derive(rules, _ -> {});
    List<TestVector> ofOne =
        derived.vectors().stream().filter(vector -> vector.name().startsWith("one")).toList();
    assertFalse(ofOne.isEmpty());
    assertTrue(ofOne.stream().anyMatch(vector -> vector.rules().equals(Set.of("many"))));
    assertTrue(ofOne.stream().anyMatch(vector -> vector.rules().isEmpty()));
    RuleFiles.Result lacking = Derivation.read(ONE.replace("[/nc, /ncat]", "[/nc]"), text);
    assertFalse(Derivation.failing(derived.vectors(), lacking).isEmpty());
  }

  @ParameterizedTest
  @ValueSource(strings = {"gte: 4", "gte: 2", "timespan: 2h", "group-by: [CurrentDirectory]"})
  void theVectorsOfACorrelationFailOnAnother(String change) {
    String text =
        "title: Many\nname: many\ncorrelation:\n  type: event_count\n  rules: [one]\n"
            + "  group-by: [User]\n  timespan: 5m\n  condition:\n    gte: 3";
    Derived derived = Derivation.of(ONE, text);
    String key = change.substring(0, change.indexOf(':'));
    String other = text.replaceFirst(key + ":.*", change);
    assertFalse(Derivation.failing(derived.vectors(), Derivation.read(ONE, other)).isEmpty());
  }
}
