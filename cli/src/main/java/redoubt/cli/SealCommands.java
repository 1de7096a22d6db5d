package redoubt.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import redoubt.agent.policy.PolicyException;
import redoubt.agent.seal.Flaw;
import redoubt.agent.seal.Seal;
import redoubt.agent.seal.SealReport;
import redoubt.agent.seal.SealedInstallation;
import redoubt.cli.Terminal.Tone;
import redoubt.core.wire.ControlRequest;

/// `redoubt seal` and what is below it.
final class SealCommands {
  private SealCommands() {}

  /// `redoubt seal`.
  @Command(
      name = "seal",
      synopsisSubcommandLabel = "set|check|remove",
      description = {
        "Keep the files of Redoubt and its engines as they are.",
        "",
        "A seal is the digest of every file of the installation, of the manifests of all registered"
            + " engines and of the files that those name, signed with this host's owner key. The"
            + " agent compares them at every start and every hour; it starts no engine whose files"
            + " are others, and reports every difference. While sealed, the files cannot be"
            + " changed, renamed or deleted by anybody.",
        "",
        "Files of packages and the Java runtime are left out: their package manager looks after"
            + " them. Before an upgrade: redoubt seal remove."
      })
  static final class Group extends CommandGroup {
    Group(Session session) {
      super(session, "what to do with the seal: set, check or remove", "redoubt seal --help");
    }
  }

  /// The passphrase of the seal that there is, empty if it has none.
  ///
  /// @throws Problem if it needs one that is not said, or another is
  private static String authorisation(Session session, PassphraseSource source) {
    Optional<Seal> seal;
    try {
      seal = session.installation().seal();
    } catch (PolicyException _) {
      seal = Optional.empty(); // what cannot be believed cannot ask for anything
    }
    if (seal.isEmpty() || !seal.get().needsPassphrase()) {
      requireAgentAsksForNothing(session);
      return "";
    }
    String words = source.ask();
    if (!seal.get().isAuthorisedBy(words)) {
      throw new Problem(
          ExitCode.PERMISSION, "that is not the owner's passphrase", "ask this host's owner");
    }
    return words;
  }

  /// A running agent remembers the seal that it was told of, whatever became of it on the disk.
  private static void requireAgentAsksForNothing(Session session) {
    boolean asks;
    try {
      asks = session.agent().status().seal().needsPassphrase();
    } catch (Problem e) {
      if (e.exitCode() != ExitCode.NO_AGENT) {
        throw e;
      }
      asks = false;
    }
    if (asks) {
      throw new Problem(
          ExitCode.PERMISSION,
          "the seal was changed behind the back of the running agent, which asks for the"
              + " passphrase",
          "stop the agent first: redoubt stop");
    }
  }

  private static void requireRoot() {
    if (!ProcessUser.isRoot()) {
      throw new Problem(ExitCode.PERMISSION, "changing the seal needs root", "try sudo");
    }
  }

  /// `redoubt seal set`.
  @Command(
      name = "set",
      description = {
        "Vouch for all files as they are now, and make them immutable.",
        "",
        "Also makes a new seal in place of an old one: after an engine was added, for example."
      })
  static final class Set extends Subcommand {
    @Option(
        names = "--ask",
        description =
            "Choose a passphrase that is asked for before the agent is stopped or the seal is"
                + " changed. A seal that has one keeps it unless --ask chooses another.")
    private boolean ask;

    @Option(
        names = "--new-passphrase-file",
        paramLabel = "FILE",
        description = "With --ask: take the new passphrase from the first line of FILE.")
    private @Nullable Path newPassphraseFile;

    @Option(names = "--do-not-ask", description = "Take no passphrase over from the old seal.")
    private boolean doNotAsk;

    @Mixin private PassphraseSource passphrase = new PassphraseSource();

    Set(Session session) {
      super(session);
    }

    @Override
    public Integer call() {
      requireRoot();
      String before = authorisation(session(), passphrase);
      Optional<String> words = Optional.empty();
      if (ask) {
        words = Optional.of(passphrase.askNew(newPassphraseFile));
      } else if (!before.isEmpty() && !doNotAsk) {
        words = Optional.of(before);
      }
      try {
        SealedInstallation.Done done =
            session()
                .installation()
                .set(
                    ProcessUser.loginId(),
                    session().clock().instant().truncatedTo(ChronoUnit.SECONDS),
                    words);
        String when = PolicyChanges.tell(session(), new ControlRequest.ReloadSeal(before));
        if (wantsJson()) {
          ObjectNode node = object();
          node.put("files", done.files());
          node.put("notImmutable", done.loose());
          node.put("digest", done.seal().digests().toString());
          node.put("asks", done.seal().needsPassphrase());
          node.put("effect", when);
          terminal().json(node);
        } else {
          print(done, when);
        }
        return ExitCode.OK;
      } catch (IllegalArgumentException e) {
        throw new Problem(ExitCode.USAGE, String.valueOf(e.getMessage()), "choose another");
      } catch (PolicyException e) {
        throw PolicyChanges.problem(e);
      }
    }

    private void print(SealedInstallation.Done done, String when) {
      terminal().line("sealed " + done.files() + " files, " + when);
      terminal().line("digest  " + done.seal().digests());
      if (done.loose() > 0) {
        terminal()
            .line(
                terminal().paint(Tone.WARNING, "note")
                    + "    "
                    + done.loose()
                    + " of them lie on a file system where nothing can be made immutable");
      }
      if (done.seal().needsPassphrase()) {
        terminal().line("asks    for the passphrase before the agent stops or the seal changes");
      }
    }
  }

  /// `redoubt seal check`.
  @Command(
      name = "check",
      description = {
        "Compare every file with what was sealed.",
        "",
        "Exit status 0 if all are as they were, 1 if not, or if nothing is sealed."
      })
  static final class Check extends Subcommand {
    Check(Session session) {
      super(session);
    }

    @Override
    public Integer call() {
      try {
        Optional<SealReport> report = session().installation().check();
        if (report.isEmpty()) {
          throw new Problem(
              ExitCode.NO, "this installation is not sealed", "to seal it: redoubt seal set");
        }
        if (wantsJson()) {
          terminal().json(json(report.get()));
        } else {
          print(report.get());
        }
        return report.get().isWhole() ? ExitCode.OK : ExitCode.NO;
      } catch (PolicyException e) {
        throw PolicyChanges.problem(e);
      }
    }

    private static ObjectNode json(SealReport report) {
      Seal seal = report.seal();
      ObjectNode node = object();
      node.put("whole", report.isWhole());
      node.put("files", report.files());
      node.put("sealedAt", seal.at().toString());
      node.put("digest", seal.digests().toString());
      node.put("asks", seal.needsPassphrase());
      ArrayNode flaws = node.putArray("flaws");
      for (Flaw flaw : report.flaws()) {
        flaws.addObject().put("file", flaw.file().toString()).put("what", flaw.kind().name());
      }
      return node;
    }

    private void print(SealReport report) {
      for (Flaw flaw : report.flaws()) {
        terminal()
            .line(
                terminal().paint(Tone.BAD, "broken")
                    + "  "
                    + Printable.of(flaw.file() + " " + flaw.kind().words()));
      }
      terminal()
          .line(
              report.files()
                  + " files, sealed "
                  + Times.local(report.seal().at().toEpochMilli(), session().clock().getZone())
                  + (report.isWhole()
                      ? ": " + terminal().paint(Tone.GOOD, "all as they were")
                      : ""));
    }
  }

  /// `redoubt seal remove`.
  @Command(
      name = "remove",
      description = {
        "Make all files changeable again, and forget what they were.",
        "",
        "Needed before Redoubt or a sealed engine is upgraded or removed."
      })
  static final class Remove extends Subcommand {
    @Mixin private PassphraseSource passphrase = new PassphraseSource();

    Remove(Session session) {
      super(session);
    }

    @Override
    public Integer call() {
      requireRoot();
      String words = authorisation(session(), passphrase);
      try {
        if (!session().installation().remove()) {
          throw new Problem(
              ExitCode.NO, "this installation is not sealed", "there is nothing to remove");
        }
        String when = PolicyChanges.tell(session(), new ControlRequest.ReloadSeal(words));
        if (wantsJson()) {
          terminal().json(object().put("removed", true).put("effect", when));
        } else {
          terminal().line("the seal is removed, " + when);
        }
        return ExitCode.OK;
      } catch (PolicyException e) {
        throw PolicyChanges.problem(e);
      }
    }
  }
}
