package redoubt.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import redoubt.cli.Terminal.Tone;
import redoubt.core.wire.ControlReply;

/// `redoubt doctor`.
@Command(
    name = "doctor",
    description = {
      "Look for what keeps this host from being protected: the kernel, other products, gaps.",
      "",
      "Works without an agent, and without root as far as the kernel lets it. The exit status is 1"
          + " if something fails; warnings do not change it."
    })
final class DoctorCommand extends Subcommand {
  DoctorCommand(Session session) {
    super(session);
  }

  @Override
  public Integer call() {
    List<Check> checks = new ArrayList<>();
    Optional<ControlReply.Status> status = askAgent(checks);
    checks.addAll(KernelChecks.run(status.map(ControlReply.Status::pid).orElse(0)));
    checks.addAll(HostChecks.run(session(), status));
    if (wantsJson()) {
      printJson(checks);
    } else {
      print(checks);
    }
    return checks.stream().anyMatch(check -> check.level() == Check.Level.FAIL)
        ? ExitCode.NO
        : ExitCode.OK;
  }

  private Optional<ControlReply.Status> askAgent(List<Check> checks) {
    try {
      ControlReply.Status status = session().agent().status();
      String finding = status.state() + ", pid " + status.pid();
      checks.add(
          status.state().equals("degraded")
              ? Check.fail("agent", finding, status.stateReason())
              : Check.ok("agent", finding));
      return Optional.of(status);
    } catch (Problem e) {
      checks.add(Check.warn("agent", e.getMessage(), e.fix()));
      return Optional.empty();
    }
  }

  private void print(List<Check> checks) {
    int width = checks.stream().mapToInt(check -> check.subject().length()).max().orElse(0);
    for (Check check : checks) {
      String level = String.format("%-4s", check.level());
      String subject = check.subject() + " ".repeat(width - check.subject().length());
      terminal()
          .line(
              terminal().paint(toneOf(check.level()), level)
                  + "  "
                  + subject
                  + "  "
                  + Printable.of(check.finding()));
      if (!check.meaning().isEmpty()) {
        terminal().line(" ".repeat(width + 8) + Printable.of(check.meaning()));
      }
    }
    terminal().line("");
    terminal().line(summary(checks));
  }

  private static String summary(List<Check> checks) {
    long failed = count(checks, Check.Level.FAIL);
    long warned = count(checks, Check.Level.WARN);
    return failed + " failed, " + warned + " warnings, " + count(checks, Check.Level.OK) + " ok";
  }

  private static long count(List<Check> checks, Check.Level level) {
    return checks.stream().filter(check -> check.level() == level).count();
  }

  private static Tone toneOf(Check.Level level) {
    return switch (level) {
      case OK -> Tone.GOOD;
      case WARN -> Tone.WARNING;
      case FAIL -> Tone.BAD;
    };
  }

  private void printJson(List<Check> checks) {
    ObjectNode node = object();
    node.put("failed", count(checks, Check.Level.FAIL));
    node.put("warnings", count(checks, Check.Level.WARN));
    ArrayNode array = node.putArray("checks");
    for (Check check : checks) {
      array
          .addObject()
          .put("level", check.level().toString())
          .put("subject", check.subject())
          .put("finding", check.finding())
          .put("meaning", check.meaning());
    }
    terminal().json(node);
  }
}
