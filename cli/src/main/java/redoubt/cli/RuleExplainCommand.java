package redoubt.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import redoubt.cli.Terminal.Tone;
import redoubt.engine.sigma.RuleFiles;
import redoubt.engine.sigma.rule.CorrelationRule;
import redoubt.engine.sigma.rule.Rule;
import redoubt.engine.sigma.rule.SigmaRule;

/// `redoubt rules explain`.
@Command(
    name = "explain",
    description = {
      "Say in words what rules look for.",
      "",
      "Without --rule, all rules of the files; with it those with that id, name or title."
    })
final class RuleExplainCommand extends Subcommand {
  @Option(
      names = "--rule",
      paramLabel = "RULE",
      description = "A rule's id, name or title. May be given more than once.")
  private List<String> wanted = List.of();

  @Mixin private RuleSource rules = new RuleSource();

  RuleExplainCommand(Session session) {
    super(session);
  }

  @Override
  public Integer call() {
    RuleFiles.Result read = rules.read();
    List<Rule> found =
        Stream.<Rule>concat(read.rules().stream(), read.correlations().stream())
            .filter(rule -> wanted.isEmpty() || isWanted(rule))
            .toList();
    if (found.isEmpty()) {
      throw new Problem(
          ExitCode.NO, "no such rule can be used", "to see why: redoubt rules check PATH");
    }
    for (Rule rule : found) {
      if (wantsJson()) {
        ObjectNode node = object();
        node.put("rule", rule.key());
        node.put("title", rule.title());
        lines(rule).forEach(node.withArray("looksFor")::add);
        terminal().json(node);
      } else {
        print(rule);
      }
    }
    return ExitCode.OK;
  }

  private boolean isWanted(Rule rule) {
    return wanted.contains(rule.id())
        || wanted.contains(rule.name())
        || wanted.contains(rule.title());
  }

  private static List<String> lines(Rule rule) {
    return switch (rule) {
      case SigmaRule single -> RuleText.lines(single.selection());
      case CorrelationRule correlation -> RuleText.lines(correlation);
    };
  }

  private void print(Rule rule) {
    terminal().line(terminal().paint(Tone.TITLE, Printable.of(rule.title())));
    line("level", RuleCommands.word(rule.level()));
    line("id", rule.id());
    line("tags", String.join(" ", rule.tags()));
    if (rule instanceof SigmaRule single) {
      line("log", single.logSource().toString());
      line("about", single.description().replace('\n', ' '));
      line("harmless", String.join("; ", single.falsePositives()));
    }
    line("file", rule.origin().toString());
    lines(rule).forEach(text -> terminal().line("  " + Printable.of(text)));
    terminal().line("");
  }

  private void line(String name, String value) {
    if (!value.isBlank()) {
      terminal().line(String.format("%-9s %s", name, Printable.of(value)));
    }
  }
}
