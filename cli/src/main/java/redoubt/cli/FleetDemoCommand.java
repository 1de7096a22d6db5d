package redoubt.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import redoubt.cli.Terminal.Tone;
import redoubt.testing.drills.DemoFleet;

/// `redoubt fleet demo`.
@Command(
    name = "demo",
    description = {
      "Run a whole fleet inside this machine, and show what it does with two updates.",
      "",
      "A real server, and real agents with real engines, each in a network namespace of its own and"
          + " with a file system in memory that is made for it; nothing of it has to do with the"
          + " agent of this host. A good update goes from host to host; then a bad one reaches the"
          + " first, is taken back there, and goes no further. It takes some three minutes. Needs"
          + " root, and socat.",
      "",
      "With --stay it goes on until Ctrl-C, to look around: in a browser at the address that it"
          + " shows, and with the other commands of redoubt fleet.",
      "",
      "Exit status 0 if both ended as they should, 1 otherwise."
    })
final class FleetDemoCommand extends Subcommand {
  private static final int MOST_HOSTS = 20;

  @Option(
      names = "--hosts",
      paramLabel = "N",
      defaultValue = "3",
      description = "How many hosts, 2 to 20. Each takes some 300 MB. Default: ${DEFAULT-VALUE}.")
  private int hosts = 3;

  @Option(names = "--stay", description = "Go on until Ctrl-C when both have ended.")
  private boolean stay;

  FleetDemoCommand(Session session) {
    super(session);
  }

  @Override
  public Integer call() {
    requireRange("hosts", hosts, 2, MOST_HOSTS);
    if (!ProcessUser.isRoot()) {
      throw new Problem(ExitCode.PERMISSION, "a demo needs root, for its agents", "try sudo");
    }
    Path frontDoor = session().directories().home().resolve("redoubt");
    try (DemoFleet fleet = DemoFleet.start(frontDoor, hosts, this::tell)) {
      DemoFleet.Outcome good = fleet.rollOutGood();
      DemoFleet.Outcome bad = fleet.rollOutBad();
      boolean isAsItShould =
          good.well() == hosts && bad.hosts() == 1 && bad.state().equals("rolling-back");
      print(good, bad, isAsItShould);
      if (stay) {
        tell("it stays until Ctrl-C: " + fleet.console());
        new CountDownLatch(1).await();
      }
      return isAsItShould ? ExitCode.OK : ExitCode.NO;
    } catch (IOException e) {
      throw new Problem(
          ExitCode.INTERNAL,
          "the demo cannot go on: " + e.getMessage(),
          "see whether ip, nsenter and socat are there, and 300 MB of memory for each host");
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return ExitCode.NO;
    }
  }

  private void tell(String line) {
    if (!wantsJson()) {
      terminal().line(Printable.of(line));
    }
  }

  private void print(DemoFleet.Outcome good, DemoFleet.Outcome bad, boolean isAsItShould) {
    if (wantsJson()) {
      ObjectNode node = object();
      node.set("good", json(good));
      node.set("bad", json(bad));
      terminal().json(node);
      return;
    }
    terminal()
        .line(
            "the good update: on %d of %d hosts, all of them well, after %d s"
                .formatted(good.well(), hosts, good.seconds()));
    terminal()
        .line(
            "the bad update: on %d of %d hosts, taken back there, %s after %d s"
                .formatted(bad.hosts(), hosts, bad.state(), bad.seconds()));
    terminal()
        .line(
            isAsItShould
                ? terminal().paint(Tone.GOOD, "as it should be")
                : terminal().paint(Tone.BAD, "not as it should be"));
  }

  private static ObjectNode json(DemoFleet.Outcome outcome) {
    return object()
        .put("hosts", outcome.hosts())
        .put("well", outcome.well())
        .put("state", outcome.state())
        .put("seconds", outcome.seconds());
  }
}
