package redoubt.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import redoubt.fleet.picture.HostsPicture;
import redoubt.fleet.picture.HostsPicture.Line;
import redoubt.fleet.picture.HostsPicture.Mark;
import redoubt.fleet.picture.HostsPicture.Role;
import redoubt.fleet.simulation.Outcome;
import redoubt.fleet.simulation.Setup;

/// What a simulated rollout came to, as a picture.
final class SimulationPicture {
  private SimulationPicture() {}

  static HostsPicture of(Setup setup, Outcome outcome, @Nullable Outcome without) {
    List<Line> lines = new ArrayList<>();
    List<Mark> marks = new ArrayList<>();
    boolean good = setup.scenario().isGood();
    if (without == null) {
      lines.add(line("there, and may have it", Role.BACKGROUND, outcome, Outcome.Point::eligible));
    } else {
      lines.add(line("lost without rollout control", Role.HARM, without, Outcome.Point::lost));
    }
    lines.add(
        line(
            good ? "got it, with Redoubt" : "ever had it, with Redoubt",
            Role.REDOUBT,
            outcome,
            Outcome.Point::exposed));
    outcome
        .haltedAfter()
        .ifPresent(second ->
            marks.add(new Mark(second, "halted by itself after " + SimulationText.time(second))));
    outcome
        .coveredAfter()
        .ifPresent(
            second -> marks.add(new Mark(second, "99 % after " + SimulationText.time(second))));
    if (without != null) {
      int reverted = setup.scenario().pushedSeconds();
      marks.add(new Mark(reverted, "withdrawn by hand after " + SimulationText.time(reverted)));
    }
    return new HostsPicture(title(setup, outcome), subtitle(setup), stretched(lines), marks);
  }

  private static String title(Setup setup, Outcome outcome) {
    String name = setup.scenario().name();
    return setup.scenario().isGood()
        ? "A good update on " + count(setup.hosts()) + " hosts"
        : String.format(
            Locale.ROOT,
            "%s on %,d hosts: %,d ever had it",
            name,
            setup.hosts(),
            outcome.hostsExposed());
  }

  private static String subtitle(Setup setup) {
    return String.format(
        Locale.ROOT,
        "%s  Simulated, %s channel, seed %d.",
        setup.scenario().summary(),
        setup.channel().name().toLowerCase(Locale.ROOT),
        setup.seed());
  }

  private static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  private static Line line(
      String name, Role role, Outcome outcome, ToLongFunction<Outcome.Point> what) {
    return new Line(
        name,
        role,
        outcome.curve().stream()
            .map(point -> new HostsPicture.Point(point.second(), what.applyAsLong(point)))
            .toList());
  }

  /// Lines of runs that ended sooner go on as they were.
  private static List<Line> stretched(List<Line> lines) {
    int end = lines.stream().mapToInt(line -> line.points().getLast().second()).max().orElse(0);
    return lines.stream()
        .map(line -> {
          List<HostsPicture.Point> points = new ArrayList<>(line.points());
          points.add(new HostsPicture.Point(end, points.getLast().hosts()));
          return new Line(line.name(), line.role(), points);
        })
        .toList();
  }
}
