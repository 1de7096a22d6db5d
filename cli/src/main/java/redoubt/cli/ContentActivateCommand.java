package redoubt.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
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
import redoubt.core.content.PlatformRelease;
import redoubt.core.content.life.Life;
import redoubt.core.content.life.Release;
import redoubt.core.model.EngineId;
import redoubt.core.wire.ControlReply;
import redoubt.core.wire.ControlRequest;

/// `redoubt content activate`.
@Command(
    name = "activate",
    customSynopsis = {
      "redoubt content activate [--json] [--no-wait] TARGET",
      "redoubt content activate [--json] [--no-wait] --unsigned BUNDLE"
    },
    description = {
      "Bring a bundle into force, if nothing is wrong with it. Needs root and a running agent.",
      "",
      "A TARGET is fetched from the repository that this host trusts for its vendor (redoubt trust-root),"
          + " and taken only if the vendor and a trial runner have signed it and nothing that vouches for"
          + " it has expired. A file is taken on your own word.",
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
      description =
          "Take a file on your own word: whether a vendor and a trial runner have signed it is not"
              + " looked at.")
  private boolean unsigned;

  @Option(names = "--no-wait", description = "Do not wait until it is in force or refused.")
  private boolean noWait;

  @Parameters(
      paramLabel = "TARGET",
      description =
          "VENDOR/ENGINE/NAME-VERSION.bundle, as its vendor publishes it; with --unsigned a file that"
              + " redoubt content build made.")
  private String bundle = "";

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
    ControlReply.Taken taken = unsigned ? takenFile(Path.of(bundle)) : fetched();
    if (noWait) {
      return tell(taken, Outcome.TAKEN, "it is tried now");
    }
    try {
      return follow(taken);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return tell(taken, Outcome.TAKEN, "it is tried now");
    } finally {
      progress.clear();
    }
  }

  private ControlReply.Taken takenFile(Path file) {
    ContentCommands.with(file, BundleFile::manifest);
    return session()
        .agent()
        .patient()
        .take(new ControlRequest.ActivateContent(file.toAbsolutePath().toString()));
  }

  private ControlReply.Taken fetched() {
    if (Files.exists(Path.of(bundle))) {
      throw new Problem(
          ExitCode.USAGE,
          "a file is taken on its owner's word alone: file=" + bundle,
          "say so: --unsigned; or name it as its vendor publishes it: VENDOR/ENGINE/NAME-VERSION.bundle");
    }
    progress.show("fetching");
    try {
      return session().agent().fetching().take(new ControlRequest.FetchContent(bundle));
    } finally {
      progress.clear();
    }
  }

  private int follow(ControlReply.Taken taken) throws InterruptedException {
    long end = System.nanoTime() + LONGEST.toNanos();
    Predicate<Release> same = release -> release.digest().equals(taken.digest());
    while (System.nanoTime() - end < 0) {
      Life life = ContentLifeCommands.life(session(), new EngineId(taken.engine()));
      Optional<Life.Refusal> refusal = life.refusalOf(taken.digest());
      if (refusal.isPresent()) {
        return tell(taken, Outcome.REFUSED, refusal.get().reason());
      }
      Optional<Life.Candidate> candidate = life.candidate().filter(on -> same.test(on.release()));
      boolean active = life.active().filter(same).isPresent();
      if (active && judgesWith(taken)) {
        return tell(taken, Outcome.IN_FORCE, candidate.isPresent() ? "on probation" : "good");
      }
      if (!active && candidate.isEmpty()) {
        return tell(
            taken, Outcome.GIVEN_UP, "redoubt content history " + taken.engine() + " says why");
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

  /// The state is on disk before the engine has it.
  private boolean judgesWith(ControlReply.Taken taken) {
    if (taken.engine().equals(PlatformRelease.ENGINE.value())) {
      return RunningRelease.find(session().directories())
          .filter(running -> running.isFrom(taken.digest()))
          .isPresent();
    }
    EngineId id = new EngineId(taken.engine());
    String engine = id.released().orElse(id).value();
    String version = taken.vendor() + "-" + taken.version();
    return session().agent().status().engines().stream()
        .filter(each -> each.id().equals(engine) && each.state().equals("ready"))
        .anyMatch(each ->
            id.released().isPresent()
                ? taken.digest().equals(each.release())
                : each.contentVersion().equals(version));
  }

  private int tell(ControlReply.Taken taken, Outcome outcome, String detail) {
    progress.clear();
    String word = outcome.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    if (wantsJson()) {
      ObjectNode node = object();
      node.put("engine", taken.engine());
      node.put("vendor", taken.vendor());
      node.put("name", taken.name());
      node.put("version", taken.version());
      node.put("outcome", word);
      terminal().json(node.put("detail", detail));
    } else {
      boolean good = outcome == Outcome.IN_FORCE || outcome == Outcome.TAKEN;
      terminal()
          .line(
              terminal().paint(good ? Tone.GOOD : Tone.BAD, word)
                  + ": "
                  + taken.vendor()
                  + "/"
                  + taken.name()
                  + " "
                  + taken.version()
                  + ", "
                  + Printable.of(detail));
    }
    return switch (outcome) {
      case TAKEN, IN_FORCE -> ExitCode.OK;
      case REFUSED, GIVEN_UP -> ExitCode.NO;
    };
  }
}
