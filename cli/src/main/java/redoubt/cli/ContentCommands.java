package redoubt.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import redoubt.core.content.BundleFile;
import redoubt.core.content.ContentException;
import redoubt.core.wire.BundleManifest;
import redoubt.core.wire.TestVector;

/// `redoubt content` and what is below it.
final class ContentCommands {
  private ContentCommands() {}

  /// `redoubt content`.
  @Command(
      name = "content",
      synopsisSubcommandLabel =
          "fetch|activate|list|why|history|rollback|retry|follow|pin|freeze"
              + "|update|build|lint|sign|publish|inspect|vectors",
      description = {
        "Fetch bundles of content, bring them into force and take them back; make them and look into"
            + " them.",
        "",
        "What changes anything needs root; lint does too, since it confines an engine."
      })
  static final class Group extends CommandGroup {
    Group(Session session) {
      super(
          session,
          "what to do with content: fetch, activate, list, why, history, rollback, retry, follow, pin,"
              + " freeze, update, build, lint, sign, publish, inspect or vectors",
          "redoubt content --help");
    }
  }

  /// Something that is done with a bundle.
  interface Use<T> {
    /// Does it.
    T apply(BundleFile bundle) throws IOException, ContentException;
  }

  /// Opens a bundle and uses it.
  ///
  /// @throws Problem if it is none, or cannot be read
  static <T> T with(Path file, Use<T> use) {
    try {
      return use.apply(BundleFile.open(file));
    } catch (ContentException e) {
      throw new Problem(ExitCode.NO, Printable.of(e.getMessage()), "get it anew, or build it anew");
    } catch (NoSuchFileException e) {
      throw new Problem(
          ExitCode.USAGE, "no such file: path=" + e.getFile(), "name one that is there");
    } catch (IOException e) {
      throw new Problem(
          ExitCode.INTERNAL,
          "the bundle cannot be read: file=" + file + " error=" + e,
          "check who may read it");
    }
  }

  /// What a bundle says of itself.
  static ObjectNode json(BundleManifest manifest) {
    ObjectNode node = Subcommand.object();
    node.put("vendor", manifest.vendor());
    node.put("engine", manifest.engine().value());
    node.put("name", manifest.name());
    node.put("version", manifest.version());
    node.put("created", manifest.created().toString());
    node.put("schemaHash", manifest.schemaHash());
    node.put("oldestEngineVersion", manifest.engineVersions().oldest());
    node.put("newestEngineVersion", manifest.engineVersions().newest());
    node.putObject("limits")
        .put("loadMillis", manifest.limits().loadMillis())
        .put("vectorsMillis", manifest.limits().vectorsMillis())
        .put("memoryMiB", manifest.limits().memoryMiB());
    for (BundleManifest.File each : manifest.files()) {
      node.withArray("files")
          .addObject()
          .put("role", each.role().name().toLowerCase(Locale.ROOT))
          .put("sizeBytes", each.sizeBytes())
          .put("sha256", each.sha256().toString());
    }
    for (BundleManifest.ProgramFile each : manifest.program()) {
      node.withArray("program")
          .addObject()
          .put("path", each.path())
          .put("executable", each.isProgram())
          .put("sizeBytes", each.sizeBytes())
          .put("sha256", each.sha256().toString());
    }
    return node;
  }

  /// Says that a bundle was made.
  ///
  /// @param more what else people are told of it
  static int tellBuilt(Terminal terminal, boolean json, BundleFile bundle, String more) {
    if (json) {
      ObjectNode node = Subcommand.object().put("file", bundle.file().toString());
      node.set("manifest", json(bundle.manifest()));
      terminal.json(node);
    } else {
      String file = Printable.of(bundle.file().toString());
      terminal.line(terminal.paint(Terminal.Tone.GOOD, "built") + ": " + file + more);
    }
    return ExitCode.OK;
  }

  /// `redoubt content inspect`.
  @Command(
      name = "inspect",
      description = {
        "Show what a bundle says of itself, and read it to its end: exit status 1 if a file in it is"
            + " not what its manifest says.",
        "",
        "It says nothing of who made the bundle: that is what signatures are for."
      })
  static final class Inspect extends Subcommand {
    @Parameters(paramLabel = "BUNDLE", description = "The file.")
    private Path file = Path.of("");

    Inspect(Session session) {
      super(session);
    }

    @Override
    public Integer call() {
      return with(
          file,
          bundle -> {
            long vectors = bundle.verify();
            if (wantsJson()) {
              ObjectNode node = json(bundle.manifest());
              node.put("vectors", vectors);
              terminal().json(node);
            } else {
              print(bundle.manifest(), vectors);
            }
            return ExitCode.OK;
          });
    }

    private void print(BundleManifest manifest, long vectors) {
      terminal().line(Printable.of(file.toString()));
      field("vendor", manifest.vendor());
      field("engine", manifest.engine().value() + versions(manifest.engineVersions()));
      field("content", manifest.name() + " " + manifest.version());
      field("created", Times.local(manifest.created(), session().clock().getZone()));
      field("schema", manifest.schemaHash());
      field(
          "limits",
          "loaded within "
              + manifest.limits().loadMillis()
              + " ms, vectors within "
              + manifest.limits().vectorsMillis()
              + " ms, "
              + manifest.limits().memoryMiB()
              + " MiB");
      for (BundleManifest.File each : manifest.files()) {
        field(
            each.role().name().toLowerCase(Locale.ROOT),
            String.format(Locale.ROOT, "%,d bytes, sha256 %s", each.sizeBytes(), each.sha256()));
      }
      for (BundleManifest.ProgramFile each : manifest.program()) {
        field(
            "program",
            String.format(
                Locale.ROOT,
                "%s%s, %,d bytes, sha256 %s",
                Printable.of(each.path()),
                each.isProgram() ? " (executable)" : "",
                each.sizeBytes(),
                each.sha256()));
      }
      field("complete", String.format(Locale.ROOT, "yes, with %,d vectors", vectors));
    }

    private static String versions(BundleManifest.VersionRange range) {
      if (range.equals(BundleManifest.VersionRange.ALL)) {
        return ", of any version";
      }
      String oldest = range.oldest().isEmpty() ? "" : " from " + range.oldest();
      return "," + oldest + (range.newest().isEmpty() ? "" : " up to " + range.newest());
    }
  }

  /// `redoubt content vectors`.
  @Command(
      name = "vectors",
      description =
          "List the test vectors of a bundle: what each shows, and what must be reported.")
  static final class Vectors extends Subcommand {
    @Parameters(paramLabel = "BUNDLE", description = "The file.")
    private Path file = Path.of("");

    Vectors(Session session) {
      super(session);
    }

    @Override
    public Integer call() {
      Table table = new Table("VECTOR", "EVENTS", "REPORTED", "SHOWS");
      with(
          file,
          bundle ->
              bundle.forEachVector(vector -> {
                if (wantsJson()) {
                  terminal().json(json(vector));
                } else {
                  table.add(
                      Table.Cell.of(vector.name()),
                      Table.Cell.of(vector.question() == null ? vector.activity().size() : 1),
                      Table.Cell.of(String.join(", ", vector.rules().stream().sorted().toList())),
                      Table.Cell.of(vector.covers().size()));
                }
              }));
      if (!wantsJson()) {
        table.print(terminal());
      }
      return ExitCode.OK;
    }

    private static ObjectNode json(TestVector vector) {
      ObjectNode node = object();
      node.put("name", vector.name());
      vector.activity().forEach(event -> node.withArray("events").add(event.eventClass().name()));
      vector.rules().stream().sorted().forEach(node.withArray("rules")::add);
      if (vector.verdict() != null) {
        node.put("verdict", vector.verdict().name());
      }
      vector.covers().stream().sorted().forEach(node.withArray("covers")::add);
      return node;
    }
  }
}
