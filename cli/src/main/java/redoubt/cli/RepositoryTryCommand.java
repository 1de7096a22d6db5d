package redoubt.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import redoubt.agent.admission.AdmissionReport;
import redoubt.cli.Terminal.Tone;
import redoubt.core.tuf.Signed;
import redoubt.core.tuf.TargetFile;
import redoubt.core.tuf.Targets;
import redoubt.core.tuf.TufException;
import redoubt.core.tuf.policy.PublishedBundle;
import redoubt.core.tuf.signing.Ceremony;
import redoubt.core.tuf.signing.NextDrafts;
import redoubt.core.tuf.signing.PublishedRepository;
import redoubt.core.tuf.signing.SigningException;
import redoubt.core.tuf.signing.SigningKey;

/// `redoubt repository try`: the trial runner.
@Command(
    name = "try",
    description = {
      "Be the trial runner: try each bundle that a draft of prepare-bundles would publish, as a host"
          + " does that is to admit it, and sign the draft if all of them are.",
      "",
      "Bundles that are published already are not tried again; each new one has to be named, and to be"
          + " the one that the draft says. Needs root, since engines are confined by root only.",
      "",
      "Exit status 0 if all were admitted, 1 if not: then nothing is signed."
    })
final class RepositoryTryCommand extends Subcommand {
  @Parameters(index = "0", paramLabel = "CEREMONY", description = "The folder of the draft.")
  private Path ceremony = Path.of("");

  @Parameters(
      index = "1..*",
      arity = "0..*",
      paramLabel = "BUNDLE",
      description = "The bundles that are new in it.")
  private List<Path> files = new ArrayList<>();

  @Option(
      names = "--repository",
      required = true,
      paramLabel = "DIR",
      description = "The repository, or a copy of it as it is published.")
  private Path repository = Path.of("");

  @Option(
      names = "--vendor",
      required = true,
      paramLabel = "NAME",
      description = "Whose bundles they are.")
  private String vendor = "";

  @Option(
      names = "--engine",
      paramLabel = "MANIFEST",
      description = "The engine to try them with. Default: the one on this host that each is for.")
  private @Nullable Path engine;

  @Mixin private RepositoryKeys keys = new RepositoryKeys();

  private final ProgressLine progress;

  RepositoryTryCommand(Session session) {
    super(session);
    progress = new ProgressLine(terminal(), () -> !wantsJson());
  }

  @Override
  public Integer call() {
    if (!ProcessUser.isRoot()) {
      throw new Problem(
          ExitCode.PERMISSION, "an engine is confined by root only", "sudo redoubt repository try");
    }
    return RepositoryWork.with(this::run);
  }

  private int run() throws IOException, SigningException {
    Ceremony opened = new Ceremony(ceremony);
    List<SigningKey> signers = keys.areNamed() ? keys.open() : List.of();
    Map<String, Path> tried = named(fresh(opened));
    ObjectNode node = object();
    boolean all = true;
    for (Map.Entry<String, Path> each : tried.entrySet()) {
      AdmissionReport report =
          ContentCommands.with(
              each.getValue(), bundle -> new BundleTrial(session(), engine, progress).run(bundle));
      all &= report.admitted();
      if (wantsJson()) {
        node.withArray("bundles")
            .addObject()
            .put("target", each.getKey())
            .put("admitted", report.admitted());
      } else {
        print(each.getKey(), report);
      }
    }
    if (all) {
      for (SigningKey key : signers) {
        opened.sign(key);
      }
    }
    boolean signed = all && !signers.isEmpty();
    if (wantsJson()) {
      terminal().json(node.put("signed", signed));
    } else if (signed) {
      terminal().line(terminal().paint(Tone.GOOD, "signed"));
    }
    return all ? ExitCode.OK : ExitCode.NO;
  }

  private void print(String target, AdmissionReport report) {
    terminal()
        .line(
            (report.admitted()
                    ? terminal().paint(Tone.GOOD, "admitted")
                    : terminal().paint(Tone.BAD, "refused"))
                + "  "
                + Printable.of(target));
    report.problems().forEach(problem -> terminal().line("  " + Printable.of(problem.text())));
  }

  /// What the draft would publish that is not published.
  private Map<String, TargetFile> fresh(Ceremony opened) throws IOException, SigningException {
    Targets draft;
    try {
      if (!(Signed.parse(opened.draft()) instanceof Targets targets)) {
        throw new SigningException("not a draft of bundles: directory=" + ceremony);
      }
      draft = targets;
    } catch (TufException e) {
      throw new SigningException("not metadata: " + e.getMessage(), e);
    }
    Map<String, TargetFile> fresh = new TreeMap<>(draft.targets());
    new PublishedRepository(repository)
        .targetsRole(NextDrafts.roleOf(vendor))
        .ifPresent(
            published -> published.targets().forEach((path, file) -> fresh.remove(path, file)));
    // What is taken from everybody is not tried first.
    fresh.values().removeIf(file -> channel(file).equals(PublishedBundle.REVOKED));
    return fresh;
  }

  private static String channel(@Nullable TargetFile drafted) {
    return Optional.ofNullable(drafted)
        .flatMap(PublishedBundle::find)
        .map(PublishedBundle::channel)
        .orElse(PublishedBundle.STABLE);
  }

  /// The files that were named, by what the draft calls them.
  private Map<String, Path> named(Map<String, TargetFile> fresh) {
    Map<String, Path> named = new TreeMap<>();
    Map<String, TargetFile> left = new HashMap<>(fresh);
    for (Path file : files) {
      BundleTarget target = BundleTarget.of(file, path -> channel(fresh.get(path)));
      if (!target.file().equals(left.remove(target.path()))) {
        throw new Problem(
            ExitCode.NO,
            "not what the draft would publish: file=" + file + " target=" + target.path(),
            "ask the vendor for the bundle that it signed");
      }
      named.put(target.path(), file);
    }
    if (!left.isEmpty()) {
      throw new Problem(
          ExitCode.NO,
          "not all that the draft would publish is there to be tried: missing="
              + String.join(",", new TreeMap<>(left).keySet()),
          "name them all");
    }
    return named;
  }
}
