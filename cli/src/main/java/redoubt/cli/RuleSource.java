package redoubt.cli;

import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import redoubt.engine.sigma.RuleFiles;

/// The rules that a command is about: its arguments, read.
final class RuleSource {
  @Mixin private RuleAdaptation adaptation = new RuleAdaptation();

  @Parameters(
      arity = "1..*",
      paramLabel = "PATH",
      description = "Files with rules, or folders in which all .yml and .yaml files are.")
  private List<Path> paths = List.of();

  /// @throws Problem if a file cannot be opened or there are no rules in it
  RuleFiles.Result read() {
    return adaptation.read(paths);
  }
}
