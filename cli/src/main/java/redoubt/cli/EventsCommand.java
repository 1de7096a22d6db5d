package redoubt.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import redoubt.agent.journal.JournalFollower;
import redoubt.agent.journal.JournalLine;

/// `redoubt events`.
@Command(
    name = "events",
    description = {
      "Show what the agent decided and noticed, the newest last.",
      "",
      "With --json, each line is one OCSF event as it stands in the journal. --format is for other"
          + " programs: with --follow it is a stream that the OpenTelemetry Collector, a syslog daemon"
          + " or systemd-journal-remote reads."
    })
final class EventsCommand extends Subcommand {
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);
  private static final int MOST_LINES = 100_000;

  @Option(
      names = {"-f", "--follow"},
      description = "Go on as new events come.")
  private boolean follow;

  @Option(
      names = {"-n", "--lines"},
      paramLabel = "N",
      defaultValue = "20",
      description = "How many of the last events to show. Default: ${DEFAULT-VALUE}.")
  private int count = 20;

  @Option(names = "--denied", description = "Only what was denied.")
  private boolean deniedOnly;

  @Option(
      names = "--format",
      paramLabel = "ocsf|otlp|syslog|journald",
      description =
          "Print events for another program: OCSF, OTLP in JSON, RFC 5424, or the export format of"
              + " systemd's journal.")
  private @Nullable EventFormat format;

  EventsCommand(Session session) {
    super(session);
  }

  @Override
  public Integer call() {
    requireRange("lines", count, 0, MOST_LINES);
    if (wantsJson() && format != null) {
      throw new Problem(
          ExitCode.USAGE, "--json is a format: format=" + format, "leave out one of the two");
    }
    try {
      return follow ? showAndFollow() : showLast();
    } catch (IOException e) {
      throw JournalAccess.problem(session(), e);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return ExitCode.OK;
    }
  }

  private int showLast() throws IOException {
    JournalAccess.require(session());
    int shown = printLast();
    return shown == 0 && count > 0 ? ExitCode.NO : ExitCode.OK;
  }

  /// The follower is opened first: an event may be shown twice in between, but none is missed.
  private int showAndFollow() throws IOException, InterruptedException {
    JournalAccess.require(session());
    try (JournalFollower follower = session().journal().openFollower()) {
      printLast();
      while (!terminal().isReaderGone()) {
        List<JournalLine> lines = follower.poll();
        lines.stream().filter(this::isWanted).forEach(this::print);
        if (lines.isEmpty()) {
          follower.await(BETWEEN_LOOKS);
        }
      }
    }
    return ExitCode.OK;
  }

  private int printLast() throws IOException {
    Deque<JournalLine> last = new ArrayDeque<>();
    if (count > 0) {
      session()
          .journal()
          .newestFirst(line -> {
            if (isWanted(line)) {
              last.addFirst(line);
            }
            return last.size() < count;
          });
    }
    last.forEach(this::print);
    return last.size();
  }

  private boolean isWanted(JournalLine line) {
    return !deniedOnly || line.answer().equals("DENY");
  }

  private void print(JournalLine line) {
    EventFormat wanted = wantsJson() ? EventFormat.OCSF : format;
    terminal()
        .line(wanted == null ? EventText.of(line, terminal(), session().clock()) : wanted.of(line));
  }
}
