package redoubt.agent.admission;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import redoubt.agent.admission.AdmissionReport.Problem;
import redoubt.agent.admission.AdmissionReport.Step;
import redoubt.agent.confinement.EngineSandbox;
import redoubt.agent.health.TimeSource;
import redoubt.agent.registry.EngineManifest;
import redoubt.core.content.BundleFile;
import redoubt.core.content.ContentException;
import redoubt.core.linux.Descriptors;
import redoubt.core.linux.FileStatus;
import redoubt.core.model.EventClass;
import redoubt.core.model.HostEvent;
import redoubt.core.model.Verdict;
import redoubt.core.wire.AgentMessage;
import redoubt.core.wire.EngineMessage;

/// Holds a bundle against the host itself: the engine with its content is asked about the files of
/// this host and told what happened on it, with its clock at several times; and put to some of the
/// bundle's own vectors, to others each time, which must come out as today tomorrow.
///
/// Thread-safe; a run blocks until its engine has ended.
public final class Backtest {
  /// How far the clock of an engine is ahead in each run: content that fails on a certain day fails
  /// here first.
  public static final List<Duration> CLOCKS =
      List.of(Duration.ZERO, Duration.ofHours(1), Duration.ofDays(1), Duration.ofDays(30));

  /// What content finds may end some day, but not so soon.
  private static final Duration LASTING = Duration.ofDays(1);

  /// So many vectors in each run.
  private static final long MOST_VECTORS = 256;

  /// How much processor time the files may take, and the events: what is left then is not seen.
  private static final long MOST_MILLIS = 60_000;

  /// How long a run may last, whatever its engine does meanwhile.
  private static final Duration LONGEST = Duration.ofMinutes(10);

  /// Of so many rules it is known how often they were reported.
  private static final int MOST_RULES = 1_024;

  /// All rules beyond those.
  private static final String OTHERS = "others";

  /// How much one file may take, or one batch of events.
  private static final long STEP_MILLIS = 2_000;

  /// After how long a host answers for an engine. Counted is processor time, so that a busy host
  /// refuses nothing.
  private static final long LATE_MILLIS = 250;

  /// How long what was begun goes on without a look at the processor time: looking costs more than
  /// a question.
  private static final Duration LOOK = Duration.ofMillis(50);

  /// How many late answers say nothing: anybody stumbles.
  private static final int FEW_LATE = 5;

  /// What share of the answers may be late: one in so many.
  private static final int LATE_ONE_IN = 50;

  /// Findings that are few, whatever was found before.
  public static final int FEW_FINDINGS = 100;

  /// How many times as much as before may be found.
  private static final int TIMES = 10;

  private final Tryouts where;

  public Backtest(Tryouts where) {
    this.where = where;
  }

  /// Whether an engine's clock can be set ahead here.
  public static boolean canSetClocks() {
    return EngineSandbox.clockLibrary().isPresent();
  }

  /// Whether more was found than a change of content explains.
  ///
  /// @param before what the content that is in force found in the same
  public static boolean isDrift(long found, long before) {
    return found > FEW_FINDINGS + TIMES * before;
  }

  /// What came of a run.
  ///
  /// @param problem what was wrong, if something was
  /// @param asked how many questions were answered
  /// @param told how many events the engine was told of
  /// @param findings how often each rule was reported
  public record Shown(
      @Nullable Problem problem, long asked, long told, Map<String, Long> findings) {
    /// Nothing was asked, told or found.
    public static final Shown NOTHING = new Shown(null, 0, 0, Map.of());

    public Shown {
      findings = Map.copyOf(findings);
    }

    /// How much was found.
    public long found() {
      return findings.values().stream().mapToLong(Long::longValue).sum();
    }

    /// Why there is more than a change of content explains, or nothing if there is not.
    ///
    /// @param before what the content that is in force made of the same
    public Optional<String> driftFrom(Shown before) {
      return !isDrift(found(), before.found())
          ? Optional.empty()
          : Optional.of(
              "finds much more in the same events than what is in force: findings="
                  + found()
                  + " before="
                  + before.found()
                  + " events="
                  + told
                  + " most of "
                  + loudest());
    }

    private String loudest() {
      return findings.entrySet().stream()
          .max(Map.Entry.comparingByValue())
          .map(entry -> entry.getKey() + " (" + entry.getValue() + ")")
          .orElse("nothing");
    }
  }

  /// Runs it once.
  ///
  /// @param ahead how far the engine's clock is ahead
  /// @throws IOException if the bundle cannot be read, there is no room for the try, or it lasts
  ///   too long
  public Shown run(BundleFile bundle, EngineManifest engine, HostPast past, Duration ahead)
      throws IOException {
    PastExam exam = new PastExam(bundle, engine, past, ahead, where.time());
    Optional<Problem> problem = new Tryout(where, bundle, engine, ahead, exam).run();
    return new Shown(problem.orElse(null), exam.asked, exam.told, exam.findings);
  }

  /// Every file and every event of a past, and vectors.
  private static final class PastExam implements Tryout.Exam {
    private final BundleFile bundle;
    private final EngineManifest engine;
    private final HostPast past;
    private final Duration ahead;
    private final TimeSource time;
    private final Map<String, Long> findings = new HashMap<>();
    private long asked;
    private long late;
    private long told;
    private long lookedNanos;

    PastExam(
        BundleFile bundle, EngineManifest engine, HostPast past, Duration ahead, TimeSource time) {
      this.bundle = bundle;
      this.engine = engine;
      this.past = past;
      this.ahead = ahead;
      this.time = time;
    }

    @Override
    public Step step() {
      return Step.PAST;
    }

    @Override
    public long millis() {
      return STEP_MILLIS;
    }

    @Override
    public String progress() {
      return asked + told == 0 ? "" : asked + " files and " + told + " events";
    }

    @Override
    public void take(Conversation conversation, Tryout tryout)
        throws IOException, ContentException, RefusedException {
      lookedNanos = time.nanos();
      long end = lookedNanos + LONGEST.toNanos();
      if (ahead.compareTo(LASTING) <= 0) {
        putVectors(conversation, tryout, end);
      }
      for (HostPast.File file : past.files()) {
        if (grant(tryout, end) > LATE_MILLIS) {
          late++;
        }
        requireTimely();
        if (tryout.examMillis() > MOST_MILLIS) {
          break;
        }
        if (file.isProgram() && conversation.judges(EventClass.EXEC)) {
          ask(conversation, file, EventClass.EXEC);
        }
        if (conversation.judges(EventClass.OPEN)) {
          ask(conversation, file, EventClass.OPEN);
        }
      }
      long spent = tryout.examMillis();
      Iterator<List<HostEvent>> events = past.events().get();
      while (events.hasNext() && tryout.examMillis() - spent <= MOST_MILLIS) {
        grant(tryout, end);
        List<HostEvent> batch = events.next();
        conversation.tell(batch).forEach(this::count);
        told += batch.size();
      }
    }

    /// Every so many, from another one on at each time. Before the host's own events, which are
    /// later.
    private void putVectors(Conversation conversation, Tryout tryout, long end)
        throws IOException, ContentException, RefusedException {
      long every = Math.max(1, Math.ceilDiv(bundle.forEachVector(_ -> {}), MOST_VECTORS));
      long[] number = {Math.max(0, CLOCKS.indexOf(ahead))};
      Vectors.forEach(
          bundle,
          vector -> {
            if (number[0]++ % every == 0) {
              grant(tryout, end);
              Optional<String> difference = conversation.put(vector).differenceFrom(vector);
              if (difference.isPresent()) {
                throw new RefusedException(Step.PAST, difference.get());
              }
            }
          });
    }

    private void count(String rule, int times) {
      boolean known = findings.containsKey(rule) || findings.size() < MOST_RULES;
      findings.merge(known ? rule : OTHERS, (long) times, Long::sum);
    }

    private void requireTimely() throws RefusedException {
      if (late > FEW_LATE && late * LATE_ONE_IN > asked) {
        throw new RefusedException(
            Step.PAST, "answers too late: late=" + late + " of " + asked + " questions");
      }
    }

    /// @return how much processor time the last part took, in milliseconds; 0 if it was so short
    ///   that nobody looked
    private long grant(Tryout tryout, long end) throws IOException, RefusedException {
      tryout.requireGoingOn();
      long now = time.nanos();
      if (now - end > 0) {
        throw new IOException(
            "it could not be tried in time: minutes=" + LONGEST.toMinutes() + " " + progress());
      }
      if (now - lookedNanos < LOOK.toNanos()) {
        return 0;
      }
      lookedNanos = now;
      return tryout.grant(STEP_MILLIS);
    }

    /// What was changed since it was looked at is another file.
    private void ask(Conversation conversation, HostPast.File file, EventClass eventClass)
        throws RefusedException {
      int descriptor = Descriptors.openWithCare(file.path().getBytes(StandardCharsets.UTF_8));
      if (descriptor < 0) {
        return;
      }
      try (FileStatus status = new FileStatus()) {
        if (status.load(descriptor) < 0 || !status.identity().equals(file.identity())) {
          return;
        }
        Optional<EngineMessage.EventVerdict> answer =
            conversation.judge(question(file, eventClass), descriptor);
        asked++;
        if (answer.isPresent() && answer.get().verdict() == Verdict.DENY) {
          throw new RefusedException(
              Step.PAST,
              "denies "
                  + file.path()
                  + ", which "
                  + (file.runs() ? "runs on this host" : "this host cannot do without")
                  + ": rule="
                  + answer.get().rule());
        }
      } finally {
        Descriptors.close(descriptor);
      }
    }

    private AgentMessage.Event question(HostPast.File file, EventClass eventClass) {
      return new AgentMessage.Event(
          1,
          eventClass,
          true,
          TimeUnit.MILLISECONDS.toMicros(LATE_MILLIS),
          null,
          1,
          0,
          0,
          0,
          0,
          0,
          0,
          file.path(),
          file.identity(),
          file.sha256(),
          true,
          engine.asks().fileContent());
    }
  }
}
