package redoubt.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import redoubt.cli.Table.Cell;
import redoubt.cli.Terminal.Tone;
import redoubt.fleet.rollout.RolloutCommand;
import redoubt.fleet.rollout.Symptom;
import redoubt.fleet.simulation.Outcome;
import redoubt.fleet.simulation.Scenario;
import redoubt.fleet.simulation.Setup;
import redoubt.fleet.simulation.Trials;

/// What a simulated rollout came to, in words for people.
///
/// @param terminal where to print
record SimulationText(Terminal terminal) {
  private static final int MINUTE = 60;
  private static final int HOUR = 3_600;

  static void list(Terminal terminal, boolean asJson) {
    if (asJson) {
      ObjectNode node = Subcommand.object();
      ArrayNode scenarios = node.putArray("scenarios");
      for (Scenario scenario : Scenario.ALL) {
        scenarios.addObject().put("name", scenario.name()).put("summary", scenario.summary());
      }
      terminal.json(node);
      return;
    }
    Table table = new Table("scenario", "what happens");
    Scenario.ALL.forEach(s -> table.add(Cell.of(s.name(), Tone.TITLE), Cell.of(s.summary())));
    table.print(terminal);
  }

  void print(Setup setup, Outcome outcome, @Nullable Outcome without) {
    head(setup, ", seed " + setup.seed());
    Table table = new Table("", "with Redoubt", "without", "then");
    Scenario.History then = setup.scenario().history();
    boolean good = setup.scenario().isGood();
    table.add(
        Cell.of(good ? "hosts that got it" : "hosts that activated it"),
        number(outcome.hostsExposed(), Tone.TITLE),
        without == null ? Cell.of("") : number(without.hostsExposed(), null),
        then == null ? Cell.of("") : number(then.hosts(), null));
    if (!good) {
      table.add(
          Cell.of("of these, lost"),
          number(outcome.hostsLost(), outcome.hostsLost() == 0 ? Tone.GOOD : Tone.BAD),
          without == null ? Cell.of("") : number(without.hostsLost(), Tone.BAD),
          then == null ? Cell.of("") : number(then.hosts(), Tone.BAD));
    }
    table.add(
        Cell.of("stopped after"),
        Cell.of(time(outcome.haltedAfter())),
        Cell.of(without == null ? "" : "by hand"),
        Cell.of(then == null ? "" : time(then.revertedAfterSeconds())));
    if (outcome.halt() != null) {
      table.add(
          Cell.of("those concerned well again after"),
          Cell.of(time(outcome.recoveredAfter())),
          Cell.of(""),
          Cell.of(then == null ? "" : "about " + then.repairedAfterDays() + " days"));
    }
    if (outcome.coveredAfter().isPresent()) {
      table.add(
          Cell.of("99 % had it after"),
          Cell.of(time(outcome.coveredAfter())),
          Cell.of(""),
          Cell.of(""));
    }
    table.print(terminal);
    terminal.line("");
    story(outcome);
    if (then != null) {
      terminal.line(
          "then: what was published of "
              + setup.scenario().name()
              + "; nothing of it is simulated.");
    }
  }

  private void head(Setup setup, String seeds) {
    terminal.line(
        terminal.paint(Tone.TITLE, setup.scenario().name()) + "  " + setup.scenario().summary());
    terminal.line(
        terminal.paint(
            Tone.QUIET,
            count(setup.hosts())
                + " simulated hosts"
                + seeds
                + ", "
                + setup.channel().name().toLowerCase(Locale.ROOT)
                + " channel"
                + (setup.liars() > 0 ? ", " + setup.liars() * 100 + " % of them lie" : "")));
    terminal.line("");
  }

  private void story(Outcome outcome) {
    RolloutCommand.Halt halt = outcome.halt();
    if (halt == null) {
      terminal.line(
          String.format(
              Locale.ROOT,
              "Of %,d hosts that were there and may have it, %,d have it. Nobody stopped it.",
              outcome.eligible(),
              outcome.covered()));
      if (outcome.frozenFor() > 0) {
        terminal.line(
            "For "
                + time(outcome.frozenFor())
                + " nothing was heard of the hosts, and so nothing was given to any.");
      }
      return;
    }
    terminal.line(
        String.format(
            Locale.ROOT,
            "The first hosts got it and the others waited for them to be well. %,d of those with it %s,",
            halt.evidence().treatedEvents(),
            saying(halt.evidence().symptom())));
    terminal.line(
        String.format(
            Locale.ROOT,
            "against %,d of all the others in the same time. That was enough: no host got it any more,"
                + " and those that had",
            halt.evidence().controlEvents()));
    terminal.line(
        "it went back to what they had before. Nobody had to do anything."
            + (outcome.hostsLost() > 0
                ? " " + count(outcome.hostsLost()) + " have to be repaired by hand."
                : ""));
  }

  private static String saying(Symptom symptom) {
    return switch (symptom) {
      case CRASH_LOOP -> "said that it does not stay up";
      case BOOT_FAILURE -> "did not boot";
      case DEADLINE_MISSES -> "missed their deadlines";
      case DENIAL_RATE -> "denied too much";
      case PROTECTED_REFUSAL -> "wanted to deny what the system lives on";
      case MEMORY -> "used too much memory";
      case FELL_BACK -> "went back by themselves";
      case SILENCE -> "fell silent";
    };
  }

  void print(Setup setup, Trials trials) {
    head(setup, ", " + count(trials.seeds()) + " seeds from " + trials.firstSeed());
    Table table = new Table("", "least", "median", "99 of 100", "most");
    add(table, "hosts that activated it", trials.exposed(), false);
    if (!setup.scenario().isGood()) {
      add(table, "of these, with the fault", trials.hit(), false);
      add(table, "of these, lost", trials.lost(), false);
    }
    add(table, "stopped after", trials.haltedAfter(), true);
    add(table, "99 % had it after", trials.coveredAfter(), true);
    table.print(terminal);
    terminal.line("");
    terminal.line(
        String.format(
            Locale.ROOT,
            "%,d of %,d runs were stopped. Of endlessly many it would be at most %.2f %%, with 95 %%"
                + " confidence.",
            trials.halts(),
            trials.seeds(),
            100 * trials.haltsUpTo()));
  }

  private void add(Table table, String name, Trials.Spread spread, boolean isTime) {
    if (spread.runs() > 0) {
      table.add(
          Cell.of(name),
          cell(spread.least(), isTime),
          cell(spread.median(), isTime),
          cell(spread.ninetyNinth(), isTime),
          cell(spread.most(), isTime));
    }
  }

  private static Cell cell(long value, boolean isTime) {
    return isTime ? Cell.of(time((int) value)) : number(value, null);
  }

  private static Cell number(long number, @Nullable Tone tone) {
    return tone == null ? Cell.of(count(number)) : Cell.of(count(number), tone);
  }

  private static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  private static String time(OptionalInt seconds) {
    return seconds.isPresent() ? time(seconds.getAsInt()) : "-";
  }

  /// A duration in the unit that suits it.
  static String time(int seconds) {
    if (seconds < 2 * MINUTE) {
      return seconds + " s";
    }
    return seconds < 2 * HOUR
        ? Math.round((double) seconds / MINUTE) + " min"
        : String.format(Locale.ROOT, "%.1f h", (double) seconds / HOUR);
  }
}
