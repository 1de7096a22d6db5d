package redoubt.agent.quarantine;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import redoubt.agent.bounded.CountWindow;
import redoubt.agent.decision.FileQuarantine;
import redoubt.agent.decision.Inquiry;
import redoubt.agent.health.Counter;
import redoubt.agent.health.Counters;
import redoubt.agent.health.Notices;
import redoubt.agent.health.TimeSource;
import redoubt.agent.hook.Operation;
import redoubt.core.linux.Descriptors;
import redoubt.core.linux.Errno;
import redoubt.core.model.EngineId;
import redoubt.core.model.EngineOpinion;
import redoubt.core.model.Octets;
import redoubt.core.model.PlatformNotice;
import redoubt.core.model.ResponseWish;
import redoubt.core.model.Sha256;

/// Puts away what engines wish and their owner granted, one file after the other on a thread of its
/// own, and what the owner names, on his; says of each what became of it.
///
/// An engine has [#MOST_PER_MINUTE] files a minute: one that has gone wrong must not empty the
/// host. What it denies beyond that is denied all the same.
///
/// Thread-safe.
public final class QuarantineDesk implements FileQuarantine, AutoCloseable {
  /// How many files an engine may have put away in a minute.
  public static final int MOST_PER_MINUTE = 20;

  /// How many may wait; each keeps its file open.
  private static final int WAITING = 64;

  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final Vault vault;
  private final SparedFiles spared;
  private final Consumer<Operation> release;
  private final Counters counters;
  private final Notices notices;
  private final TimeSource time;
  private final BlockingQueue<Waiting> waiting = new ArrayBlockingQueue<>(WAITING);
  private final Map<String, CountWindow> byEngine = new HashMap<>();
  private final Thread thread;

  /// A file that an engine wishes to be put away.
  ///
  /// @param descriptor the file; only its place (`O_PATH`) where nobody has opened it yet
  /// @param done gives the descriptor back
  private record Waiting(
      int descriptor,
      @Nullable Sha256 sha256,
      EngineId engine,
      String rule,
      String reason,
      Runnable done) {}

  private QuarantineDesk(
      Vault vault,
      SparedFiles spared,
      Consumer<Operation> release,
      Counters counters,
      Notices notices,
      TimeSource time) {
    this.vault = vault;
    this.spared = spared;
    this.release = release;
    this.counters = counters;
    this.notices = notices;
    this.time = time;
    thread = Thread.ofPlatform().name("quarantine").daemon().unstarted(this::run);
  }

  /// Opens the desk; its thread begins with what an agent before was interrupted in.
  ///
  /// @param spared what is never put away
  /// @param release gives an operation back that was retained
  public static QuarantineDesk open(
      Vault vault,
      SparedFiles spared,
      Consumer<Operation> release,
      Counters counters,
      Notices notices,
      TimeSource time) {
    QuarantineDesk desk = new QuarantineDesk(vault, spared, release, counters, notices, time);
    desk.thread.start();
    return desk;
  }

  @Override
  public void wished(Inquiry inquiry, EngineOpinion.Answered opinion) {
    Operation operation = inquiry.operation();
    operation.retain();
    offer(
        new Waiting(
            operation.descriptor(),
            digest(inquiry),
            opinion.engine(),
            opinion.rule(),
            opinion.reason(),
            () -> release.accept(operation)),
        inquiry.path());
  }

  private void offer(Waiting wish, String path) {
    if (!waiting.offer(wish)) {
      wish.done().run();
      refuse(wish.engine().value(), path, wish.rule(), "too many files wait");
    }
  }

  /// What was read may not be what is there any more.
  private static @Nullable Sha256 digest(Inquiry inquiry) {
    return inquiry.stable() ? inquiry.sha256() : null;
  }

  private void run() {
    recover();
    try {
      while (!Thread.currentThread().isInterrupted()) {
        Waiting next = waiting.take();
        try {
          putAway(next);
        } finally {
          next.done().run();
        }
      }
    } catch (InterruptedException _) {
      waiting.forEach(left -> left.done().run());
    }
  }

  private void recover() {
    try {
      vault.recover();
    } catch (QuarantineException e) {
      refuse("quarantine", "", "", e.getMessage());
    } finally {
      tellRecovered();
    }
  }

  /// Something that is done with a file in the vault.
  @FunctionalInterface
  private interface VaultStep {
    QuarantinedFile run() throws QuarantineException;
  }

  /// Whatever is done with the vault finishes first what was interrupted before.
  private QuarantinedFile inVault(VaultStep step) throws QuarantineException {
    try {
      return step.run();
    } finally {
      tellRecovered();
    }
  }

  private void tellRecovered() {
    int recovered = vault.drainRecovered();
    if (recovered > 0) {
      notices.report(
          PlatformNotice.Kind.QUARANTINED,
          "quarantine",
          "finished or undid what was interrupted: files=" + recovered);
    }
  }

  private void putAway(Waiting wish) {
    String path = Descriptors.readLink(wish.descriptor());
    if (vault.holds(wish.descriptor())) {
      // It was executed or opened several times before it was put away.
      return;
    }
    int wishes = countOf(wish.engine());
    if (wishes > MOST_PER_MINUTE) {
      refuseBeyondShare(wishes, wish.engine(), path, wish.rule());
      return;
    }
    try {
      putAway(
          wish.descriptor(),
          wish.sha256(),
          new QuarantineCause(
              wish.engine().value(), wish.rule(), wish.reason(), QuarantineCause.NOBODY, now()),
          false);
    } catch (QuarantineException e) {
      refuse(wish.engine().value(), path, wish.rule(), e.getMessage());
    }
  }

  /// One notice a minute says it; the others are counted.
  private void refuseBeyondShare(int wishes, EngineId engine, String path, String rule) {
    if (wishes == MOST_PER_MINUTE + 1) {
      refuse(
          engine.value(),
          path,
          rule,
          "the engine has had " + MOST_PER_MINUTE + " files this minute, more stay denied");
    } else {
      counters.add(Counter.QUARANTINE_REFUSED);
    }
  }

  private int countOf(EngineId engine) {
    synchronized (byEngine) {
      return byEngine
          .computeIfAbsent(engine.value(), _ -> new CountWindow(MINUTE))
          .add(time.nanos());
    }
  }

  /// Has the program that a process runs put away; the process may end at once. Does not wait.
  public void putAway(ResponseWish wish, int pid) {
    // Opening the file itself can wait for its file system, and with it whoever is to be ended.
    int program = Descriptors.openPath("/proc/" + pid + "/exe");
    if (program < 0) {
      refuse(wish.engine().value(), wish.process().image(), wish.rule(), "it cannot be opened");
      return;
    }
    offer(
        new Waiting(
            program,
            null,
            wish.engine(),
            wish.rule(),
            "a process that runs it was found",
            () -> Descriptors.close(program)),
        wish.process().image());
  }

  @Override
  public String putAway(Inquiry inquiry, EngineOpinion.Answered opinion, int uid) {
    try {
      QuarantinedFile file =
          putAway(
              inquiry.operation().descriptor(),
              digest(inquiry),
              new QuarantineCause(
                  opinion.engine().value(), opinion.rule(), opinion.reason(), uid, now()),
              false);
      return "put away as " + file.id();
    } catch (QuarantineException e) {
      return "not put away: " + e.getMessage();
    }
  }

  /// Puts away a file that the owner names.
  ///
  /// @param descriptor the file; its place (`O_PATH`) is enough, since its owner may be denied to
  ///   open it; stays the caller's
  /// @param uid who wants it
  /// @throws QuarantineException if it is spared or cannot be; it stays where it is
  public QuarantinedFile putAway(int descriptor, int uid) throws QuarantineException {
    return putAway(descriptor, null, new QuarantineCause("", "", "", uid, now()), true);
  }

  private QuarantinedFile putAway(
      int descriptor, @Nullable Sha256 sha256, QuarantineCause cause, boolean byOwner)
      throws QuarantineException {
    String path = Descriptors.readLink(descriptor);
    Optional<String> why = spared.reason(descriptor, path, byOwner);
    if (why.isPresent()) {
      throw new QuarantineException(why.get() + ": path=" + path, "it stays where it is");
    }
    QuarantinedFile file =
        inVault(() -> {
          try (Opening opened = Opening.of(descriptor)) {
            return vault.putAway(opened.descriptor(), sha256, cause);
          }
        });
    counters.add(Counter.QUARANTINED);
    notices.report(
        PlatformNotice.Kind.QUARANTINED,
        cause.engine().isEmpty() ? "owner" : cause.engine(),
        "put a file away: id="
            + file.id()
            + " path="
            + file.pathText()
            + " sha256="
            + digest(file)
            + (cause.rule().isEmpty() ? "" : " rule=" + cause.rule())
            + byUser(cause.uid()));
    return file;
  }

  private static String digest(QuarantinedFile file) {
    return file.sha256() == null ? "unknown" : file.sha256().toString();
  }

  /// A file that can be read: the one that was given, or one of our own opening of it.
  private record Opening(int descriptor, boolean ours) implements AutoCloseable {
    static Opening of(int descriptor) throws QuarantineException {
      if (Descriptors.isReadable(descriptor)) {
        return new Opening(descriptor, false);
      }
      int opened = Descriptors.reopen(descriptor);
      if (opened < 0) {
        throw new QuarantineException(
            "the file cannot be opened: path="
                + Descriptors.readLink(descriptor)
                + " error="
                + Errno.name(opened),
            "see whether its file system can be read");
      }
      return new Opening(opened, true);
    }

    @Override
    public void close() {
      if (ours) {
        Descriptors.close(descriptor);
      }
    }
  }

  /// Gives a file back.
  ///
  /// @param target where to, null for where it was
  /// @param uid who wants it
  /// @throws QuarantineException if it cannot be; it stays in the vault
  public QuarantinedFile restore(long id, @Nullable Octets target, int uid)
      throws QuarantineException {
    QuarantinedFile file = inVault(() -> vault.restore(id, target));
    left("gave a file back", file, target == null ? file.path() : target, uid);
    return file;
  }

  /// Ends a file for good.
  ///
  /// @param uid who wants it
  /// @throws QuarantineException if there is none with that number
  public QuarantinedFile delete(long id, int uid) throws QuarantineException {
    QuarantinedFile file = inVault(() -> vault.delete(id));
    left("deleted a file for good", file, file.path(), uid);
    return file;
  }

  private void left(String what, QuarantinedFile file, Octets path, int uid) {
    notices.report(
        PlatformNotice.Kind.UNQUARANTINED,
        "owner",
        what
            + ": id="
            + file.id()
            + " path="
            + QuarantinedFile.text(path)
            + " sha256="
            + digest(file)
            + byUser(uid));
  }

  /// How many files are in quarantine, as far as this desk knows.
  public int held() {
    return vault.held();
  }

  private static String byUser(int uid) {
    return uid == QuarantineCause.NOBODY ? "" : " uid=" + uid;
  }

  private Instant now() {
    return Instant.ofEpochMilli(time.wallMillis());
  }

  private void refuse(String engine, String path, String rule, String why) {
    counters.add(Counter.QUARANTINE_REFUSED);
    notices.report(
        PlatformNotice.Kind.QUARANTINE_REFUSED,
        engine,
        "a file was not put away: "
            + why
            + (why.contains("path=") ? "" : " path=" + path)
            + " rule="
            + rule);
  }

  /// What waits is not put away any more; what was begun is finished, or by the next agent.
  @Override
  public void close() {
    thread.interrupt();
  }
}
