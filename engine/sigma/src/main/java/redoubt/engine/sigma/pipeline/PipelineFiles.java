package redoubt.engine.sigma.pipeline;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import redoubt.engine.sigma.rule.Origin;
import redoubt.engine.sigma.rule.RuleException;
import redoubt.engine.sigma.rule.RuleProblem;
import redoubt.engine.sigma.rule.TextFile;

/// Reads pipelines from files, one from each.
public final class PipelineFiles {
  private PipelineFiles() {}

  /// What was read.
  ///
  /// @param problems why files are refused; their pipelines are missing then, and what the others
  ///   make of rules is not what the owner wanted
  public record Result(Pipelines pipelines, List<RuleProblem> problems) {
    public Result {
      problems = List.copyOf(problems);
    }
  }

  /// Reads the files, in the order in which those of the same priority count.
  ///
  /// @throws IOException if a file cannot be opened
  public static Result read(List<Path> files) throws IOException {
    SequencedMap<String, byte[]> contents = new LinkedHashMap<>();
    for (Path file : files) {
      contents.put(file.toString(), TextFile.bytes(file));
    }
    return read(contents);
  }

  /// Reads the contents of files, by their names, in the same order.
  public static Result read(SequencedMap<String, byte[]> files) {
    List<Pipeline> pipelines = new ArrayList<>();
    List<RuleProblem> problems = new ArrayList<>();
    files.forEach((name, content) -> {
      try {
        pipelines.add(PipelineReader.read(name, TextFile.decode(content)));
      } catch (RuleException e) {
        problems.add(
            new RuleProblem(new Origin(name, Math.max(1, e.line())), e.kind(), e.reason()));
      }
    });
    return new Result(new Pipelines(pipelines), problems);
  }
}
