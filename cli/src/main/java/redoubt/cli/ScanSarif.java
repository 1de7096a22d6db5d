package redoubt.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.TreeSet;
import redoubt.core.wire.ControlReply;

/// A scan as a log in the Static Analysis Results Interchange Format, version 2.1.0 (OASIS). Pure.
final class ScanSarif {
  private ScanSarif() {}

  /// Returns one log with one run: a result for each thing that was found, a notification for each
  /// file that was not looked at.
  static ObjectNode of(List<ScanReport.Remarkable> remarkable, List<ControlReply.Engine> engines) {
    ObjectNode log = Subcommand.object();
    log.put("version", "2.1.0");
    ObjectNode run = log.putArray("runs").addObject();
    tool(run.putObject("tool"), remarkable, engines);
    invocation(run.putArray("invocations").addObject(), remarkable);
    ArrayNode results = run.putArray("results");
    for (ScanReport.Remarkable each : remarkable) {
      for (ControlReply.ScanHit hit : each.result().hits()) {
        result(results.addObject(), each, hit);
      }
    }
    return log;
  }

  private static void tool(
      ObjectNode tool, List<ScanReport.Remarkable> remarkable, List<ControlReply.Engine> engines) {
    ObjectNode driver = tool.putObject("driver");
    driver.put("name", "Redoubt");
    driver.put("version", Main.Version.text());
    TreeSet<String> ids = new TreeSet<>();
    for (ScanReport.Remarkable each : remarkable) {
      each.result().hits().forEach(hit -> ids.add(rule(hit)));
    }
    ArrayNode rules = driver.putArray("rules");
    ids.forEach(id -> rules.addObject().put("id", id));
    ArrayNode extensions = tool.putArray("extensions");
    for (ControlReply.Engine engine : engines) {
      ObjectNode extension = extensions.addObject();
      extension.put("name", engine.id());
      extension.put("version", engine.engineVersion());
    }
  }

  private static void invocation(ObjectNode invocation, List<ScanReport.Remarkable> remarkable) {
    List<ScanReport.Remarkable> unscanned =
        remarkable.stream().filter(each -> each.result().state().equals("unscanned")).toList();
    invocation.put("executionSuccessful", unscanned.isEmpty());
    ArrayNode notifications = invocation.putArray("toolExecutionNotifications");
    for (ScanReport.Remarkable each : unscanned) {
      ObjectNode notification = notifications.addObject();
      notification.put("level", "warning");
      notification.putObject("message").put("text", "not looked at: " + each.result().detail());
      location(notification, each);
    }
  }

  private static void result(
      ObjectNode result, ScanReport.Remarkable found, ControlReply.ScanHit hit) {
    result.put("ruleId", rule(hit));
    result.put("level", "error");
    result.putObject("message").put("text", hit.reason().isEmpty() ? rule(hit) : hit.reason());
    location(result, found);
  }

  private static void location(ObjectNode node, ScanReport.Remarkable where) {
    node.putArray("locations")
        .addObject()
        .putObject("physicalLocation")
        .putObject("artifactLocation")
        .put("uri", where.path().toUri().toString());
  }

  private static String rule(ControlReply.ScanHit hit) {
    return hit.engine() + "/" + (hit.rule().isEmpty() ? "unnamed" : hit.rule());
  }
}
