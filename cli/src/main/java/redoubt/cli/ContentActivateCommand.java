package redoubt.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import redoubt.cli.Terminal.Tone;
import redoubt.core.content.BundleFile;
import redoubt.core.content.FileDigest;
import redoubt.core.content.life.Life;
import redoubt.core.content.life.LifeFolders;
import redoubt.core.content.life.Release;
import redoubt.core.model.Sha256;
import redoubt.core.wire.BundleManifest;
import redoubt.core.wire.ControlReply;
import redoubt.core.wire.ControlRequest;

/// `redoubt content activate`.
@Command(
    name = "activate",
    customSynopsis = "redoubt content activate [--json] [--no-wait] --unsigned BUNDLE",
    description = {
      "Bring a bundle into force, if nothing is wrong with it. Needs root and a running agent.",
      "",
      "Its engine loads it behind its walls and gets every vector of it. Then it is on trial: it is"
          + " put to the files and the past of this host, with the clock at several times, and for a"
          + " while a second process of the engine hears what the first one hears, without a vote. That"
          + " process then takes over; the first one judges until then. For a while more the content is"
          + " on probation: what goes wrong brings the content before it back."
    },
    footer = {
      "",
      "Exit status: 0 in force, 1 refused, others as redoubt --help says.",
      "redoubt content list shows what there is, redoubt content rollback takes it back."
    })
final class ContentActivateCommand extends Subcommand {
  /// The longest trial, and what comes before and after, take no longer.
  private static final Duration LONGEST = Duration.ofHours(26);

  private static final long BETWEEN_LOOKS_MILLIS = 100;

  @Option(
      names = "--unsigned",
      required = true,
      description =
          "Take it on your own word: whether a vendor and a trial runner have signed it is not"
              + " looked at.")
  private boolean unsigned;

  @Option(names = "--no-wait", description = "Do not wait until it is in force or refused.")
  private boolean noWait;

  @Parameters(paramLabel = "BUNDLE", description = "A file that redoubt content build made.")
  private Path file = Path.of("");

  private final ProgressLine progress = new ProgressLine(terminal(), () -> !wantsJson());

  ContentActivateCommand(Session session) {
    super(session);
  }

  /// What became of the bundle.
  private enum Outcome {
    TAKEN,
    IN_FORCE,
    REFUSED,
    GIVEN_UP
  }

  @Override
  public Integer call() {
    if (!unsigned) {
      throw new Problem(
          ExitCode.USAGE, "nobody's signature is looked at yet", "say so: --unsigned");
    }
    BundleManifest manifest = ContentCommands.with(file, BundleFile::manifest);
    Sha256 digest = ContentCommands.with(file, _ -> FileDigest.of(file));
    String taken =
        session()
            .agent()
            .patient()
            .change(new ControlRequest.ActivateContent(file.toAbsolutePath().toString()));
    if (noWait) {
      return tell(manifest, Outcome.TAKEN, taken);
    }
    try {
      return follow(manifest, digest);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return tell(manifest, Outcome.TAKEN, taken);
    } finally {
      progress.clear();
    }
  }

  private int follow(BundleManifest manifest, Sha256 digest) throws InterruptedException {
    long end = System.nanoTime() + LONGEST.toNanos();
    Predicate<Release> same = release -> release.digest().equals(digest);
    while (System.nanoTime() - end < 0) {
      Life life = life(manifest);
      Optional<Life.Refusal> refusal = life.refusalOf(digest);
      if (refusal.isPresent()) {
        return tell(manifest, Outcome.REFUSED, refusal.get().reason());
      }
      Optional<Life.Candidate> candidate = life.candidate().filter(on -> same.test(on.release()));
      boolean active = life.active().filter(same).isPresent();
      if (active && judgesWith(manifest)) {
        return tell(manifest, Outcome.IN_FORCE, candidate.isPresent() ? "on probation" : "good");
      }
      if (!active && candidate.isEmpty()) {
        return tell(
            manifest,
            Outcome.GIVEN_UP,
            "redoubt content history " + manifest.engine() + " says why");
      }
      candidate.ifPresent(on -> {
        if (progress.isDue()) {
          progress.show(word(on.stage()));
        }
      });
      Thread.sleep(BETWEEN_LOOKS_MILLIS);
    }
    throw new Problem(
        ExitCode.INTERNAL, "nothing came of it in time", "redoubt content list shows where it is");
  }

  private static String word(Life.Stage stage) {
    return switch (stage) {
      case VERIFIED -> "at admission";
      case ADMITTED -> "on trial";
      case TRIED, PROBATION -> "taking over";
    };
  }

  private Life life(BundleManifest manifest) {
    try {
      return new LifeFolders(session().directories().state()).of(manifest.engine()).read().life();
    } catch (IOException e) {
      throw ContentLifeCommands.unreadable(e);
    }
  }

  /// The state is on disk before the engine has it.
  private boolean judgesWith(BundleManifest manifest) {
    String version = manifest.contentVersion();
    for (ControlReply.Engine engine : session().agent().status().engines()) {
      if (engine.id().equals(manifest.engine().value())) {
        return engine.contentVersion().equals(version) && engine.state().equals("ready");
      }
    }
    return false;
  }

  private int tell(BundleManifest manifest, Outcome outcome, String detail) {
    progress.clear();
    String word = outcome.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    if (wantsJson()) {
      ObjectNode node = object();
      node.put("engine", manifest.engine().value());
      node.put("vendor", manifest.vendor());
      node.put("name", manifest.name());
      node.put("version", manifest.version());
      node.put("outcome", word);
      terminal().json(node.put("detail", detail));
    } else {
      boolean good = outcome == Outcome.IN_FORCE || outcome == Outcome.TAKEN;
      terminal()
          .line(
              terminal().paint(good ? Tone.GOOD : Tone.BAD, word)
                  + ": "
                  + manifest.vendor()
                  + "/"
                  + manifest.name()
                  + " "
                  + manifest.version()
                  + ", "
                  + Printable.of(detail));
    }
    return switch (outcome) {
      case TAKEN, IN_FORCE -> ExitCode.OK;
      case REFUSED, GIVEN_UP -> ExitCode.NO;
    };
  }
}
