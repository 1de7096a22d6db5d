package redoubt.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import redoubt.cli.Terminal.Tone;
import redoubt.core.content.BundleFile;
import redoubt.core.content.BundleWriter;
import redoubt.core.content.ContentException;
import redoubt.core.model.EngineId;
import redoubt.core.wire.BundleManifest;
import redoubt.core.wire.BundleManifest.Limits;
import redoubt.engine.sigma.RuleFiles;
import redoubt.engine.sigma.live.LiveRules;
import redoubt.engine.sigma.vectors.Derived;
import redoubt.engine.sigma.vectors.Gap;
import redoubt.engine.sigma.vectors.VectorBuilder;

/// `redoubt content build`.
@Command(
    name = "build",
    description = {
      "Make a bundle of Sigma rules, with test vectors that show each test of each rule at work; or"
          + " with --engine a bundle of another engine's content, with vectors from files.",
      "",
      "The vectors are derived from the rules. A rule that cannot be used, or of which something is"
          + " shown by no vector, is named, and there is no bundle. A test that never decides,"
          + " because another one of its rule asks for as much, is named only.",
      "",
      "Exit status 0 if the bundle is there, 1 if the rules do not allow it."
    })
final class ContentBuildCommand extends Subcommand {
  private static final EngineId SIGMA = new EngineId("sigma");

  @Parameters(
      paramLabel = "RULES",
      description =
          "A file with rules, or a folder in which all .yml and .yaml files are. With --engine the"
              + " file that the engine loads.")
  private Path rules = Path.of("");

  @Mixin private BundleNaming naming = new BundleNaming();

  @Option(
      names = "--engine",
      paramLabel = "ENGINE",
      description = "The engine that the content is for, if it is not the Sigma engine.")
  private @Nullable String other;

  @Option(
      names = "--schema",
      paramLabel = "HASH",
      defaultValue = "",
      description =
          "For --engine: SHA-256 of the schema that the content is written in, as the engine says it"
              + " in its hello.")
  private String schema = "";

  @Mixin private FileVectors files = new FileVectors();

  @Option(
      names = "--load-ms",
      paramLabel = "N",
      defaultValue = "10000",
      description = "How much processor time loading may take. Default: ${DEFAULT-VALUE}.")
  private int loadMillis;

  @Option(
      names = "--vectors-ms",
      paramLabel = "N",
      defaultValue = "60000",
      description = "How much all vectors may take together. Default: ${DEFAULT-VALUE}.")
  private int vectorsMillis;

  @Option(
      names = "--memory-mib",
      paramLabel = "N",
      defaultValue = "320",
      description = "How much memory the engine may have with it. Default: ${DEFAULT-VALUE}.")
  private int memoryMiB;

  @Mixin private RuleAdaptation adaptation = new RuleAdaptation();

  private final ProgressLine progress;

  ContentBuildCommand(Session session) {
    super(session);
    progress = new ProgressLine(terminal(), () -> !wantsJson());
  }

  @Override
  public Integer call() {
    Path target = naming.target();
    EngineId engine = other == null ? null : EngineCommands.idOf(other);
    requireOneWay(engine);
    try {
      if (engine != null) {
        return ContentCommands.tellBuilt(
            terminal(),
            wantsJson(),
            BundleWriter.write(target, manifest(engine, schema), rules, files.make()),
            "");
      }
      Path content = Files.createTempFile("redoubt-content-", ".zip");
      try {
        adaptation.pack(rules, content);
        return build(content, target);
      } finally {
        Files.deleteIfExists(content);
      }
    } catch (ContentException e) {
      throw new Problem(
          ExitCode.USAGE,
          Printable.of(e.getMessage()),
          "say what is in its range, or less at once");
    } catch (IOException e) {
      throw new Problem(
          ExitCode.INTERNAL,
          "the bundle cannot be written: file=" + target + " error=" + e,
          "check the folder and the room in it");
    }
  }

  private int build(Path content, Path target) throws IOException, ContentException {
    RuleFiles.Result read = read(content);
    long all = (long) read.rules().size() + read.correlations().size();
    Derived derived =
        VectorBuilder.derive(
            read,
            done -> {
              if (progress.isDue()) {
                progress.show("deriving vectors: " + done + " of " + all + " rules");
              }
            });
    progress.clear();
    List<Gap> standing = derived.gaps().stream().filter(ContentBuildCommand::stands).toList();
    boolean refused = all == 0 || !read.problems().isEmpty() || !standing.isEmpty();
    BundleFile bundle =
        refused
            ? null
            : BundleWriter.write(
                target, manifest(SIGMA, LiveRules.schemaHash()), content, derived.vectors());
    if (wantsJson()) {
      terminal().json(json(read, derived, bundle));
    } else {
      print(read, derived, bundle);
    }
    return refused ? ExitCode.NO : ExitCode.OK;
  }

  /// Whether a gap stands in the way of a bundle.
  private static boolean stands(Gap gap) {
    return gap.reason() != Gap.Reason.REDUNDANT;
  }

  private static RuleFiles.Result read(Path content) throws IOException {
    try (InputStream archive = Files.newInputStream(content)) {
      return RuleFiles.readArchive(archive);
    }
  }

  private void requireOneWay(@Nullable EngineId engine) {
    if (engine == null && (!files.isEmpty() || !schema.isEmpty())) {
      throw new Problem(
          ExitCode.USAGE,
          "vectors of Sigma rules are derived from the rules",
          "name the engine that the content is for: --engine ENGINE");
    }
    if (engine != null && engine.equals(SIGMA)) {
      throw new Problem(
          ExitCode.USAGE,
          "content of the Sigma engine is its rules, with vectors derived from them",
          "leave --engine out");
    }
    if (engine != null && engine.released().isPresent()) {
      throw new Problem(
          ExitCode.USAGE,
          "releases of engines go under this id: engine=" + engine,
          "redoubt content pack makes one");
    }
  }

  private BundleManifest manifest(EngineId of, String schemaHash) {
    return naming.manifest(
        of,
        schemaHash,
        new Limits(loadMillis, vectorsMillis, memoryMiB),
        session().clock().instant());
  }

  private static ObjectNode json(
      RuleFiles.Result read, Derived derived, @Nullable BundleFile bundle) {
    ObjectNode node = object();
    node.put("file", bundle == null ? null : bundle.file().toString());
    node.put("rules", derived.coverage().rules());
    node.put("tests", derived.coverage().tests());
    node.put("testsShown", derived.coverage().coveredTests());
    node.put("vectors", derived.vectors().size());
    read.problems().forEach(problem -> node.withArray("refused").add(problem.toString()));
    for (Gap gap : derived.gaps()) {
      node.withArray("gaps")
          .addObject()
          .put("rule", gap.rule())
          .put("reason", gap.reason().name())
          .put("what", gap.what())
          .put("refused", stands(gap));
    }
    if (bundle != null) {
      node.set("manifest", ContentCommands.json(bundle.manifest()));
    }
    return node;
  }

  private void print(RuleFiles.Result read, Derived derived, @Nullable BundleFile bundle) {
    read.problems().forEach(problem -> line(Tone.BAD, "refused", problem.toString()));
    for (Gap gap : derived.gaps()) {
      String text = gap.rule() + ": " + gap.what();
      if (stands(gap)) {
        line(Tone.BAD, "not shown", text);
      } else {
        line(Tone.WARNING, "never decides", text);
      }
    }
    Derived.Coverage coverage = derived.coverage();
    terminal()
        .line(
            String.format(
                Locale.ROOT,
                "%,d rules, %,d of %,d tests shown by %,d vectors",
                coverage.rules(),
                coverage.coveredTests(),
                coverage.tests(),
                derived.vectors().size()));
    terminal()
        .line(
            bundle == null
                ? terminal().paint(Tone.BAD, "no bundle")
                    + ": mend the rules above, or leave them out"
                : terminal().paint(Tone.GOOD, "built")
                    + ": "
                    + Printable.of(bundle.file().toString()));
  }

  private void line(Tone tone, String word, String text) {
    terminal().line(terminal().paint(tone, word) + "  " + Printable.of(text));
  }
}
