package redoubt.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import redoubt.cli.Terminal.Tone;
import redoubt.engine.sigma.RuleFiles;
import redoubt.engine.sigma.correlation.Correlations;
import redoubt.engine.sigma.event.FieldTable;
import redoubt.engine.sigma.match.RuleSet;
import redoubt.engine.sigma.rule.CorrelationRule;
import redoubt.engine.sigma.rule.Rule;
import redoubt.engine.sigma.rule.RuleProblem;
import redoubt.engine.sigma.rule.SigmaRule;

/// `redoubt rules` and what is below it.
final class RuleCommands {
  private RuleCommands() {}

  /// `redoubt rules`.
  @Command(
      name = "rules",
      synopsisSubcommandLabel = "check|list|explain|test",
      description = {
        "Look at detection rules in the Sigma format.",
        "",
        "Needs neither root nor a running agent."
      })
  static final class Group extends CommandGroup {
    Group(Session session) {
      super(
          session,
          "what to do with the rules: check, list, explain or test",
          "redoubt rules --help");
    }
  }

  static Tone tone(SigmaRule.Level level) {
    return switch (level) {
      case CRITICAL, HIGH -> Tone.BAD;
      case MEDIUM -> Tone.WARNING;
      case LOW, INFORMATIONAL, UNKNOWN -> Tone.QUIET;
    };
  }

  static String word(Enum<?> word) {
    return word.name().toLowerCase(Locale.ROOT);
  }

  /// `redoubt rules check`.
  @Command(
      name = "check",
      description = {
        "Read and compile rules, and say of each that cannot be used where it is wrong and why.",
        "",
        "Exit status 0 if all can be used, 1 if not."
      })
  static final class Check extends Subcommand {
    @Mixin private RuleSource rules = new RuleSource();

    Check(Session session) {
      super(session);
    }

    @Override
    public Integer call() {
      RuleFiles.Result read = rules.read();
      FieldTable fields = new FieldTable();
      RuleSet.Result compiled = RuleSet.compile(read.rules(), fields);
      Correlations.Result tied =
          Correlations.compile(read.correlations(), compiled.accepted(), fields);
      List<RuleProblem> problems = new ArrayList<>(read.problems());
      problems.addAll(compiled.problems());
      problems.addAll(tied.problems());
      int usable = compiled.rules().size() + read.correlations().size() - tied.problems().size();
      problems.sort(
          Comparator.comparing((RuleProblem problem) -> problem.origin().file())
              .thenComparingInt(problem -> problem.origin().line()));
      if (wantsJson()) {
        terminal().json(json(read, usable, problems));
      } else {
        print(read, usable, problems);
      }
      return problems.isEmpty() ? ExitCode.OK : ExitCode.NO;
    }

    private static ObjectNode json(RuleFiles.Result read, int usable, List<RuleProblem> problems) {
      ObjectNode node = object();
      node.put("files", read.files());
      node.put("rules", usable);
      for (RuleProblem problem : problems) {
        node.withArray("refused")
            .addObject()
            .put("file", problem.origin().file())
            .put("line", problem.origin().line())
            .put("kind", problem.kind().name())
            .put("reason", problem.reason());
      }
      return node;
    }

    private void print(RuleFiles.Result read, int usable, List<RuleProblem> problems) {
      Map<RuleProblem.Kind, Integer> kinds = new EnumMap<>(RuleProblem.Kind.class);
      for (RuleProblem problem : problems) {
        kinds.merge(problem.kind(), 1, Integer::sum);
        terminal()
            .line(terminal().paint(Tone.BAD, "refused") + "  " + Printable.of(problem.toString()));
      }
      List<String> counts = new ArrayList<>();
      kinds.forEach((kind, count) -> counts.add(word(kind) + " " + count));
      terminal()
          .line(
              read.files()
                  + " files: "
                  + usable
                  + " rules can be used, "
                  + problems.size()
                  + " refused"
                  + (counts.isEmpty() ? "" : " (" + String.join(", ", counts) + ")"));
    }
  }

  /// `redoubt rules list`.
  @Command(name = "list", description = "List rules: how bad a match is, for which log, and what.")
  static final class ListAll extends Subcommand {
    @Option(
        names = "--level",
        paramLabel = "LEVEL",
        description = "Only rules of this level or above: ${COMPLETION-CANDIDATES}.")
    private SigmaRule.Level level = SigmaRule.Level.UNKNOWN;

    @Option(
        names = "--tag",
        paramLabel = "TAG",
        description = "Only rules with this tag, such as attack.t1059.")
    private @Nullable String tag;

    @Mixin private RuleSource rules = new RuleSource();

    ListAll(Session session) {
      super(session);
    }

    @Override
    public Integer call() {
      RuleFiles.Result read = rules.read();
      List<Rule> wanted =
          Stream.<Rule>concat(read.rules().stream(), read.correlations().stream())
              .filter(rule -> rule.level().compareTo(level) >= 0)
              .filter(rule -> tag == null || rule.tags().contains(tag))
              .sorted(Comparator.comparing(Rule::level).reversed())
              .toList();
      if (wantsJson()) {
        for (Rule rule : wanted) {
          terminal().json(json(rule));
        }
      } else {
        Table table = new Table("LEVEL", "LOG", "RULE", "ID");
        for (Rule rule : wanted) {
          table.add(
              Table.Cell.of(word(rule.level()), tone(rule.level())),
              Table.Cell.of(log(rule)),
              Table.Cell.of(rule.title()),
              Table.Cell.of(rule.id()));
        }
        table.print(terminal());
      }
      return wanted.isEmpty() ? ExitCode.NO : ExitCode.OK;
    }

    private static String log(Rule rule) {
      return switch (rule) {
        case SigmaRule single -> single.logSource().toString();
        case CorrelationRule correlation -> word(correlation.type());
      };
    }

    private static ObjectNode json(Rule rule) {
      ObjectNode node = object();
      node.put("id", rule.id());
      node.put("title", rule.title());
      node.put("level", word(rule.level()));
      switch (rule) {
        case SigmaRule single -> {
          node.put("product", single.logSource().product());
          node.put("category", single.logSource().category());
          node.put("service", single.logSource().service());
        }
        case CorrelationRule correlation -> node.put("correlation", word(correlation.type()));
      }
      rule.tags().forEach(node.withArray("tags")::add);
      node.put("file", rule.origin().file());
      node.put("line", rule.origin().line());
      return node;
    }
  }
}
