package redoubt.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import redoubt.core.wire.ControlReply;

/// The dashboard and the alerts that come with us ask for metrics that there are.
class DashboardTest {
  private static final Path FOLDER = Path.of("../packaging/dashboards");
  private static final Pattern COUNTER = Pattern.compile("`([a-z_]+_total)`");
  private static final Pattern METRIC = Pattern.compile("\\bredoubt_[a-z_]+\\b");

  private static Set<String> metrics() throws IOException {
    ControlReply.Status status =
        ControlServer.status(4711, List.of(ControlServer.engine("scanner")));
    Set<String> names = new TreeSet<>();
    for (MetricSnapshot metric : Metrics.of(status)) {
      String name = metric.getMetadata().getPrometheusName();
      names.add(metric instanceof CounterSnapshot ? name + "_total" : name);
    }
    COUNTER
        .matcher(Files.readString(Path.of("../docs/reference.md")))
        .results()
        .forEach(found -> names.add("redoubt_" + found.group(1)));
    return names;
  }

  private static Set<String> asked(String text) {
    return METRIC.matcher(text).results().map(found -> found.group()).collect(Collectors.toSet());
  }

  @Test
  void everyPanelShowsWhatThereIs() throws Exception {
    JsonNode dashboard =
        new JsonMapper().readTree(Files.readString(FOLDER.resolve("redoubt-hosts.json")));
    Set<Integer> ids = new TreeSet<>();
    int targets = 0;
    Set<String> metrics = metrics();
    for (JsonNode panel : dashboard.path("panels")) {
      assertTrue(ids.add(panel.path("id").asInt()), panel::toString);
      for (JsonNode target : panel.path("targets")) {
        Set<String> asked = asked(target.path("expr").asText());
        assertTrue(!asked.isEmpty() && metrics.containsAll(asked), () -> asked.toString());
        targets++;
      }
      if (!panel.path("type").asText().equals("row")) {
        assertTrue(!panel.path("description").asText().isEmpty(), panel::toString);
      }
    }
    assertTrue(targets > 20, "targets=" + targets);
    assertEquals("redoubt-hosts", dashboard.path("uid").asText());
  }

  @Test
  void everyAlertWatchesWhatThereIs() throws Exception {
    String alerts = Files.readString(FOLDER.resolve("redoubt-alerts.yaml"));
    Matcher expressions = Pattern.compile("expr: (?:>-\\s+)?(.*)").matcher(alerts);
    int count = 0;
    while (expressions.find()) {
      count++;
    }
    assertEquals(count, alerts.split("alert: ", -1).length - 1);
    assertTrue(metrics().containsAll(asked(alerts)), () -> asked(alerts).toString());
  }
}
