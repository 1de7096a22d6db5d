package redoubt.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import redoubt.cli.Terminal.Tone;
import redoubt.engine.sigma.Detection;
import redoubt.engine.sigma.RuleFiles;
import redoubt.engine.sigma.event.EventClass;
import redoubt.engine.sigma.replay.Finding;
import redoubt.engine.sigma.replay.Replay;
import redoubt.engine.sigma.rule.Rule;
import redoubt.engine.sigma.rule.SigmaRule;

/// `redoubt replay`.
@Command(
    name = "replay",
    description = {
      "Run recordings through detection rules, and print what these find.",
      "",
      "Needs neither root nor a running agent. A recording is a Windows event log (EVTX), Windows"
          + " events as XML, a log of the Linux audit daemon, Redoubt's own journal, or a file of"
          + " JSON objects, one on each line or one after the other; packed with gzip or not. What"
          + " kind of event something is, all but the last say themselves, and so do Windows events"
          + " in JSON; of others say it with --product, --category and --service.",
      "",
      "Exit status 0 if all records were looked at, 1 if some could not be."
    })
final class ReplayCommand extends Subcommand {
  private static final int VALUE_LENGTH = 100;

  @Option(
      names = "--rules",
      paramLabel = "PATH",
      description =
          "A file with Sigma rules, or a folder of them. May be given more than once. Without it,"
              + " the starter rules of this installation.")
  private List<Path> rules = List.of();

  @Mixin private RuleAdaptation adaptation = new RuleAdaptation();

  @Option(
      names = "--level",
      paramLabel = "LEVEL",
      description = "Only findings of this level or above: ${COMPLETION-CANDIDATES}.")
  private SigmaRule.Level level = SigmaRule.Level.UNKNOWN;

  @Option(
      names = "--product",
      paramLabel = "WORD",
      description = "Whose events they are if they do not say it, such as linux.")
  private Set<String> products = new LinkedHashSet<>();

  @Option(
      names = "--category",
      paramLabel = "WORD",
      description = "What kind of events they are, such as process_creation.")
  private Set<String> categories = new LinkedHashSet<>();

  @Option(
      names = "--service",
      paramLabel = "WORD",
      description = "Of which log they are, such as sshd.")
  private Set<String> services = new LinkedHashSet<>();

  @Parameters(arity = "1..*", paramLabel = "FILE", description = "Recordings.")
  private List<Path> files = List.of();

  ReplayCommand(Session session) {
    super(session);
  }

  @Override
  public Integer call() {
    RuleFiles.Result read = adaptation.read(rules.isEmpty() ? List.of(starterRules()) : rules);
    Replay replay =
        new Replay(
            read, level, new EventClass(small(products), small(categories), small(services)));
    int refused = read.problems().size() + replay.problems().size();
    if (replay.rules().size() == 0) {
      throw new Problem(
          ExitCode.USAGE, "no rule can be used", "to see why: redoubt rules check PATH");
    }
    if (refused > 0) {
      note(refused + " rules are refused; to see why: redoubt rules check PATH");
    }
    Printer printer = new Printer();
    long begin = System.nanoTime();
    Replay.Summary summary = Replay.Summary.NONE;
    for (Path file : files) {
      summary = summary.plus(run(replay, file, printer));
    }
    double seconds = Math.max(1, System.nanoTime() - begin) / 1e9;
    if (!wantsJson()) {
      printer.clearProgress();
      terminal()
          .line(
              String.format(
                  "%,d records: %,d findings of %,d rules, %,d unreadable; %,d rules in use,"
                      + " %,.1f s, %,.0f records/s",
                  summary.records(),
                  summary.findings(),
                  printer.byRule.size(),
                  summary.unreadable(),
                  replay.rules().size(),
                  seconds,
                  summary.records() / seconds));
    }
    if (summary.cutShort() > 0) {
      note(summary.cutShort() + " records were too large to be looked at as a whole");
    }
    if (summary.forgotten() > 0) {
      note(summary.forgotten() + " combinations were forgotten by correlations, for want of room");
    }
    boolean whole = summary.unreadable() + summary.cutShort() + summary.forgotten() == 0;
    return whole ? ExitCode.OK : ExitCode.NO;
  }

  private Path starterRules() {
    return session().directories().home().resolve("content").resolve("rules");
  }

  /// Rules write these words in small letters.
  private static Set<String> small(Set<String> words) {
    return words.stream().map(word -> word.toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
  }

  private void note(String text) {
    terminal().err().println(terminal().paint(Tone.WARNING, "note:") + " " + text);
  }

  private static Replay.Summary run(Replay replay, Path file, Printer printer) {
    try {
      return replay.run(file, printer);
    } catch (NoSuchFileException e) {
      throw new Problem(ExitCode.USAGE, "no such file: path=" + e.getFile(), "name a recording");
    } catch (IOException e) {
      throw new Problem(
          ExitCode.INTERNAL,
          "the recording cannot be read: file=" + file + " error=" + e.getMessage(),
          "name a file of JSON objects");
    }
  }

  /// Prints as it comes.
  private final class Printer implements Replay.Listener {
    private final Map<String, Long> byRule = new HashMap<>();
    private final ProgressLine line = new ProgressLine(terminal(), () -> !wantsJson());

    @Override
    public void found(Finding finding) {
      byRule.merge(finding.rule().key(), 1L, Long::sum);
      if (wantsJson()) {
        terminal().json(json(finding));
        return;
      }
      clearProgress();
      Rule rule = finding.rule();
      terminal()
          .line(
              terminal()
                      .paint(RuleCommands.tone(rule.level()), pad(RuleCommands.word(rule.level())))
                  + Printable.of(rule.title())
                  + terminal()
                      .paint(
                          Tone.QUIET,
                          Printable.of("  " + finding.file() + ":" + finding.record())));
      for (Detection.Reason reason : finding.reasons()) {
        String field = reason.field().isEmpty() ? "anywhere" : reason.field();
        terminal().line(" ".repeat(15) + Printable.of(field + ": " + shortened(reason.value())));
      }
    }

    private static String pad(String word) {
      return String.format("%-15s", word);
    }

    private static String shortened(String value) {
      return value.length() <= VALUE_LENGTH ? value : value.substring(0, VALUE_LENGTH) + "…";
    }

    private static ObjectNode json(Finding finding) {
      Rule rule = finding.rule();
      ObjectNode node = object();
      node.put("rule", rule.key());
      node.put("title", rule.title());
      node.put("level", RuleCommands.word(rule.level()));
      ArrayNode tags = node.putArray("tags");
      rule.tags().forEach(tags::add);
      node.put("file", finding.file().toString());
      node.put("record", finding.record());
      ArrayNode reasons = node.putArray("because");
      for (Detection.Reason reason : finding.reasons()) {
        reasons.addObject().put("field", reason.field()).put("value", reason.value());
      }
      return node;
    }

    @Override
    public void unreadable(Path file, long record, String problem) {
      clearProgress();
      note("unreadable record: " + Printable.of(file + ":" + record + ": " + problem));
    }

    @Override
    public void progress(Path file, long doneBytes, long allBytes) {
      long percent = allBytes == 0 ? 100 : 100 * doneBytes / allBytes;
      line.show(percent + " %  " + Printable.of(file.toString()));
    }

    void clearProgress() {
      line.clear();
    }
  }
}
