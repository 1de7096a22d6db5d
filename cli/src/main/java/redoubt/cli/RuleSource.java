package redoubt.cli;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import redoubt.engine.sigma.RuleFiles;
import redoubt.engine.sigma.rule.Placeholders;

/// Reads rules for a command.
final class RuleSource {
  private RuleSource() {}

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
