package redoubt.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import redoubt.cli.Terminal.Tone;
import redoubt.engine.sigma.RuleFiles;
import redoubt.engine.sigma.event.EventClass;
import redoubt.engine.sigma.replay.Finding;
import redoubt.engine.sigma.replay.Replay;
import redoubt.engine.sigma.rule.LogSource;
import redoubt.engine.sigma.rule.SigmaRule;

/// `redoubt rules test`.
@Command(
    name = "test",
    description = {
      "Hold rules against events that they must and must not match.",
      "",
      "Beside a rule NAME.yml stand NAME.match.jsonl, of which the rule must match every record, and"
          + " NAME.miss.jsonl, of which it must match none: JSON, one object on each line, or an"
          + " event log with the ending .evtx instead of .jsonl. Events that do not say of which"
          + " log they are, are taken for events of the rule's.",
      "",
      "Exit status 0 if all is as it must be, 1 if not, or if a rule has no events to match."
    })
final class RuleTestCommand extends Subcommand {
  private static final List<String> ENDINGS = List.of(".jsonl", ".evtx");

  @Mixin private RuleSource rules = new RuleSource();

  RuleTestCommand(Session session) {
    super(session);
  }

  @Override
  public Integer call() {
    RuleFiles.Result read = rules.read();
    List<String> faults = new ArrayList<>();
    read.problems().forEach(problem -> faults.add(problem.toString()));
    long records = 0;
    for (SigmaRule rule : read.rules()) {
      records += test(rule, faults);
    }
    if (wantsJson()) {
      ObjectNode node = object();
      node.put("rules", read.rules().size());
      node.put("records", records);
      faults.forEach(node.withArray("faults")::add);
      terminal().json(node);
    } else {
      for (String fault : faults) {
        terminal().line(terminal().paint(Tone.BAD, "wrong") + "  " + Printable.of(fault));
      }
      terminal()
          .line(
              String.format(
                  "%,d rules held against %,d records, %,d wrong",
                  read.rules().size(), records, faults.size()));
    }
    return faults.isEmpty() ? ExitCode.OK : ExitCode.NO;
  }

  private static long test(SigmaRule rule, List<String> faults) {
    LogSource log = rule.logSource();
    Replay replay =
        new Replay(
            new RuleFiles.Result(1, List.of(rule), List.of(), List.of()),
            SigmaRule.Level.UNKNOWN,
            new EventClass(one(log.product()), one(log.category()), one(log.service())));
    replay.problems().forEach(problem -> faults.add(problem.toString()));
    long tested = 0;
    for (Path file : existing(rule, ".match")) {
      Matched matched = run(replay, file, faults);
      for (long record = 1; record <= matched.records; record++) {
        if (!matched.numbers.contains(record)) {
          faults.add(file + ":" + record + ": not matched by " + rule.title());
        }
      }
      tested += matched.records;
    }
    if (tested == 0) {
      faults.add(rule.origin() + ": nothing to match: " + rule.title());
    }
    for (Path file : existing(rule, ".miss")) {
      Matched matched = run(replay, file, faults);
      matched.numbers.stream()
          .sorted()
          .forEach(record -> faults.add(file + ":" + record + ": matched by " + rule.title()));
      tested += matched.records;
    }
    return tested;
  }

  private static Set<String> one(String word) {
    return word.isEmpty() ? Set.of() : Set.of(word);
  }

  private static List<Path> existing(SigmaRule rule, String kind) {
    String base = rule.origin().file().replaceFirst("\\.ya?ml$", "");
    return ENDINGS.stream()
        .map(ending -> Path.of(base + kind + ending))
        .filter(Files::isRegularFile)
        .toList();
  }

  /// Which records of a file a rule matched.
  private static final class Matched implements Replay.Listener {
    private final Set<Long> numbers = new HashSet<>();
    private final List<String> faults;
    private long records;

    Matched(List<String> faults) {
      this.faults = faults;
    }

    @Override
    public void found(Finding finding) {
      numbers.add(finding.record());
    }

    @Override
    public void unreadable(Path file, long record, String problem) {
      faults.add(file + ":" + record + ": " + problem);
    }

    @Override
    public void progress(Path file, long doneBytes, long allBytes) {}
  }

  private static Matched run(Replay replay, Path file, List<String> faults) {
    Matched matched = new Matched(faults);
    try {
      matched.records = replay.run(file, matched).records();
    } catch (IOException e) {
      throw new Problem(
          ExitCode.INTERNAL,
          "events cannot be read: file=" + file + " error=" + e.getMessage(),
          "check who may read them");
    }
    return matched;
  }
}
