package redoubt.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `redoubt generate-man-pages`: what the build installs; no command for owners.
@Command(
    name = "generate-man-pages",
    hidden = true,
    description = "Write the manual page of every command into a directory.")
final class ManPagesCommand extends Subcommand {
  @Parameters(arity = "1", paramLabel = "DIRECTORY", description = "Created if it is not there.")
  private Path directory = Path.of("");

  ManPagesCommand(Session session) {
    super(session);
  }

  @Override
  public Integer call() throws IOException {
    List<ManPage> pages = ManPage.of(Main.commandLine(session())).toList();
    Files.createDirectories(directory);
    for (ManPage page : pages) {
      Files.writeString(directory.resolve(page.name() + ".1"), page.text());
    }
    return ExitCode.OK;
  }
}
