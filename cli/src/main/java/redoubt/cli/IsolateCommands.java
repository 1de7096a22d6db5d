package redoubt.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import redoubt.agent.isolation.NetworkIsolation;
import redoubt.agent.isolation.NetworkIsolation.State;
import redoubt.agent.isolation.Peer;
import redoubt.agent.netfilter.PacketFilterException;
import redoubt.agent.policy.HostCommands;
import redoubt.core.wire.ControlRequest;

/// `redoubt isolate` and what is below it. All of it works without an agent; while one runs, it
/// does it, and the journal says so.
final class IsolateCommands {
  private IsolateCommands() {}

  /// `redoubt isolate`.
  @Command(
      name = "isolate",
      synopsisSubcommandLabel = "on|off|status",
      description = {
        "Cut this host off from the network, for a while.",
        "",
        "The kernel itself ends it, whether anybody is there or not. What runs goes on, and can talk"
            + " to itself."
      })
  static final class Group extends CommandGroup {
    Group(Session session) {
      super(session, "what to do: on, off or status", "redoubt isolate --help");
    }
  }

  private static NetworkIsolation here(Session session) {
    return NetworkIsolation.with(HostCommands.asChildren(), session.directories().run());
  }

  private static Problem problem(PacketFilterException e) {
    return new Problem(
        ProcessUser.isRoot() ? ExitCode.INTERNAL : ExitCode.PERMISSION, e.getMessage(), e.fix());
  }

  /// How long, as people say it.
  static Duration length(String text) {
    Optional<Duration> parsed = Times.parseAge(text);
    Duration time = parsed.orElse(Duration.ZERO);
    if (time.compareTo(NetworkIsolation.SHORTEST) < 0
        || time.compareTo(NetworkIsolation.LONGEST) > 0) {
      throw new Problem(
          ExitCode.USAGE,
          "not a time from 5s to 7d: for=" + Printable.of(text),
          "say 30m or 4h; the default is 4h");
    }
    return time;
  }

  /// Has a running agent do it; where none runs, does it here.
  private static String carryOut(
      Session session, ControlRequest.Isolate request, WithoutAgent otherwise) {
    return session
        .agent()
        .changeOr(
            request,
            () -> {
              try {
                return otherwise.carryOut(here(session));
              } catch (PacketFilterException e) {
                throw problem(e);
              }
            });
  }

  @FunctionalInterface
  private interface WithoutAgent {
    String carryOut(NetworkIsolation isolation) throws PacketFilterException;
  }

  /// `redoubt isolate on`.
  @Command(
      name = "on",
      description = {
        "Isolate this host from now on, in place of how it was isolated before. Needs root and nft.",
        "",
        "Connections that are open end too, but for those that you name here. Its name servers and"
            + " DHCP stay reachable. Who works on it over the network names himself with --from."
      })
  static final class On extends Subcommand {

    @Option(
        names = "--for",
        paramLabel = "T",
        description = "For how long: 30m, 4h, 2d; 5s to 7d. Default: 4h.")
    private String length = "4h";

    @Option(
        names = "--to",
        paramLabel = "HOST:PORT",
        description =
            "Whom this host may still talk to: HOST:PORT or [ADDRESS]:PORT, with /udp if it is not TCP."
                + " Repeatable.")
    private List<String> outward = List.of();

    @Option(
        names = "--from",
        paramLabel = "HOST:PORT",
        description =
            "Who may still come, and to which port of this host, such as 192.0.2.7:22. Repeatable.")
    private List<String> inward = List.of();

    On(Session session) {
      super(session);
    }

    @Override
    public Integer call() {
      Duration time = length(length);
      List<Peer> peers = new ArrayList<>();
      try {
        outward.forEach(place -> peers.addAll(Peer.parse(Peer.Direction.TO, place)));
        inward.forEach(place -> peers.addAll(Peer.parse(Peer.Direction.FROM, place)));
      } catch (IllegalArgumentException e) {
        throw new Problem(
            ExitCode.USAGE, String.valueOf(e.getMessage()), "see redoubt isolate on --help");
      }
      if (peers.size() > Peer.MOST) {
        throw new Problem(
            ExitCode.USAGE,
            "too many peers: peers=" + peers.size() + " most=" + Peer.MOST,
            "name fewer");
      }
      Instant until = session().clock().instant().plus(time);
      String done =
          carryOut(
              session(),
              new ControlRequest.Isolate(
                  Math.toIntExact(time.toSeconds()), peers.stream().map(Peer::toString).toList()),
              isolation -> {
                isolation.begin(time, peers);
                return "this host is isolated until "
                    + Times.local(until, session().clock().getZone());
              });
      if (wantsJson()) {
        ObjectNode node = object().put("message", done).put("seconds", time.toSeconds());
        peers.forEach(peer -> node.withArray("peers").add(peer.toString()));
        terminal().json(node);
      } else {
        terminal().line(Printable.of(done));
        peers.forEach(peer -> terminal().line("  but " + peer));
        terminal().line("to end it before: redoubt isolate off");
      }
      return ExitCode.OK;
    }
  }

  /// `redoubt isolate off`.
  @Command(name = "off", description = "Let this host talk to everybody again. Needs root and nft.")
  static final class Off extends Subcommand {
    Off(Session session) {
      super(session);
    }

    @Override
    public Integer call() {
      String done =
          carryOut(
              session(),
              new ControlRequest.Isolate(0, List.of()),
              isolation -> isolation.end() ? "this host is free" : "this host was not isolated");
      if (wantsJson()) {
        terminal().json(object().put("message", done));
      } else {
        terminal().line(Printable.of(done));
      }
      return ExitCode.OK;
    }
  }

  /// `redoubt isolate status`.
  @Command(
      name = "status",
      description =
          "Show whether this host is isolated, and for how long still. Needs root and nft.",
      exitCodeListHeading = "%nExit status:%n",
      exitCodeList = {"0:it is isolated", "1:it is not"})
  static final class ShowStatus extends Subcommand {
    ShowStatus(Session session) {
      super(session);
    }

    @Override
    public Integer call() {
      Optional<State> state;
      try {
        state = here(session()).state();
      } catch (PacketFilterException e) {
        throw problem(e);
      }
      if (wantsJson()) {
        ObjectNode node = object().put("isolated", state.isPresent());
        state.ifPresent(found ->
            node.put("secondsLeft", found.left().toSeconds())
                .put("packetsRefused", found.refused()));
        terminal().json(node);
      } else {
        terminal()
            .line(
                state
                    .map(found ->
                        "isolated for another "
                            + Times.rough(found.left())
                            + ", "
                            + found.refused()
                            + " packets refused")
                    .orElse("not isolated"));
      }
      return state.isPresent() ? ExitCode.OK : ExitCode.NO;
    }
  }
}
