package redoubt.agent;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import redoubt.agent.health.Notices;
import redoubt.agent.health.TimeSource;
import redoubt.agent.policy.PolicyException;
import redoubt.agent.registry.Register;
import redoubt.agent.seal.Flaw;
import redoubt.agent.seal.Seal;
import redoubt.agent.seal.SealReport;
import redoubt.agent.seal.SealedInstallation;
import redoubt.core.model.PlatformNotice;
import redoubt.core.model.Sha256;
import redoubt.core.wire.ControlReply;

/// Keeps to the owner's seal while the agent runs: starts no engine whose files are others than
/// those sealed, asks for the passphrase, and says when files or the seal itself change.
///
/// A file that is not what was sealed never keeps the host from being protected: what can go on
/// goes on, and everybody is told. Thread-safe.
final class SealGuard {
  private static final Duration CHECK_INTERVAL = Duration.ofHours(1);

  /// The most flaws that are reported one by one.
  private static final int MOST_REPORTED = 20;

  /// After a wrong passphrase none is looked at for this long; it doubles up to the most.
  private static final Duration LEAST_PAUSE = Duration.ofSeconds(1);

  private static final Duration MOST_PAUSE = Duration.ofMinutes(1);

  private final SealedInstallation installation;
  private final Notices notices;
  private final TimeSource time;

  private @Nullable Seal seal;
  private @Nullable SealReport report;
  private String broken = "";

  /// What the seal's text was when the agent started, or was told of a new one.
  private Optional<Sha256> announced = Optional.empty();

  private Optional<Sha256> seen = Optional.empty();
  private Optional<Sha256> reported = Optional.empty();
  private volatile boolean checked;
  private long nextCheckNanos;
  private Duration pause = Duration.ZERO;
  private long pausedUntilNanos;

  SealGuard(SealedInstallation installation, Notices notices, TimeSource time) {
    this.installation = installation;
    this.notices = notices;
    this.time = time;
  }

  /// Takes the seal that is there now, reads every sealed file, and reports what is wrong. Nobody
  /// waits for the reading.
  void check() {
    Optional<Sha256> fingerprint = installation.fingerprint();
    @Nullable SealReport found = null;
    String problem = "";
    try {
      found = installation.check().orElse(null);
    } catch (PolicyException e) {
      problem = e.getMessage() + "; " + e.fix();
    }
    synchronized (this) {
      announced = fingerprint;
      seen = fingerprint;
      reported = fingerprint;
      nextCheckNanos = time.nanos() + CHECK_INTERVAL.toNanos();
      // A seal that cannot be believed leaves the known one in force: its passphrase is asked for.
      if (problem.isEmpty()) {
        seal = found == null ? null : found.seal();
      }
      report = found;
      broken = problem;
    }
    checked = true;
    if (!problem.isEmpty()) {
      tampered("seal", problem);
    }
    if (found != null) {
      List<Flaw> flaws = found.flaws();
      flaws.stream().limit(MOST_REPORTED).forEach(this::report);
      if (flaws.size() > MOST_REPORTED) {
        tampered("seal", "more files are not what was sealed: count=" + flaws.size());
      }
    }
  }

  private void report(Flaw flaw) {
    tampered(
        flaw.file().toString(), "a sealed file " + flaw.kind().words() + ": file=" + flaw.file());
  }

  private void tampered(String subject, String message) {
    System.err.println("redoubt: " + message);
    notices.report(PlatformNotice.Kind.TAMPERED, subject, message);
  }

  /// Whether every engine may run; no if some have to be ended that were started before the first
  /// check was through.
  synchronized boolean isWhole() {
    SealReport found = report;
    return broken.isEmpty() && (found == null || found.isWhole());
  }

  /// Whether an engine may be started: nothing is sealed, its files are what was sealed, or nobody
  /// has looked yet. Says so if not.
  boolean mayStart(Register.Entry engine) {
    return !checked || vouchesFor(engine);
  }

  private synchronized boolean vouchesFor(Register.Entry engine) {
    SealReport found = report;
    boolean may = found == null ? broken.isEmpty() : installation.vouchesFor(found, engine);
    if (!may) {
      tampered(
          engine.manifest().id().value(),
          "an engine is not started, its files are not those sealed: manifest="
              + engine.file()
              + "; redoubt seal check says which, redoubt seal set vouches for them as they are");
    }
    return may;
  }

  /// Looks again from time to time, and whether the seal was changed without a word to the agent:
  /// only what is seen twice counts, since the command line tells a moment after it wrote.
  ///
  /// @return whether every file was looked at now
  boolean watch() {
    Optional<Sha256> now = installation.fingerprint();
    boolean due;
    synchronized (this) {
      boolean again = now.equals(seen);
      seen = now;
      if (!now.equals(announced)) {
        if (again && !now.equals(reported)) {
          reported = now;
          report = null;
          broken = "the seal was changed or taken away without the agent being told";
          tampered("seal", broken + "; redoubt seal set makes a new one");
        }
        return false;
      }
      due = seal != null && time.nanos() - nextCheckNanos >= 0;
    }
    if (due) {
      check();
    }
    return due;
  }

  /// Takes the seal that the owner has made, replaced or removed.
  ///
  /// @param words the passphrase of the seal before, empty if none was asked for
  /// @return why not, or nothing
  Optional<ControlReply.Failed> reload(String words) {
    Optional<ControlReply.Failed> refusal = refusal(words, "changing the seal");
    if (refusal.isPresent()) {
      return refusal;
    }
    check();
    synchronized (this) {
      SealReport found = report;
      if (broken.isEmpty()) {
        notices.report(
            PlatformNotice.Kind.POLICY_CHANGED,
            "seal",
            found == null ? "the seal was removed" : "sealed: files=" + found.files());
      }
    }
    return Optional.empty();
  }

  /// Why somebody may not do what needs the owner's authorisation, or nothing if they may.
  ///
  /// @param words the passphrase that they said, empty if none
  /// @param what the beginning of a sentence
  synchronized Optional<ControlReply.Failed> refusal(String words, String what) {
    Seal known = seal;
    if (known == null || !known.needsPassphrase()) {
      return Optional.empty();
    }
    if (words.isEmpty()) {
      return refused(what + " needs the owner's passphrase");
    }
    long now = time.nanos();
    if (now - pausedUntilNanos < 0 && !pause.isZero()) {
      return refused(
          "a wrong passphrase was given a moment ago, none is looked at for a while: seconds="
              + pause.toSeconds());
    }
    if (known.isAuthorisedBy(words)) {
      pause = Duration.ZERO;
      return Optional.empty();
    }
    pause = pause.isZero() ? LEAST_PAUSE : pause.multipliedBy(2);
    pause = pause.compareTo(MOST_PAUSE) > 0 ? MOST_PAUSE : pause;
    pausedUntilNanos = time.nanos() + pause.toNanos();
    tampered("passphrase", "a wrong passphrase was given: for=" + what);
    return refused("that is not the owner's passphrase");
  }

  private static Optional<ControlReply.Failed> refused(String why) {
    return Optional.of(
        new ControlReply.Failed(
            "permission",
            why,
            "type it on a terminal, or name a file that has it with --passphrase-file; after a wrong"
                + " one, wait a little"));
  }

  /// What `redoubt status` shows.
  synchronized ControlReply.Seal status() {
    Seal known = seal;
    SealReport found = report;
    boolean asks = known != null && known.needsPassphrase();
    if (!broken.isEmpty()) {
      return new ControlReply.Seal("broken", broken, asks);
    }
    if (known == null || found == null) {
      return new ControlReply.Seal("none", "", false);
    }
    return found.isWhole()
        ? new ControlReply.Seal("whole", "files=" + found.files() + " since=" + known.at(), asks)
        : new ControlReply.Seal(
            "broken",
            found.flaws().size()
                + " of "
                + found.files()
                + " files are not what was sealed, "
                + found.flaws().getFirst().file()
                + " among them",
            asks);
  }
}
