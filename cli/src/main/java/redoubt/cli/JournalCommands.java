package redoubt.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import redoubt.agent.journal.JournalChain;
import redoubt.cli.Terminal.Tone;

/// `redoubt journal` and what is below it.
final class JournalCommands {
  private JournalCommands() {}

  /// `redoubt journal`.
  @Command(
      name = "journal",
      synopsisSubcommandLabel = "verify|anchor",
      description = {
        "Check that the record of what happened on this host is whole.",
        "",
        "Each line of the journal has the SHA-256 of the line before it. The digest of the newest"
            + " line, the anchor, also goes to the kernel's log, every five minutes and when the"
            + " agent starts and stops: what forwards that log takes it off the host."
      })
  static final class Group extends CommandGroup {
    Group(Session session) {
      super(
          session,
          "what to do with the journal: verify or anchor",
          "redoubt journal --help; to read it: redoubt events");
    }
  }

  /// `redoubt journal anchor`.
  @Command(
      name = "anchor",
      description = {
        "Print the SHA-256 of the newest line.",
        "",
        "Noted on another host, it shows later whether what was written up to now is still there:"
            + " redoubt journal verify --anchor SHA256."
      })
  static final class Anchor extends Subcommand {
    Anchor(Session session) {
      super(session);
    }

    @Override
    public Integer call() {
      JournalAccess.require(session());
      try {
        String head = session().journalChain().head();
        if (wantsJson()) {
          ObjectNode node = object();
          node.put("anchor", head);
          terminal().json(node);
        } else if (!head.isEmpty()) {
          terminal().line(head);
        }
        return head.isEmpty() ? ExitCode.NO : ExitCode.OK;
      } catch (IOException e) {
        throw JournalAccess.problem(session(), e);
      }
    }
  }

  /// `redoubt journal verify`.
  @Command(
      name = "verify",
      description = {
        "Check that no line of the journal was changed, removed or inserted.",
        "",
        "Whoever can write the journal's files can write a journal that is whole and not true. That"
            + " nobody did shows only an anchor from before, kept where they cannot reach it."
      })
  static final class Verify extends Subcommand {
    @Option(
        names = "--anchor",
        paramLabel = "SHA256",
        description = "The digest of a line, noted before, which must still be there.")
    private String anchor = "";

    Verify(Session session) {
      super(session);
    }

    @Override
    public Integer call() {
      if (!anchor.isEmpty() && !anchor.matches("[0-9a-fA-F]{64}")) {
        throw new Problem(
            ExitCode.USAGE, "not a SHA-256: anchor=" + anchor, "redoubt journal anchor prints one");
      }
      JournalAccess.require(session());
      try {
        JournalChain.Report report =
            session().journalChain().check(anchor.toLowerCase(Locale.ROOT));
        boolean sound = report.breakCount() == 0 && (anchor.isEmpty() || report.afterAnchor() >= 0);
        if (wantsJson()) {
          terminal().json(json(report, sound));
        } else {
          print(report);
        }
        return sound ? ExitCode.OK : ExitCode.NO;
      } catch (IOException e) {
        throw JournalAccess.problem(session(), e);
      }
    }

    private ObjectNode json(JournalChain.Report report, boolean sound) {
      ObjectNode node = object();
      node.put("sound", sound);
      node.put("files", report.files());
      node.put("lines", report.lines());
      node.put("fromTheBeginning", report.whole());
      node.put("anchor", report.head());
      node.put("breakCount", report.breakCount());
      ArrayNode breaks = node.putArray("breaks");
      for (JournalChain.Break found : report.breaks()) {
        breaks
            .addObject()
            .put("file", found.file().toString())
            .put("line", found.line())
            .put("what", found.what());
      }
      if (!anchor.isEmpty()) {
        node.put("anchorFound", report.afterAnchor() >= 0);
        node.put("linesAfterAnchor", Math.max(0, report.afterAnchor()));
      }
      return node;
    }

    private void print(JournalChain.Report report) {
      for (JournalChain.Break found : report.breaks()) {
        terminal()
            .line(
                terminal().paint(Tone.BAD, "broken")
                    + "  "
                    + Printable.of(found.file() + ", line " + found.line() + ": " + found.what()));
      }
      if (report.breakCount() > report.breaks().size()) {
        terminal().line("... " + report.breakCount() + " breaks in all");
      }
      terminal()
          .line(
              report.lines()
                  + (report.lines() == 1 ? " line in " : " lines in ")
                  + report.files()
                  + (report.files() == 1 ? " file, " : " files, ")
                  + (report.whole() ? "from the first" : "the oldest deleted for want of room")
                  + (report.breakCount() == 0
                      ? ": " + terminal().paint(Tone.GOOD, "each follows from the one before")
                      : ""));
      if (!anchor.isEmpty()) {
        terminal()
            .line(
                report.afterAnchor() >= 0
                    ? "anchor    "
                        + terminal().paint(Tone.GOOD, "found")
                        + ", "
                        + report.afterAnchor()
                        + " lines after it"
                    : "anchor    "
                        + terminal().paint(Tone.BAD, "not found")
                        + ": its line was changed, or deleted for want of room");
      }
    }
  }
}
