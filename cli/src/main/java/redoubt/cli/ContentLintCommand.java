package redoubt.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import redoubt.agent.admission.AdmissionReport;
import redoubt.cli.Terminal.Tone;
import redoubt.core.content.BundleFile;
import redoubt.core.content.PlatformRelease;

/// `redoubt content lint`.
@Command(
    name = "lint",
    description = {
      "Try a bundle as a host does that is to admit it: the engine that it is for loads it, confined"
          + " and thrown away afterwards, and each test vector must come out as it says.",
      "",
      "Needs root. Exit status 0 if a host would admit it, 1 if not."
    })
final class ContentLintCommand extends Subcommand {
  private static final double MEBIBYTE = 1024 * 1024;

  @Parameters(paramLabel = "BUNDLE", description = "The file.")
  private Path file = Path.of("");

  @Option(
      names = "--engine",
      paramLabel = "MANIFEST",
      description = "The engine to try it with. Default: the one on this host that it is for.")
  private @Nullable Path engine;

  private final ProgressLine progress;

  ContentLintCommand(Session session) {
    super(session);
    progress = new ProgressLine(terminal(), () -> !wantsJson());
  }

  @Override
  public Integer call() {
    if (!ProcessUser.isRoot()) {
      throw new Problem(
          ExitCode.PERMISSION,
          "an engine is confined by root only",
          "sudo redoubt content lint " + file);
    }
    return ContentCommands.with(file, this::lint);
  }

  private int lint(BundleFile bundle) throws IOException {
    AdmissionReport report = new BundleTrial(session(), engine, progress).run(bundle);
    if (wantsJson()) {
      terminal().json(json(bundle, report));
    } else {
      print(bundle, report);
    }
    return report.admitted() ? ExitCode.OK : ExitCode.NO;
  }

  private ObjectNode json(BundleFile bundle, AdmissionReport report) {
    ObjectNode node = object();
    node.put("file", bundle.file().toString());
    node.put("admitted", report.admitted());
    node.put("engine", bundle.manifest().engine().value());
    node.put("engineVersion", report.engineVersion());
    node.put("entries", report.entries());
    node.put("vectors", report.vectors());
    node.put("vectorsPassed", report.passed());
    node.putObject("costs")
        .put("loadMillis", report.costs().loadMillis())
        .put("vectorsMillis", report.costs().vectorsMillis())
        .put("wallMillis", report.costs().wallMillis())
        .put("mostBytes", report.costs().mostBytes());
    for (AdmissionReport.Problem problem : report.problems()) {
      node.withArray("problems")
          .addObject()
          .put("step", problem.step().name())
          .put("text", problem.text());
    }
    return node;
  }

  private void print(BundleFile bundle, AdmissionReport report) {
    for (AdmissionReport.Problem problem : report.problems()) {
      terminal()
          .line(
              terminal().paint(Tone.BAD, problem.step().name().toLowerCase(Locale.ROOT))
                  + "  "
                  + Printable.of(problem.text()));
    }
    if (!bundle.manifest().engine().equals(PlatformRelease.ENGINE)) {
      printCosts(report);
    }
    String file = Printable.of(bundle.file().toString());
    terminal()
        .line(
            report.admitted()
                ? terminal().paint(Tone.GOOD, "admitted") + ": " + file
                : terminal().paint(Tone.BAD, "refused") + ": " + file);
  }

  private void printCosts(AdmissionReport report) {
    AdmissionReport.Costs costs = report.costs();
    terminal()
        .line(
            String.format(
                Locale.ROOT,
                "%,d entries, %,d of %,d vectors passed",
                report.entries(),
                report.passed(),
                report.vectors()));
    terminal()
        .line(
            String.format(
                Locale.ROOT,
                "loaded in %,d ms and all vectors in %,d ms of processor time, %.1f s in all,"
                    + " %.0f MiB",
                costs.loadMillis(),
                costs.vectorsMillis(),
                costs.wallMillis() / 1e3,
                costs.mostBytes() / MEBIBYTE));
  }
}
