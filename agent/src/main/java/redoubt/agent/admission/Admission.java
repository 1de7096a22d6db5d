package redoubt.agent.admission;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import redoubt.agent.admission.AdmissionReport.Costs;
import redoubt.agent.admission.AdmissionReport.Problem;
import redoubt.agent.admission.AdmissionReport.Step;
import redoubt.agent.registry.EngineManifest;
import redoubt.core.content.BundleFile;
import redoubt.core.content.ContentException;
import redoubt.core.model.Sha256;
import redoubt.core.wire.TestVector;

/// Holds bundles against their own test vectors, as `spec/bundle.md` says: the engine that each is
/// for loads it in a confined process that is ended afterwards.
///
/// The validator is the interpreter itself, over its own protocol, so the two cannot differ.
/// Thread-safe; [#admit] blocks until its engine has ended.
public final class Admission {
  /// Of no more rules it is kept that they were shown.
  private static final int MOST_SHOWN = 1 << 16;

  private final Tryouts where;

  public Admission(Tryouts where) {
    this.where = where;
  }

  /// Tries a bundle.
  ///
  /// @param engine the engine that it is for
  /// @param progress takes how many vectors are done, now and then
  /// @throws IOException if the bundle cannot be read, or there is no room for the try
  public AdmissionReport admit(BundleFile bundle, EngineManifest engine, LongConsumer progress)
      throws IOException {
    long begunNanos = where.time().nanos();
    VectorExam exam = new VectorExam(bundle, engine, progress);
    Tryout tryout = new Tryout(where, bundle, engine, Duration.ZERO, exam);
    try {
      exam.vectors = bundle.verify();
      if (exam.vectors == 0) {
        exam.problems.add(new Problem(Step.VECTORS, "there are none: nothing shows what it does"));
      } else {
        tryout.run().ifPresent(exam.problems::add);
      }
    } catch (ContentException e) {
      exam.problems.add(new Problem(Step.BUNDLE, String.valueOf(e.getMessage())));
    }
    return new AdmissionReport(
        exam.problems,
        tryout.engineVersion(),
        tryout.entries(),
        exam.vectors,
        exam.passed,
        new Costs(
            tryout.loadMillis(),
            tryout.examMillis(),
            TimeUnit.NANOSECONDS.toMillis(where.time().nanos() - begunNanos),
            tryout.mostBytes()));
  }

  /// Every vector of a bundle.
  private static final class VectorExam implements Tryout.Exam {
    private final BundleFile bundle;
    private final EngineManifest engine;
    private final LongConsumer progress;
    private final List<Problem> problems = new ArrayList<>();

    /// Of each name the beginning of its digest, so that they take little.
    private final Set<Long> shown = new HashSet<>();

    private long vectors;
    private long passed;
    private long failed;

    VectorExam(BundleFile bundle, EngineManifest engine, LongConsumer progress) {
      this.bundle = bundle;
      this.engine = engine;
      this.progress = progress;
    }

    @Override
    public Step step() {
      return Step.VECTORS;
    }

    @Override
    public long millis() {
      return bundle.manifest().limits().vectorsMillis();
    }

    @Override
    public String progress() {
      long done = passed + failed;
      return done == 0 ? "" : done + " of " + vectors + " vectors";
    }

    @Override
    public void take(Conversation conversation, Tryout tryout)
        throws IOException, ContentException, RefusedException {
      Vectors.forEach(
          bundle,
          vector -> {
            // A vector whose events the engine does not need is not heard of there.
            tryout.requireGoingOn();
            put(conversation, vector);
            progress.accept(passed + failed);
          });
      requireShown(tryout.entries());
    }

    private void put(Conversation conversation, TestVector vector) throws RefusedException {
      Conversation.Outcome outcome = conversation.put(vector);
      Optional<String> difference = outcome.differenceFrom(vector);
      if (difference.isEmpty()) {
        passed++;
        if (shown.size() < MOST_SHOWN) {
          outcome.rules().forEach(rule -> shown.add(keyOf(rule)));
        }
      } else if (++failed <= AdmissionReport.MOST_PROBLEMS - 1) {
        // One place is left for what ends the whole.
        problems.add(new Problem(Step.VECTORS, difference.get()));
      }
    }

    private static long keyOf(String rule) {
      return Sha256.ofText(rule).a();
    }

    /// Content of which no vector shows a match may do anything. Of rules, each must be seen to do
    /// something.
    private void requireShown(long entries) throws RefusedException {
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
  }
}
