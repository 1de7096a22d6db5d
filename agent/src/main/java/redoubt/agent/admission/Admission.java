package redoubt.agent.admission;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import redoubt.agent.admission.AdmissionReport.Costs;
import redoubt.agent.admission.AdmissionReport.Problem;
import redoubt.agent.admission.AdmissionReport.Step;
import redoubt.agent.confinement.ConfinedEngine;
import redoubt.agent.confinement.EngineGroups;
import redoubt.agent.confinement.EngineOutput;
import redoubt.agent.confinement.EngineSandbox;
import redoubt.agent.confinement.Spawner;
import redoubt.agent.engine.EngineContent;
import redoubt.agent.health.TimeSource;
import redoubt.agent.process.SelfProcesses;
import redoubt.agent.registry.EngineLimits;
import redoubt.agent.registry.EngineManifest;
import redoubt.core.content.BundleFile;
import redoubt.core.content.ContentException;
import redoubt.core.linux.Descriptors;
import redoubt.core.linux.LinuxException;
import redoubt.core.linux.SeccompFilter;
import redoubt.core.linux.SeqPacketSocket;
import redoubt.core.model.Sha256;
import redoubt.core.model.Verdict;
import redoubt.core.wire.BundleManifest;
import redoubt.core.wire.EngineMessage;
import redoubt.core.wire.TestVector;

/// Holds bundles against their own test vectors, as `spec/bundle.md` says: the engine that each is
/// for loads it in a confined process that is ended afterwards.
///
/// The validator is the interpreter itself, over its own protocol, so the two cannot differ. An
/// engine's failure is a problem of the bundle, and an exception only what kept it from being
/// tried. One bundle at a time; [#admit] blocks until its engine has ended.
public final class Admission {
  /// Of no more rules it is kept that they were shown.
  private static final int MOST_SHOWN = 1 << 16;

  /// How much processor time an engine may need until it says hello.
  private static final int START_MILLIS = 10_000;

  /// How long an engine may take to end once it has lost its connection.
  private static final int LAST_MILLIS = 200;

  private final Spawner spawner;
  private final Place place;
  private final SelfProcesses self;
  private final TimeSource time;

  /// @param self is told which processes are ours
  public Admission(Spawner spawner, Place place, SelfProcesses self, TimeSource time) {
    this.spawner = spawner;
    this.place = place;
    this.self = self;
    this.time = time;
  }

  /// Where and as whom engines are tried.
  ///
  /// @param directory for sockets and pipes; only this user may write there
  /// @param home the installation
  /// @param javaHome the Java that engines of the `java` runtime see
  /// @param group the name of their control groups
  /// @param uid the user id that is theirs
  /// @param agentVersion what engines are told
  public record Place(
      Path directory, Path home, Path javaHome, String group, int uid, String agentVersion) {}

  /// Tries a bundle.
  ///
  /// @param engine the engine that it is for
  /// @param progress takes how many vectors are done, now and then
  /// @throws IOException if the bundle cannot be read, or there is no room for the try
  public AdmissionReport admit(BundleFile bundle, EngineManifest engine, LongConsumer progress)
      throws IOException {
    Try current = new Try(bundle, within(engine, bundle.manifest()), progress);
    long begunNanos = time.nanos();
    try {
      current.run();
    } catch (RefusedException e) {
      current.problems.add(e.problem());
    } catch (ContentException e) {
      current.problems.add(new Problem(Step.BUNDLE, String.valueOf(e.getMessage())));
    } catch (LinuxException | UncheckedIOException e) {
      throw new IOException("the engine cannot be tried: " + e.getMessage(), e);
    }
    return current.report(TimeUnit.NANOSECONDS.toMillis(time.nanos() - begunNanos));
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
            limits.scratchMiB()));
  }

  /// One bundle on its way through the door.
  private final class Try {
    private final BundleFile bundle;
    private final EngineManifest engine;
    private final LongConsumer progress;
    private final List<Problem> problems = new ArrayList<>();

    /// Of each name the beginning of its digest, so that they take little.
    private final Set<Long> shown = new HashSet<>();

    private long failed;
    private String engineVersion = "";
    private long entries;
    private long vectors;
    private long passed;
    private long loadMillis;
    private long vectorsMillis;
    private long mostBytes;
    private volatile boolean flooded;
    private volatile @Nullable SeqPacketSocket connected;
    private volatile @Nullable Runnable end;

    Try(BundleFile bundle, EngineManifest engine, LongConsumer progress) {
      this.bundle = bundle;
      this.engine = engine;
      this.progress = progress;
    }

    AdmissionReport report(long wallMillis) {
      return new AdmissionReport(
          problems,
          engineVersion,
          entries,
          vectors,
          passed,
          new Costs(loadMillis, vectorsMillis, wallMillis, mostBytes));
    }

    void run() throws IOException, ContentException, RefusedException {
      requireFor(bundle.manifest());
      vectors = bundle.verify();
      if (vectors == 0) {
        throw new RefusedException(Step.VECTORS, "there are none: nothing shows what it does");
      }
      Path filter = place.directory().resolve("admission.bpf");
      Files.write(filter, SeccompFilter.forEngines());
      Path socket = place.directory().resolve("admission.sock");
      EngineSandbox sandbox = new EngineSandbox(place.javaHome(), place.home());
      try (EngineGroups groups = EngineGroups.open(place.group(), engine, false, self);
          EngineOutput output =
              EngineOutput.open(
                  place.directory().resolve("admission.out"),
                  engine.id() + " (admission)",
                  this::flooded,
                  time);
          ConfinedEngine process =
              ConfinedEngine.start(
                  spawner,
                  groups,
                  self,
                  new ConfinedEngine.Start(
                      engine.id(),
                      place.uid(),
                      socket,
                      filter,
                      output.pipe(),
                      sandbox.command(engine, place.uid(), socket, Optional.empty(), List.of())))) {
        try {
          serve(groups, process);
        } finally {
          groups.kill();
        }
      } finally {
        Files.deleteIfExists(filter);
      }
    }

    private void requireFor(BundleManifest manifest) throws RefusedException {
      if (!manifest.engine().equals(engine.id())) {
        throw new RefusedException(
            Step.ENGINE,
            "for another engine: bundle=" + manifest.engine() + " engine=" + engine.id());
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
      BundleManifest.Limits limits = bundle.manifest().limits();
      Runnable ending = () -> end(groups, process);
      end = ending;
      try (Budget budget =
          Budget.begin(
              groups::usage,
              ending,
              () -> {
                if (process.hasEnded()) {
                  process.refuse();
                }
              },
              time,
              START_MILLIS)) {
        try {
          SeqPacketSocket socket = process.accept();
          if (socket == null) {
            throw new IOException("the engine does not start: pid=" + process.pid());
          }
          connected = socket;
          try (Conversation conversation = new Conversation(socket, engine, place.agentVersion())) {
            if (budget.isUsedUp()) {
              // Whoever ended it may have seen no connection yet.
              socket.shutdown();
            }
            EngineMessage.Hello hello = conversation.awaitHello();
            engineVersion = hello.engineVersion();
            budget.next(limits.loadMillis());
            load(conversation, hello);
            loadMillis = budget.next(limits.vectorsMillis());
            putAll(conversation, budget);
            conversation.finish();
            vectorsMillis = budget.next(limits.vectorsMillis());
            if (flooded || budget.isUsedUp()) {
              throw new RefusedException(Step.VECTORS, "it was ended");
            }
            requireShown();
          }
        } catch (RefusedException e) {
          throw explained(e, budget, groups, process);
        } finally {
          mostBytes = budget.mostBytes();
        }
      }
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

    private void putAll(Conversation conversation, Budget budget)
        throws IOException, ContentException, RefusedException {
      // What a conversation throws has to pass through whoever reads the vectors.
      RefusedException[] refusal = new RefusedException[1];
      long[] done = {0};
      bundle.forEachVector(vector -> {
        if (refusal[0] == null) {
          try {
            // A vector whose events the engine does not need is not heard of there.
            if (flooded || budget.isUsedUp()) {
              throw new RefusedException(Step.VECTORS, "it was ended");
            }
            put(conversation, vector);
            progress.accept(++done[0]);
          } catch (RefusedException e) {
            refusal[0] = e;
          }
        }
      });
      if (refusal[0] != null) {
        throw refusal[0];
      }
    }

    private void put(Conversation conversation, TestVector vector) throws RefusedException {
      Conversation.Outcome outcome = conversation.put(vector);
      @Nullable Verdict verdict = outcome.verdict();
      if (outcome.rules().equals(vector.rules()) && verdict == vector.verdict()) {
        passed++;
        if (shown.size() < MOST_SHOWN) {
          outcome.rules().forEach(rule -> shown.add(keyOf(rule)));
        }
      } else if (++failed <= AdmissionReport.MOST_PROBLEMS - 1) {
        // One place is left for what ends the whole.
        problems.add(
            new Problem(
                Step.VECTORS,
                "vector "
                    + vector.name()
                    + ": expected "
                    + text(vector.rules(), vector.verdict())
                    + ", came out as "
                    + text(outcome.rules(), verdict)));
      }
    }

    private static long keyOf(String rule) {
      return Sha256.ofText(rule).a();
    }

    private static String text(Set<String> rules, @Nullable Verdict verdict) {
      String names = rules.isEmpty() ? "no rule" : String.join(", ", new TreeSet<>(rules));
      return verdict == null ? names : verdict + " by " + names;
    }

    /// Content of which no vector shows a match may do anything. Of rules, each must be seen to do
    /// something.
    private void requireShown() throws RefusedException {
      if (!problems.isEmpty()) {
        return;
      }
      boolean rules = engine.content() == EngineManifest.ContentKind.SIGMA_RULES;
      if (shown.isEmpty() || (rules && shown.size() < entries)) {
        throw new RefusedException(
            Step.VECTORS,
            "not all of it is shown: entries=" + entries + " reportedByVectors=" + shown.size());
      }
    }

    /// The same refusal in the light of what the kernel and the budget know.
    private RefusedException explained(
        RefusedException refusal, Budget budget, EngineGroups groups, ConfinedEngine process) {
      Step step = refusal.problem().step();
      if (budget.isUsedUp()) {
        return new RefusedException(
            step, "takes too long: processorMillis=" + budget.millis() + after());
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
                  budget.mostBytes() >> 20,
                  engine.limits().memoryMiB()));
    }

    private String after() {
      long done = passed + failed;
      return done == 0 ? "" : ", after " + done + " of " + vectors + " vectors";
    }
  }
}
