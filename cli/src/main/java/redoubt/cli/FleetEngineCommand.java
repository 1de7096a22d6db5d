package redoubt.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import redoubt.agent.policy.PrivateFile;
import redoubt.cli.Table.Cell;
import redoubt.core.content.SignedDocument;
import redoubt.core.model.Octets;

/// `redoubt fleet engines`: what the engines of the fleet cost and found, side by side.
@Command(
    name = "engines",
    description = {
      "Compare the engines of the hosts that are there, whoever made them: what they cost, what they"
          + " found, and how much of that was no threat.",
      "",
      "Since each host's agent began. Costs are those of the host in the middle, and of the one where"
          + " they are most. FALSE is of the last days and of every host: how many of the denials and"
          + " findings of engines of that name people have marked, of how many: redoubt fleet marks."
          + " Exit status 1 if no host has told of any."
    })
final class FleetEngineCommand extends FleetCommands.Asking {
  private static final JsonMapper JSON = new JsonMapper();
  private static final double MICROS_PER_MILLI = 1_000;
  private static final int MOST_DAYS = 365;

  @Option(
      names = "--days",
      paramLabel = "N",
      defaultValue = "30",
      description = "How many days FALSE is about, 1 to 365. Default: ${DEFAULT-VALUE}.")
  private int days = 30;

  @Option(
      names = "--export",
      paramLabel = "FILE",
      description =
          "Also write it to a new file, signed by the server: for a vendor or an auditor, who verifies"
              + " it with redoubt scorecard verify.")
  private @Nullable Path export;

  @Option(
      names = "--export-key",
      paramLabel = "FILE",
      description = "Write the public key by which exports are verified to a new file.")
  private @Nullable Path exportKey;

  FleetEngineCommand(Session session) {
    super(session);
  }

  @Override
  public Integer call() {
    requireRange("days", days, 1, MOST_DAYS);
    requireFree(exportKey);
    requireFree(export);
    Octets key = exportKey == null ? null : connection().fetch(session(), "/engines/key");
    JsonNode comparison = export == null ? get("/engines?days=" + days) : export(export);
    if (exportKey != null && key != null) {
      write(exportKey, key);
    }
    JsonNode engines = comparison.path("engines");
    if (wantsJson()) {
      terminal().json(engines);
    } else if (engines.isEmpty()) {
      terminal().line("no host that is there has told of its engines yet");
    } else {
      print(engines);
    }
    return engines.isEmpty() ? ExitCode.NO : ExitCode.OK;
  }

  /// Writes it, and shows what is in it: the same figures.
  private JsonNode export(Path file) {
    Octets envelope = connection().fetch(session(), "/engines/export?days=" + days);
    try {
      SignedDocument signed = SignedDocument.parse(envelope.toArray());
      JsonNode shown = JSON.readTree(signed.payload().toArray());
      write(file, envelope);
      terminal()
          .err()
          .println(
              Printable.of(
                  "signed by the fleet's key "
                      + signed.keyId()
                      + ": "
                      + file
                      + "; give its public key along: redoubt fleet engines --export-key FILE"));
      return shown;
    } catch (IOException _) {
      throw new Problem(
          ExitCode.INTERNAL,
          "what the server sends is no signed scorecard",
          "see whether server and command are of one version");
    }
  }

  /// Before anything is written or fetched.
  private static void requireFree(@Nullable Path file) {
    if (file != null && Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      throw isThere(file);
    }
  }

  private static Problem isThere(Path file) {
    return new Problem(
        ExitCode.USAGE, "there is such a file: " + file, "name a file that is not there yet");
  }

  private static void write(Path file, Octets content) {
    try {
      Files.write(file, content.toArray(), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    } catch (FileAlreadyExistsException _) {
      throw isThere(file);
    } catch (IOException e) {
      throw new Problem(
          ExitCode.USAGE,
          "cannot be written: file=" + file + " error=" + PrivateFile.reasonOf(e),
          "name a file in a folder where you may write");
    }
  }

  private void print(JsonNode engines) {
    Table table =
        new Table(
            "ENGINE",
            "VENDOR",
            "VERSION",
            "HOSTS",
            "CPU %",
            "MIB",
            "P99 MS",
            "ASKED",
            "DENIED",
            "FOUND",
            "LATE",
            "RESTARTS",
            "FALSE");
    for (JsonNode engine : engines) {
      table.add(
          Cell.of(engine.path("engine").asText()),
          Cell.of(engine.path("vendor").asText()),
          Cell.of(engine.path("version").asText()),
          Cell.of(engine.path("hosts").asInt()),
          cost(engine.path("cpuPercent"), 1, 2),
          cost(engine.path("memoryMiB"), 1, 0),
          cost(engine.path("p99Micros"), MICROS_PER_MILLI, 2),
          Cell.of(engine.path("asked").asText()),
          Cell.of(engine.path("denied").asText()),
          Cell.of(engine.path("found").asText()),
          Cell.of(engine.path("missed").asText()),
          Cell.of(engine.path("restarts").asText()),
          wrong(engine.path("lately")));
    }
    table.print(terminal());
  }

  /// Marked as no threat, of all that was said.
  private static Cell wrong(JsonNode lately) {
    long said = lately.path("denied").asLong() + lately.path("found").asLong();
    return Cell.of(lately.path("falsePositives").asLong() + " of " + said);
  }

  private static Cell cost(JsonNode cost, double unit, int digits) {
    double median = cost.path("median").asDouble() / unit;
    double most = cost.path("most").asDouble() / unit;
    String form = "%." + digits + "f";
    String text = String.format(Locale.ROOT, form, median);
    return Cell.of(
        most > median ? text + " (" + String.format(Locale.ROOT, form, most) + ")" : text);
  }
}
