package redoubt.cli;

import java.time.Clock;
import java.util.Locale;
import redoubt.agent.journal.JournalLine;
import redoubt.cli.Terminal.Tone;

/// One journal line as one line for people. Pure.
final class EventText {
  private EventText() {}

  static String of(JournalLine line, Terminal terminal, Clock clock) {
    String time = terminal.paint(Tone.QUIET, Times.local(line.timeMillis(), clock.getZone()));
    return time
        + "  "
        + switch (line.kind()) {
          case DECISION -> decision(line, terminal);
          case FINDING -> finding(line, terminal);
          case NOTICE -> notice(line, terminal);
        };
  }

  /// Says who objected and what it came to; shorter where nobody did.
  static String whoAndWhy(JournalLine line) {
    StringBuilder text = new StringBuilder(wordOf(line.basis()));
    if (!line.engine().isEmpty()) {
      text.append(": ").append(line.engine());
      if (!line.rule().isEmpty()) {
        text.append(" says ").append(line.rule());
      }
      if (!line.reason().isEmpty()) {
        text.append(" (").append(line.reason()).append(')');
      }
    }
    if (!line.exception().isEmpty()) {
      text.append(", exception ").append(line.exception());
    }
    return Printable.of(text.toString());
  }

  private static String decision(JournalLine line, Terminal terminal) {
    boolean denied = line.answer().equals("DENY");
    String answer = denied ? terminal.paint(Tone.BAD, "DENY ") : terminal.paint(Tone.GOOD, "allow");
    return answer
        + "  "
        + line.code().toLowerCase(Locale.ROOT)
        + "  "
        + Printable.of(line.path().isEmpty() ? "(path unknown)" : line.path())
        + "  by "
        + actor(line)
        + "  "
        + whoAndWhy(line);
  }

  private static String finding(JournalLine line, Terminal terminal) {
    return terminal.paint(Tone.WARNING, "found")
        + "  "
        + Printable.of(line.path().isEmpty() ? line.image() : line.path())
        + (line.pid() == 0 ? "" : " pid " + line.pid())
        + "  "
        + line.engine()
        + " "
        + Printable.of(line.rule())
        + "  "
        + Printable.of(line.message());
  }

  private static String notice(JournalLine line, Terminal terminal) {
    return terminal.paint(Tone.TITLE, "note ")
        + "  "
        + wordOf(line.code())
        + "  "
        + Printable.of(line.message());
  }

  private static String wordOf(String name) {
    return name.toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static String actor(JournalLine line) {
    String user = line.userId() < 0 ? "" : " uid " + line.userId();
    String image = line.image().isEmpty() ? "" : " " + Printable.of(line.image());
    return "pid " + line.pid() + image + user;
  }
}
