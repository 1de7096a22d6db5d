package redoubt.cli;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Parameters;
import redoubt.engine.sigma.RuleFiles;
import redoubt.engine.sigma.rule.Placeholders;

/// The rules that a command is about: its arguments, read.
final class RuleSource {
  @Parameters(
      arity = "1..*",
      paramLabel = "PATH",
      description = "Files with rules, or folders in which all .yml and .yaml files are.")
  private List<Path> paths = List.of();

  /// @throws Problem if a file cannot be opened or there are no rules in it
  RuleFiles.Result read() {
    return read(paths);
  }

  /// @throws Problem if a file cannot be opened or there are no rules in it
  static RuleFiles.Result read(List<Path> paths) {
    RuleFiles.Result result;
    try {
      result = RuleFiles.read(paths, Placeholders.NONE);
    } catch (NoSuchFileException e) {
      throw new Problem(
          ExitCode.USAGE, "no such file or folder: path=" + e.getFile(), "name one with rules");
    } catch (IOException e) {
      throw new Problem(
          ExitCode.INTERNAL, "rules cannot be read: error=" + e, "check who may read them");
    }
    if (result.files() == 0) {
      throw new Problem(
          ExitCode.USAGE,
          "no rules there: paths=" + paths,
          "name files, or folders with .yml files");
    }
    return result;
  }
}
