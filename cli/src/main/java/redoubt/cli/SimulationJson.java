package redoubt.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import redoubt.fleet.rollout.RolloutCommand;
import redoubt.fleet.simulation.Outcome;
import redoubt.fleet.simulation.Setup;
import redoubt.fleet.simulation.Trials;

/// What a simulated rollout came to, for programs. Times are seconds since the publication.
final class SimulationJson {
  private SimulationJson() {}

  static ObjectNode of(Setup setup, Outcome outcome, @Nullable Outcome without) {
    ObjectNode node = head(setup);
    fill(node, outcome);
    if (without != null) {
      fill(node.putObject("withoutRolloutControl"), without);
    }
    return node;
  }

  private static ObjectNode head(Setup setup) {
    ObjectNode node = Subcommand.object();
    node.put("scenario", setup.scenario().name());
    node.put("channel", setup.channel().name().toLowerCase(Locale.ROOT));
    node.put("hosts", setup.hosts());
    node.put("seed", setup.seed());
    node.put("liarsPercent", setup.liars() * 100);
    return node;
  }

  private static void fill(ObjectNode node, Outcome outcome) {
    node.put("hostsExposed", outcome.hostsExposed());
    node.put("hostsHit", outcome.hostsHit());
    node.put("hostsLost", outcome.hostsLost());
    node.put("hostsEligible", outcome.eligible());
    node.put("hostsCovered", outcome.covered());
    put(node, "haltedAfterSeconds", outcome.haltedAfter());
    put(node, "recoveredAfterSeconds", outcome.recoveredAfter());
    put(node, "coveredAfterSeconds", outcome.coveredAfter());
    node.put("frozenSeconds", outcome.frozenFor());
    node.put("ranSeconds", outcome.ranFor());
    RolloutCommand.Halt halt = outcome.halt();
    if (halt != null) {
      ObjectNode why = node.putObject("halt");
      why.put("reason", halt.reason().name());
      why.put("symptom", halt.evidence().symptom().name());
      why.put("age", halt.evidence().age().name());
      why.put("treatedEvents", halt.evidence().treatedEvents());
      why.put("controlEvents", halt.evidence().controlEvents());
      why.put("logEvidence", halt.evidence().logEvidence());
    }
    ArrayNode curve = node.putArray("curve");
    for (Outcome.Point point : outcome.curve()) {
      ObjectNode each = curve.addObject();
      each.put("second", point.second());
      each.put("exposed", point.exposed());
      each.put("running", point.running());
      each.put("lost", point.lost());
      each.put("eligible", point.eligible());
    }
  }

  private static void put(ObjectNode node, String name, OptionalInt seconds) {
    if (seconds.isPresent()) {
      node.put(name, seconds.getAsInt());
    } else {
      node.putNull(name);
    }
  }

  static ObjectNode of(Setup setup, Trials trials) {
    ObjectNode node = head(setup);
    node.put("seeds", trials.seeds());
    node.put("halts", trials.halts());
    node.put("haltShareAtMost95", trials.haltsUpTo());
    put(node, "hostsExposed", trials.exposed());
    put(node, "hostsHit", trials.hit());
    put(node, "hostsLost", trials.lost());
    put(node, "haltedAfterSeconds", trials.haltedAfter());
    put(node, "coveredAfterSeconds", trials.coveredAfter());
    return node;
  }

  private static void put(ObjectNode node, String name, Trials.Spread spread) {
    ObjectNode each = node.putObject(name);
    each.put("runs", spread.runs());
    each.put("least", spread.least());
    each.put("median", spread.median());
    each.put("ninetyNinth", spread.ninetyNinth());
    each.put("most", spread.most());
  }
}
