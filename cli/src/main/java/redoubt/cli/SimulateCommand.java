package redoubt.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import redoubt.cli.Terminal.Tone;
import redoubt.fleet.picture.HostsPicture;
import redoubt.fleet.rollout.Channel;
import redoubt.fleet.simulation.FleetSimulation;
import redoubt.fleet.simulation.Outcome;
import redoubt.fleet.simulation.Scenario;
import redoubt.fleet.simulation.Setup;
import redoubt.fleet.simulation.Trials;

/// `redoubt simulate`.
@Command(
    name = "simulate",
    description = {
      "Try a rollout on simulated hosts: how many a bad update reaches, and how soon it is stopped.",
      "",
      "The hosts are simulated: they sleep, fall silent, crash for reasons of their own, and lie"
          + " if asked to. The rollout control is the real one. One seed gives the same run again."
          + " Needs neither root nor a running agent. 8.5 million hosts take some seconds to a"
          + " minute, and about half a gigabyte of memory.",
      "",
      "Exit status 0 if no host was lost and a good update got through, 1 otherwise."
    })
final class SimulateCommand extends Subcommand {
  private static final int MOST_SEEDS = 1_000_000;
  private static final double PERCENT = 100;

  @Option(names = "--list", description = "List the scenarios.")
  private boolean list;

  @Option(
      names = "--scenario",
      paramLabel = "NAME",
      description = "What happens: one of --list. Default: ${DEFAULT-VALUE}.",
      defaultValue = "2024-07-19")
  private String scenario = "";

  @Option(
      names = "--hosts",
      paramLabel = "N",
      description = "How many hosts, 1 to 50000000. Default: ${DEFAULT-VALUE}.",
      defaultValue = "8500000")
  private int hosts;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "What all chance comes from. Default: ${DEFAULT-VALUE}.",
      defaultValue = "1")
  private long seed;

  @Option(
      names = "--seeds",
      paramLabel = "N",
      description =
          "Run so many seeds, from --seed on, and tell how the results are spread. Hosts that do the"
              + " same at the same time are counted together, which takes a fraction of a second a"
              + " seed.")
  private @Nullable Integer seeds;

  @Option(
      names = "--channel",
      paramLabel = "NAME",
      description =
          "How fast: ${COMPLETION-CANDIDATES}. All hosts within 45 minutes, 2.5 hours or 10 hours."
              + " Default: ${DEFAULT-VALUE}.",
      defaultValue = "STANDARD")
  private Channel channel = Channel.STANDARD;

  @Option(
      names = "--liars",
      paramLabel = "PERCENT",
      description =
          "How many of a hundred hosts say the opposite of the truth about the update."
              + " Default: ${DEFAULT-VALUE}.",
      defaultValue = "0")
  private double liars;

  @Option(
      names = "--as-it-happened",
      description = "Also run it without rollout control: pushed to all hosts, into the kernel.")
  private boolean asItHappened;

  @Option(
      names = "--picture",
      paramLabel = "FILE",
      description = "Draw the hosts over time, as .svg or .png.")
  private @Nullable Path picture;

  private final ProgressLine progress;

  SimulateCommand(Session session) {
    super(session);
    progress = new ProgressLine(terminal(), () -> !wantsJson());
  }

  @Override
  public Integer call() {
    if (list) {
      SimulationText.list(terminal(), wantsJson());
      return ExitCode.OK;
    }
    Setup setup = setup();
    requirePictureName();
    if (seeds != null) {
      return runSeeds(setup, seeds);
    }
    Outcome outcome = run(setup, "");
    Outcome without = asItHappened ? run(setup.pushed(), "without rollout control, ") : null;
    if (picture != null) {
      draw(picture, SimulationPicture.of(setup, outcome, without));
    }
    if (wantsJson()) {
      terminal().json(SimulationJson.of(setup, outcome, without));
    } else {
      new SimulationText(terminal()).print(setup, outcome, without);
      if (picture != null) {
        terminal().line("");
        terminal().line("Picture: " + Printable.of(picture.toString()));
      }
    }
    return isGood(setup, outcome) ? ExitCode.OK : ExitCode.NO;
  }

  private Setup setup() {
    requireRange("--hosts", hosts, 1, Setup.MOST_HOSTS);
    if (!(liars >= 0 && liars <= PERCENT)) {
      throw new Problem(ExitCode.USAGE, "number out of range: --liars=" + liars, "say 0 to 100");
    }
    Scenario known =
        Scenario.find(scenario)
            .orElseThrow(() ->
                new Problem(
                    ExitCode.USAGE,
                    "no such scenario: name=" + scenario,
                    "see redoubt simulate --list"));
    return new Setup(known, hosts, seed, channel, liars / PERCENT, false);
  }

  private int runSeeds(Setup setup, int number) {
    requireRange("--seeds", number, 1, MOST_SEEDS);
    if (picture != null || asItHappened || setup.scenario().telemetryDownFrom() >= 0) {
      throw new Problem(
          ExitCode.USAGE,
          "many seeds are run as counts: --seeds=" + number,
          "leave out --picture, --as-it-happened and scenarios without telemetry");
    }
    Trials trials =
        Trials.run(setup, number, done -> showProgress(done + " of " + number + " seeds"));
    progress.clear();
    if (wantsJson()) {
      terminal().json(SimulationJson.of(setup, trials));
    } else {
      new SimulationText(terminal()).print(setup, trials);
    }
    return trials.lost().most() == 0 ? ExitCode.OK : ExitCode.NO;
  }

  private Outcome run(Setup setup, String what) {
    progress.show(quiet(what + "making the hosts"));
    Outcome outcome =
        new FleetSimulation(setup)
            .run((second, exposed) ->
                showProgress(
                    String.format(
                        Locale.ROOT,
                        "%s%d:%02d h, %,d hosts have it",
                        what,
                        second / 3600,
                        second / 60 % 60,
                        exposed)));
    progress.clear();
    return outcome;
  }

  private void showProgress(String line) {
    if (progress.isDue()) {
      progress.show(quiet(line));
    }
  }

  private String quiet(String line) {
    return terminal().paint(Tone.QUIET, line);
  }

  private static boolean isGood(Setup setup, Outcome outcome) {
    boolean stoppedForNothing = setup.scenario().isGood() && outcome.halt() != null;
    return outcome.hostsLost() == 0 && !stoppedForNothing;
  }

  // Pictures.

  private void requirePictureName() {
    if (picture == null || isPng(picture) || picture.toString().endsWith(".svg")) {
      return;
    }
    throw new Problem(
        ExitCode.USAGE, "no such kind of picture: file=" + picture, "name it .svg or .png");
  }

  private static boolean isPng(Path file) {
    return file.toString().endsWith(".png");
  }

  private static void draw(Path file, HostsPicture hostsPicture) {
    if (isPng(file) && ModuleLayer.boot().findModule("java.desktop").isEmpty()) {
      throw new Problem(
          ExitCode.USAGE, "this Java cannot draw PNG: module=java.desktop", "name it .svg");
    }
    try {
      Files.write(
          file,
          isPng(file) ? hostsPicture.png() : hostsPicture.svg().getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new Problem(
          ExitCode.INTERNAL, "cannot write the picture: file=" + file + " error=" + e, "");
    }
  }
}
