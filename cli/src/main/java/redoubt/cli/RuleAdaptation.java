package redoubt.cli;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import redoubt.core.content.RuleArchive;
import redoubt.engine.sigma.RuleFiles;
import redoubt.engine.sigma.pipeline.PipelineFiles;
import redoubt.engine.sigma.pipeline.Pipelines;
import redoubt.engine.sigma.pipeline.ValueFile;
import redoubt.engine.sigma.rule.Placeholders;
import redoubt.engine.sigma.rule.RuleProblem;

/// How other people's rules are fitted to what is here: options that every command about rules has.
final class RuleAdaptation {
  @Option(
      names = "--pipeline",
      paramLabel = "FILE",
      description =
          "A pipeline in the form of pySigma's: how rules are changed before they are used, such as"
              + " other names for their fields. May be given more than once; they are applied by"
              + " their priority, then in this order.")
  private List<Path> pipelines = List.of();

  @Option(
      names = "--values",
      paramLabel = "FILE",
      description =
          "Values for the placeholders of rules: a YAML map of a placeholder's name to a value or a"
              + " list of values.")
  private @Nullable Path values;

  /// The rules in files and folders, changed as the options say.
  ///
  /// @throws Problem if a file cannot be opened, what the options name cannot be used, or there are
  ///   no rules
  RuleFiles.Result read(List<Path> paths) {
    RuleFiles.Result result = opened(() -> RuleFiles.read(paths, placeholders(), pipelines()));
    if (result.files() == 0) {
      throw new Problem(
          ExitCode.USAGE,
          "no rules there: paths=" + paths,
          "name files, or folders with .yml files");
    }
    return result;
  }

  /// Packs rules for the engine, with what the options name.
  ///
  /// @param rules a file or a folder
  /// @throws Problem if a file cannot be opened, or there are no rules
  void pack(Path rules, Path archive) {
    var _ =
        opened(() -> {
          RuleArchive.pack(rules, Optional.ofNullable(values), pipelines, archive);
          return archive;
        });
  }

  /// Whether rules stay as they are.
  boolean isEmpty() {
    return values == null && pipelines.isEmpty();
  }

  /// @throws Problem if a file cannot be opened, or what the options name cannot be used
  void requireUsable() {
    var _ = opened(() -> pipelines().placeholders(placeholders()));
  }

  private interface Reading<T> {
    T read() throws IOException;
  }

  private static <T> T opened(Reading<T> reading) {
    try {
      return reading.read();
    } catch (NoSuchFileException e) {
      throw new Problem(
          ExitCode.USAGE, "no such file or folder: path=" + e.getFile(), "name one that is there");
    } catch (IOException e) {
      throw new Problem(
          ExitCode.INTERNAL, "rules cannot be read: error=" + e, "check who may read them");
    }
  }

  private Placeholders placeholders() throws IOException {
    if (values == null) {
      return Placeholders.NONE;
    }
    ValueFile.Result read = ValueFile.read(values);
    refuse("the values cannot be used", read.problem(), "mend the file of --values");
    return read.placeholders();
  }

  private Pipelines pipelines() throws IOException {
    PipelineFiles.Result read = PipelineFiles.read(pipelines);
    refuse(
        "the pipeline cannot be used",
        read.problems().stream().findFirst(),
        "mend it, or leave the --pipeline out");
    return read.pipelines();
  }

  private static void refuse(String what, Optional<RuleProblem> problem, String fix) {
    if (problem.isPresent()) {
      throw new Problem(ExitCode.USAGE, what + ": " + Printable.of(problem.get().toString()), fix);
    }
  }
}
