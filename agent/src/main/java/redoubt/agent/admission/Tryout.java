package redoubt.agent.admission;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import redoubt.agent.admission.AdmissionReport.Problem;
import redoubt.agent.admission.AdmissionReport.Step;
import redoubt.agent.confinement.ConfinedEngine;
import redoubt.agent.confinement.EngineGroups;
import redoubt.agent.confinement.EngineOutput;
import redoubt.agent.confinement.EngineSandbox;
import redoubt.agent.confinement.EngineUsage;
import redoubt.agent.engine.EngineContent;
import redoubt.agent.registry.EngineLimits;
import redoubt.agent.registry.EngineManifest;
import redoubt.core.content.BundleFile;
import redoubt.core.content.ContentException;
import redoubt.core.linux.Descriptors;
import redoubt.core.linux.LinuxException;
import redoubt.core.linux.SeccompFilter;
import redoubt.core.linux.SeqPacketSocket;
import redoubt.core.model.EngineId;
import redoubt.core.wire.BundleManifest;
import redoubt.core.wire.EngineMessage;

/// One process of an engine that loads a bundle behind the walls in which it would serve, is put to
/// an exam, and is ended.
///
/// An engine's failure is a problem of the bundle, and an exception only what kept it from being
/// tried. For one [#run], which blocks until the engine has ended.
final class Tryout {
  /// How long an engine may take to end once it has lost its connection.
  private static final int LAST_MILLIS = 200;

  /// What an engine is put to once it has its content.
  interface Exam {
    /// What a failure in it is a failure of.
    Step step();

    /// How much processor time it has at first, in milliseconds.
    long millis();

    /// Puts everything to the engine.
    ///
    /// @param tryout is asked whether the engine goes on, now and then
    /// @throws RefusedException if the engine ends, or does what it must not
    void take(Conversation conversation, Tryout tryout)
        throws IOException, ContentException, RefusedException;

    /// How far it has come, such as `3 of 12 vectors`; empty before the first.
    String progress();
  }

  private final Tryouts where;
  private final BundleFile bundle;
  private final EngineManifest engine;
  private final Duration ahead;
  private final Exam exam;
  private String engineVersion = "";
  private long entries;
  private long loadMillis;
  private long examMillis;
  private long mostBytes;
  private volatile boolean flooded;
  private volatile @Nullable SeqPacketSocket connected;
  private volatile @Nullable Runnable end;
  private @Nullable Budget budget;

  /// @param ahead how far the engine's clock is ahead of the host's
  Tryout(Tryouts where, BundleFile bundle, EngineManifest engine, Duration ahead, Exam exam) {
    this.where = where;
    this.bundle = bundle;
    this.engine = within(engine, bundle.manifest());
    this.ahead = ahead;
    this.exam = exam;
  }

  /// The engine with no more memory than its content may take.
  private static EngineManifest within(EngineManifest engine, BundleManifest bundle) {
    EngineLimits limits = engine.limits();
    int memoryMiB = Math.max(16, Math.min(limits.memoryMiB(), bundle.limits().memoryMiB()));
    return new EngineManifest(
        engine.id(),
        engine.command(),
        engine.asks(),
        engine.content(),
        engine.view(),
        new EngineLimits(
            memoryMiB,
            limits.processes(),
            limits.openFiles(),
            limits.cpuPercent(),
            limits.scratchMiB()),
        engine.release());
  }

  /// Empty if the engine never said it.
  String engineVersion() {
    return engineVersion;
  }

  /// How many entries the engine says it has.
  long entries() {
    return entries;
  }

  /// Processor time from the engine's hello until it was ready.
  long loadMillis() {
    return loadMillis;
  }

  /// Processor time of the exam.
  long examMillis() {
    return examMillis;
  }

  /// The most memory that its processes were seen to hold.
  long mostBytes() {
    return mostBytes;
  }

  /// Runs it.
  ///
  /// @return what was wrong with the bundle; empty if nothing was
  /// @throws IOException if the bundle cannot be read, or there is no room for the try
  Optional<Problem> run() throws IOException {
    where.turn().lock();
    try {
      requireFor(bundle.manifest());
      start();
      return Optional.empty();
    } catch (RefusedException e) {
      return Optional.of(e.problem());
    } catch (ContentException e) {
      return Optional.of(new Problem(Step.BUNDLE, String.valueOf(e.getMessage())));
    } catch (LinuxException | UncheckedIOException e) {
      throw new IOException("the engine cannot be tried: " + e.getMessage(), e);
    } finally {
      where.turn().unlock();
    }
  }

  private void requireFor(BundleManifest manifest) throws RefusedException {
    EngineId of = manifest.engine().released().orElse(manifest.engine());
    if (!of.equals(engine.id())) {
      throw new RefusedException(
          Step.ENGINE,
          "for another engine: bundle=" + manifest.engine() + " engine=" + engine.id());
    }
  }

  private void start() throws IOException, ContentException, RefusedException {
    Tryouts.Place place = where.place();
    Path filter = place.directory().resolve("admission.bpf");
    Files.write(filter, SeccompFilter.forEngines());
    Path socket = place.directory().resolve("admission.sock");
    EngineSandbox sandbox = new EngineSandbox(place.javaHome(), place.home());
    List<String> command = sandbox.command(engine, place.uid(), socket, ahead);
    try (EngineGroups groups =
            EngineGroups.open(place.group(), engine, EngineGroups.Haste.WHENEVER, where.self());
        EngineOutput output =
            EngineOutput.open(
                place.directory().resolve("admission.out"),
                engine.id() + " (admission)",
                this::flooded,
                where.time());
        ConfinedEngine process =
            ConfinedEngine.start(
                where.spawner(),
                groups,
                where.self(),
                new ConfinedEngine.Start(
                    engine.id(), place.uid(), socket, filter, output.pipe(), command))) {
      try {
        serve(groups, process);
      } finally {
        groups.kill();
      }
    } finally {
      Files.deleteIfExists(filter);
    }
  }

  private void flooded() {
    flooded = true;
    Runnable now = end;
    if (now != null) {
      now.run();
    }
  }

  /// Killing the engine is not enough: what holds its end of the connection may be on its way to
  /// us.
  private void end(EngineGroups groups, ConfinedEngine process) {
    process.refuse();
    groups.kill();
    process.kill();
    SeqPacketSocket socket = connected;
    if (socket != null) {
      socket.shutdown();
    }
  }

  private void serve(EngineGroups groups, ConfinedEngine process)
      throws IOException, ContentException, RefusedException {
    end = () -> end(groups, process);
    try (Budget begun =
        Budget.begin(
            new Spender(groups, process), where.time(), where.place().helloLimit().toMillis())) {
      budget = begun;
      try {
        SeqPacketSocket socket = process.accept();
        if (socket == null) {
          throw notStarted(begun, process);
        }
        connected = socket;
        try (Conversation conversation =
            new Conversation(socket, engine, where.place().agentVersion())) {
          if (begun.isUsedUp()) {
            // Whoever ended it may have seen no connection yet.
            socket.shutdown();
          }
          converse(conversation, begun);
        }
      } catch (RefusedException e) {
        throw explained(e, begun, groups, process);
      } finally {
        mostBytes = begun.mostBytes();
      }
    }
  }

  private final class Spender implements Budget.Spender {
    private final EngineGroups groups;
    private final ConfinedEngine process;

    Spender(EngineGroups groups, ConfinedEngine process) {
      this.groups = groups;
      this.process = process;
    }

    @Override
    public EngineUsage usage() {
      return groups.usage();
    }

    @Override
    public void looked(boolean starves) {
      if (process.hasEnded()) {
        process.refuse();
      }
      if (starves) {
        groups.hurry();
      }
    }

    @Override
    public void end() {
      Tryout.this.end(groups, process);
    }
  }

  /// Of a bundle that is the engine, that is its own fault.
  private IOException notStarted(Budget spent, ConfinedEngine process) throws RefusedException {
    String why =
        spent.isUsedUp()
            ? "takes too long: processorMillis=" + spent.millis()
            : "status=" + process.end(LAST_MILLIS).status();
    if (!bundle.manifest().program().isEmpty()) {
      throw new RefusedException(Step.ENGINE, "the engine does not start: " + why);
    }
    return new IOException("the engine does not start: " + why);
  }

  private void converse(Conversation conversation, Budget begun)
      throws IOException, ContentException, RefusedException {
    EngineMessage.Hello hello = conversation.awaitHello();
    engineVersion = hello.engineVersion();
    begun.next(bundle.manifest().limits().loadMillis());
    load(conversation, hello);
    loadMillis = begun.next(exam.millis());
    conversation.enter(exam.step());
    exam.take(conversation, this);
    conversation.finish();
    examMillis += begun.next(exam.millis());
    requireGoingOn();
  }

  private void load(Conversation conversation, EngineMessage.Hello hello)
      throws IOException, ContentException, RefusedException {
    EngineContent content = EngineContent.of(bundle, "tried");
    try {
      entries =
          conversation.load(
              hello,
              bundle.manifest(),
              new Conversation.Payload(content.message(), content.descriptor()));
    } finally {
      Descriptors.close(content.descriptor());
    }
  }

  /// The engine may have ended without anybody having been told.
  ///
  /// @throws RefusedException if it was ended
  void requireGoingOn() throws RefusedException {
    Budget now = budget;
    if (flooded || (now != null && now.isUsedUp())) {
      throw new RefusedException(exam.step(), "it was ended");
    }
  }

  /// Begins another part of the exam.
  ///
  /// @param millis how much processor time that may take
  /// @return how much the last part took
  long grant(long millis) {
    Budget now = budget;
    long took = now == null ? 0 : now.next(millis);
    examMillis += took;
    return took;
  }

  /// The same refusal in the light of what the kernel and the budget know.
  private RefusedException explained(
      RefusedException refusal, Budget spent, EngineGroups groups, ConfinedEngine process) {
    Step step = refusal.problem().step();
    if (spent.isUsedUp()) {
      return new RefusedException(
          step, "takes too long: processorMillis=" + spent.millis() + after());
    }
    if (flooded) {
      return new RefusedException(step, "the engine prints too much" + after());
    }
    ConfinedEngine.Ended ended = process.end(LAST_MILLIS);
    if (groups.memoryKills() > 0) {
      return new RefusedException(
          step,
          "uses more memory than it may: most=" + engine.limits().memoryMiB() + " MiB" + after());
    }
    if (!ended.itself() || ended.status() <= 0) {
      return new RefusedException(step, refusal.problem().text() + after());
    }
    String how =
        ended.status() > 128 ? "signal=" + (ended.status() - 128) : "status=" + ended.status();
    // One that gets no more memory from the kernel often ends by itself.
    return new RefusedException(
        step,
        "%s: %s%s, when it had held at most %d of %d MiB"
            .formatted(
                refusal.problem().text(),
                how,
                after(),
                spent.mostBytes() >> 20,
                engine.limits().memoryMiB()));
  }

  private String after() {
    String progress = exam.progress();
    return progress.isEmpty() ? "" : ", after " + progress;
  }
}
