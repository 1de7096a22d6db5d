package redoubt.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import redoubt.cli.Table.Cell;
import redoubt.cli.Terminal.Tone;
import redoubt.testing.drills.Catalogue;
import redoubt.testing.drills.Drill;
import redoubt.testing.drills.DrillResult;
import redoubt.testing.drills.DrillRun;
import redoubt.testing.drills.Stage;

/// `redoubt drill`.
@Command(
    name = "drill",
    description = {
      "Replay outages that took others down, and show what stops each of them here.",
      "",
      "Each is rebuilt as a bundle for an engine that fails as its content says, and brought to a"
          + " real agent with real engines of its own: it covers a file system in memory that is"
          + " made for it, and has nothing to do with the agent of this host, which may run"
          + " meanwhile. Needs root. A drill takes some ten seconds.",
      "",
      "Exit status 0 if the host of the drills survived all of them, 1 otherwise."
    })
final class DrillCommand extends Subcommand {
  private static final double MILLIS = 1e3;

  @Parameters(paramLabel = "NAME", arity = "0..*", description = "Which: names of --list.")
  private List<String> names = new ArrayList<>();

  @Option(names = "--all", description = "All of them: some minutes.")
  private boolean all;

  @Option(names = "--list", description = "List the drills, and where each is to be stopped.")
  private boolean list;

  @Option(
      names = "--without",
      paramLabel = "STAGE",
      description =
          "Leave out a stage, to see what the others stop: admission, trial or probation.")
  private List<String> without = new ArrayList<>();

  private final ProgressLine progress;

  DrillCommand(Session session) {
    super(session);
    progress = new ProgressLine(terminal(), () -> !wantsJson());
  }

  @Override
  public Integer call() {
    if (list) {
      listAll();
      return ExitCode.OK;
    }
    List<Drill> drills = all ? Catalogue.all() : names.stream().map(DrillCommand::find).toList();
    if (drills.isEmpty()) {
      throw new Problem(
          ExitCode.USAGE, "no drill is named", "redoubt drill --list shows them; or say --all");
    }
    Set<Stage> left = stages();
    if (!ProcessUser.isRoot()) {
      throw new Problem(ExitCode.PERMISSION, "a drill needs root, for its agent", "try sudo");
    }
    List<DrillResult> results = run(drills, left);
    progress.clear();
    if (wantsJson()) {
      ArrayNode array = JsonNodeFactory.instance.arrayNode();
      results.forEach(result -> array.add(json(result)));
      terminal().json(array);
    } else {
      print(results);
    }
    return results.stream().allMatch(DrillResult::survived) ? ExitCode.OK : ExitCode.NO;
  }

  private static Drill find(String name) {
    return Catalogue.find(name)
        .orElseThrow(() ->
            new Problem(ExitCode.USAGE, "no such drill: name=" + name, "see redoubt drill --list"));
  }

  private Set<Stage> stages() {
    Set<Stage> stages = EnumSet.noneOf(Stage.class);
    for (String word : without) {
      Stage stage =
          List.of(Stage.ADMISSION, Stage.TRIAL, Stage.PROBATION).stream()
              .filter(each -> each.toString().equals(word))
              .findFirst()
              .orElseThrow(() ->
                  new Problem(
                      ExitCode.USAGE,
                      "no such stage: --without=" + word,
                      "say admission, trial or probation"));
      stages.add(stage);
    }
    return stages;
  }

  private List<DrillResult> run(List<Drill> drills, Set<Stage> left) {
    Path frontDoor = session().directories().home().resolve("redoubt");
    try {
      return DrillRun.play(frontDoor, left, drills, progress::show);
    } catch (IOException e) {
      progress.clear();
      throw new Problem(
          ExitCode.INTERNAL,
          "the drill cannot go on: " + e.getMessage(),
          "see what the agent said above");
    }
  }

  private void listAll() {
    if (wantsJson()) {
      ArrayNode array = JsonNodeFactory.instance.arrayNode();
      Catalogue.all().forEach(drill -> array.add(json(drill)));
      terminal().json(array);
      return;
    }
    Table table = new Table("DRILL", "STOPPED AT", "WHAT HAPPENED");
    for (Drill drill : Catalogue.all()) {
      table.add(Cell.of(drill.name()), Cell.of(drill.stage().toString()), Cell.of(drill.outage()));
    }
    table.print(terminal());
  }

  private static ObjectNode json(Drill drill) {
    return object()
        .put("name", drill.name())
        .put("outage", drill.outage())
        .put("designed", drill.stage().toString());
  }

  private static ObjectNode json(DrillResult result) {
    ObjectNode node = json(result.drill()).put("survived", result.survived());
    node.put("stage", result.stopped() == null ? null : result.stopped().toString());
    return node.put("decidedMillis", result.decidedMillis())
        .put("backMillis", result.backMillis())
        .put("starts", result.starts())
        .put("denied", result.denied())
        .put("failed", result.failed())
        .put("longestMillis", result.longestMillis())
        .put("reason", result.reason());
  }

  private void print(List<DrillResult> results) {
    Table table =
        new Table("DRILL", "", "STOPPED AT", "DECIDED IN", "BACK IN", "DENIED", "LONGEST START");
    for (DrillResult result : results) {
      Stage stopped = result.stopped();
      table.add(
          Cell.of(result.drill().name()),
          result.survived() ? Cell.of("survived", Tone.GOOD) : Cell.of("lost", Tone.BAD),
          stopped == null ? Cell.of("nowhere", Tone.BAD) : Cell.of(stopped.toString()),
          Cell.of("%.1f s".formatted(result.decidedMillis() / MILLIS)),
          Cell.of(result.backMillis() == 0 ? "" : "%.1f s".formatted(result.backMillis() / MILLIS)),
          Cell.of(result.denied()),
          Cell.of(result.longestMillis() + " ms"));
    }
    table.print(terminal());
    long survived = results.stream().filter(DrillResult::survived).count();
    terminal().line("");
    terminal().line(survived + " of " + results.size() + " survived");
  }
}
