package redoubt.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import redoubt.core.model.Octets;

/// What brings files of hosts here.
final class FleetCollectCommands {
  private FleetCollectCommands() {}

  /// `redoubt fleet collect`.
  @Command(
      name = "collect",
      description = {
        "Have a host bring files to the server, as they are, and fetch them.",
        "",
        "They come in a ZIP archive with a list of what they are: of folders all regular files below"
            + " them, at most 1,000 files of 16 MiB together. What a host could not bring in time"
            + " comes later: fleet fetch. Whoever looks at them should expect them to be harmful."
            + " Exit status 0 if they are here, 1 if they are not, or not yet."
      })
  static final class Collect extends FleetHostCommands.OnPaths {
    @Option(
        names = "--output",
        paramLabel = "FILE",
        description = "Where to write the archive. Default: HOST-COMMAND.zip here.")
    private @Nullable Path output;

    Collect(Session session) {
      super(session, "collect");
    }

    @Override
    void done(JsonNode command) {
      fetch(this, command.path("host").asText(), command.path("id").asLong(), output);
    }
  }

  /// `redoubt fleet fetch`.
  @Command(
      name = "fetch",
      description = {
        "Fetch what a host has collected.",
        "",
        "The server keeps it for thirty days, and less if there is no room."
      })
  static final class Fetch extends FleetCommands.Asking {
    @Parameters(index = "0", paramLabel = "HOST", description = FleetCommands.HOST)
    private String host = "";

    @Parameters(
        index = "1",
        paramLabel = "COMMAND",
        description = "The number of the command, as fleet commands shows it.")
    private long command;

    @Option(
        names = "--output",
        paramLabel = "FILE",
        description = "Where to write the archive. Default: HOST-COMMAND.zip here.")
    private @Nullable Path output;

    Fetch(Session session) {
      super(session);
    }

    @Override
    public Integer call() {
      Path written = fetch(this, connection().hostId(session(), host), command, output);
      if (wantsJson()) {
        terminal().json(object().put("output", written.toString()));
      }
      return ExitCode.OK;
    }
  }

  private static Path fetch(
      FleetCommands.Asking asking, String host, long command, @Nullable Path output) {
    Path file = output == null ? Path.of(host + "-" + command + ".zip") : output;
    Octets archive =
        asking
            .connection()
            .fetch(asking.session(), "/hosts/" + host + "/commands/" + command + "/collected");
    try {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.write(file, archive.toArray(), StandardOpenOption.WRITE);
    } catch (FileAlreadyExistsException e) {
      throw new Problem(
          ExitCode.USAGE,
          "there is such a file: " + file,
          "redoubt fleet fetch " + host + " " + command + " --output another");
    } catch (IOException e) {
      throw new Problem(
          ExitCode.INTERNAL,
          "it cannot be written: file=" + file + " error=" + e.getMessage(),
          "redoubt fleet fetch " + host + " " + command + " --output elsewhere");
    }
    if (!asking.wantsJson()) {
      asking.terminal().line("written: " + Printable.of(file.toString()));
    }
    return file;
  }
}
