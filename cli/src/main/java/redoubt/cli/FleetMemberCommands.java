package redoubt.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import redoubt.core.wire.ControlRequest;
import redoubt.core.wire.EnrolmentToken;

/// `redoubt fleet join` and `redoubt fleet leave`: this host as one of a fleet.
final class FleetMemberCommands {
  private FleetMemberCommands() {}

  private static int said(Subcommand by, String done) {
    if (by.wantsJson()) {
      by.terminal().json(Subcommand.object().put("message", done));
    } else {
      by.terminal().line(Printable.of(done));
    }
    return ExitCode.OK;
  }

  /// `redoubt fleet join`.
  @Command(
      name = "join",
      description = {
        "Make this host one of a fleet. Needs root, a running agent, and a token.",
        "",
        "The token, which somebody at the server makes with redoubt fleet token, says whom this host"
            + " is to believe. From then on the agent tells the server how it is, and what it"
            + " decides and notices; it protects this host whether the server is there or not.",
        "",
        "Engines and content come from then on as the fleet rolls them out, and in no other way;"
            + " with --updates local its owner goes on to decide about them here."
      })
  static final class Join extends Subcommand {
    private static final String FLEET = "fleet";
    private static final String LOCAL = "local";
    private static final Pattern SERVER = Pattern.compile("([A-Za-z0-9.-]+)(?::([0-9]{1,5}))?");

    @Option(
        names = "--server",
        required = true,
        paramLabel = "NAME[:PORT]",
        description = "Where the server takes hosts in. Default port: 7443.")
    private String server = "";

    @Option(
        names = "--updates",
        paramLabel = "WHO",
        defaultValue = "fleet",
        description =
            "Who decides what this host activates: fleet, or local. Default: ${DEFAULT-VALUE}.")
    private String updates = FLEET;

    @Mixin private TokenSource token = new TokenSource();

    Join(Session session) {
      super(session);
    }

    @Override
    public Integer call() {
      Matcher parts = SERVER.matcher(server);
      if (!parts.matches()) {
        throw new Problem(
            ExitCode.USAGE,
            "no server: server=" + Printable.of(server),
            "say fleet.example.org or fleet.example.org:7443");
      }
      if (!updates.equals(FLEET) && !updates.equals(LOCAL)) {
        throw new Problem(
            ExitCode.USAGE,
            "nobody who could decide: updates=" + Printable.of(updates),
            "say --updates fleet or --updates local");
      }
      int port =
          parts.group(2) == null ? FleetServeCommand.HOST_PORT : Integer.parseInt(parts.group(2));
      EnrolmentToken given = token.ask();
      String done =
          session()
              .agent()
              .joining()
              .change(
                  new ControlRequest.JoinFleet(
                      parts.group(1), port, given.text(), updates.equals(LOCAL)));
      return said(this, done);
    }
  }

  /// `redoubt fleet leave`.
  @Command(
      name = "leave",
      description = {
        "Make this host one of no fleet: it tells the server nothing from now on. Needs root.",
        "",
        "Whoever runs the server casts the host out there: redoubt fleet revoke."
      })
  static final class Leave extends Subcommand {
    Leave(Session session) {
      super(session);
    }

    @Override
    public Integer call() {
      return said(this, session().agent().joining().change(new ControlRequest.LeaveFleet()));
    }
  }
}
