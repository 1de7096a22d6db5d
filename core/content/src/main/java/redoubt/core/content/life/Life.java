package redoubt.core.content.life;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Stream;
import redoubt.core.model.Sha256;

/// What is known of one engine's content on this host. Immutable; each change makes another one,
/// which counts once it is written.
///
/// A bundle is *verified* when its signatures hold, then *admitted*, *tried*, on *probation*, and
/// then the good one. It is in force from its probation on. Whatever is refused, at whichever step,
/// is never taken again.
///
/// @param good what the engine falls back to
/// @param before what was good before that
/// @param candidate what is on its way to be good
/// @param refusals what is never taken again, oldest first, at most [#MOST_REFUSALS]
/// @param newest the highest version taken of each vendor's content, by `vendor name`
/// @param starts how many starts there were since the last one after which the host settled
public record Life(
    Optional<Release> good,
    Optional<Release> before,
    Optional<Candidate> candidate,
    List<Refusal> refusals,
    SequencedMap<String, Long> newest,
    int starts) {
  /// Nothing has come yet.
  public static final Life EMPTY =
      new Life(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          List.of(),
          new LinkedHashMap<>(),
          0);

  /// How many refusals are remembered.
  public static final int MOST_REFUSALS = 64;

  private static final int MOST_REASON_BYTES = 512;

  /// Of how many vendors' contents the newest version is remembered.
  public static final int MOST_LINES = 64;

  /// How many starts in a row that do not settle one content has.
  public static final int TRIES = 2;

  /// How far a candidate has come.
  public enum Stage {
    /// Its signatures hold.
    VERIFIED,
    /// Its own vectors came out.
    ADMITTED,
    /// It took this host's own past and present without a vote.
    TRIED,
    /// It is in force, and a fault of its engine is taken for its own.
    PROBATION;

    private Stage next() {
      return switch (this) {
        case VERIFIED -> ADMITTED;
        case ADMITTED -> TRIED;
        case TRIED, PROBATION -> PROBATION;
      };
    }
  }

  /// What is on its way.
  ///
  /// @param since when it came to that stage, to the millisecond
  public record Candidate(Release release, Stage stage, Instant since) {}

  /// What is never taken again.
  ///
  /// @param reason why, one line for people
  public record Refusal(Sha256 digest, Instant at, String reason) {}

  /// What is to be done at a start of the agent.
  public enum Plan {
    /// The engine runs with [Life#active], if there is any.
    CONTENT,
    /// The engine is not started: also with the good content the host did not settle.
    ENGINE_OFF,
    /// Nothing is decided: also without the engine the host did not settle.
    OBSERVE_ONLY
  }

  /// What came of a start.
  ///
  /// @param life what is to be written before anything of it is done
  /// @param plan what is to be done
  public record Start(Life life, Plan plan) {}

  public Life {
    refusals = List.copyOf(refusals);
    newest = new LinkedHashMap<>(newest);
  }

  /// The candidate that is in force, if one is.
  public Optional<Candidate> onProbation() {
    return candidate.filter(on -> on.stage() == Stage.PROBATION);
  }

  /// What was tried and is not in force yet.
  public Optional<Release> tried() {
    return candidate.filter(on -> on.stage() == Stage.TRIED).map(Candidate::release);
  }

  /// What the engine is to judge with.
  public Optional<Release> active() {
    return onProbation().map(Candidate::release).or(() -> good);
  }

  /// Why a release is not taken, or nothing if it is.
  ///
  /// Only newer versions are taken, so that nobody who holds an old bundle can bring it back. While
  /// another one is on probation a new one has to wait: two at a time, and nobody knew whose fault
  /// it was.
  public Optional<String> objection(Release offered) {
    Optional<Refusal> refusal = refusalOf(offered.digest());
    if (refusal.isPresent()) {
      return Optional.of("refused before: " + refusal.get().reason());
    }
    if (!newest.containsKey(offered.line()) && newest.size() == MOST_LINES) {
      return Optional.of("too many contents for one engine: most=" + MOST_LINES);
    }
    Long highest = newest.get(offered.line());
    if (highest != null && offered.version() <= highest) {
      return Optional.of("not newer: version=" + offered.version() + " newest=" + highest);
    }
    return onProbation()
        .map(on -> "another one is on probation: version=" + on.release().version());
  }

  /// The highest version taken of a vendor's content, 0 if none was.
  public long newestOf(String vendor, String name) {
    return newest.getOrDefault(Release.line(vendor, name), 0L);
  }

  /// Why a release was refused, if it was.
  public Optional<Refusal> refusalOf(Sha256 digest) {
    return refusals.stream().filter(each -> each.digest().equals(digest)).findFirst();
  }

  /// A release whose signatures hold is there. It takes the place of a candidate that is not on
  /// probation yet.
  ///
  /// @throws IllegalArgumentException if there is an [#objection]
  public Life offered(Release release, Instant now) {
    objection(release)
        .ifPresent(why -> {
          throw new IllegalArgumentException(why);
        });
    LinkedHashMap<String, Long> versions = new LinkedHashMap<>(newest);
    versions.putLast(release.line(), release.version());
    Candidate fresh = new Candidate(release, Stage.VERIFIED, now);
    return new Life(good, before, Optional.of(fresh), refusals, versions, starts);
  }

  /// The candidate has passed the stage that it was in. One that was tried is in force then.
  ///
  /// @throws IllegalStateException if there is none, or it is on probation
  public Life passed(Instant now) {
    Candidate on = candidate.orElseThrow(() -> new IllegalStateException("no candidate"));
    if (on.stage() == Stage.PROBATION) {
      throw new IllegalStateException("probation ends by being over");
    }
    Candidate further = new Candidate(on.release(), on.stage().next(), now);
    int counted = further.stage() == Stage.PROBATION ? 0 : starts;
    return new Life(good, before, Optional.of(further), refusals, newest, counted);
  }

  /// The probation is over, and nothing happened: the candidate is the good one.
  ///
  /// @throws IllegalStateException if none is on probation
  public Life confirmed() {
    Candidate on =
        onProbation().orElseThrow(() -> new IllegalStateException("none is on probation"));
    return new Life(Optional.of(on.release()), good, Optional.empty(), refusals, newest, starts);
  }

  /// A release is never to be used again, wherever it stands. If it was the good one, the one
  /// before it is.
  public Life refused(Sha256 digest, String reason, Instant now) {
    List<Refusal> all = new ArrayList<>(refusals);
    all.removeIf(each -> each.digest().equals(digest));
    all.add(new Refusal(digest, now, oneLine(reason)));
    List<Refusal> kept = all.subList(Math.max(0, all.size() - MOST_REFUSALS), all.size());
    return without(digest, kept, newest);
  }

  /// The bundle of a release is not what it was, which is the disk's fault: it may be taken again.
  public Life lost(Release release) {
    LinkedHashMap<String, Long> versions = new LinkedHashMap<>(newest);
    versions.computeIfPresent(
        release.line(), (_, highest) -> Math.min(highest, release.version() - 1));
    return without(release.digest(), refusals, versions);
  }

  /// What comes to be in force by that has all its starts.
  private Life without(Sha256 digest, List<Refusal> refused, SequencedMap<String, Long> versions) {
    boolean wasGood = good.filter(each -> each.digest().equals(digest)).isPresent();
    Optional<Release> older = before.filter(each -> !each.digest().equals(digest));
    Life left =
        new Life(
            wasGood ? older : good,
            wasGood ? Optional.empty() : older,
            candidate.filter(on -> !on.release().digest().equals(digest)),
            refused,
            versions,
            starts);
    return left.active().equals(active()) ? left : left.withStarts(0);
  }

  /// What is in force goes, and what was before it comes back: a candidate on probation, or else
  /// the good one if there is one before it.
  ///
  /// @throws IllegalStateException if there is nothing to fall back to
  public Life rolledBack(String reason, Instant now) {
    Optional<Candidate> probationer = onProbation();
    if (probationer.isPresent()) {
      return refused(probationer.get().release().digest(), reason, now);
    }
    if (good.isEmpty() || before.isEmpty()) {
      throw new IllegalStateException("there is nothing to fall back to");
    }
    return refused(good.get().digest(), reason, now);
  }

  /// As [#rolledBack], but what has nothing before it goes as it came, and may be taken again: an
  /// engine that came as a bundle, and not its content.
  ///
  /// @throws IllegalStateException if there is nothing
  public Life withdrawn(String reason, Instant now) {
    return onProbation().isEmpty() && before.isEmpty() && good.isPresent()
        ? lost(good.get())
        : rolledBack(reason, now);
  }

  /// The agent starts. Each content has [#TRIES] starts in a row that may fail: what is on
  /// probation, then what is good, then the host without the engine. A candidate that is not in
  /// force goes first too: to admit and to try it is work of the agent's.
  public Start started(Instant now) {
    if (candidate.isPresent() && starts >= TRIES) {
      Life without =
          refused(
              candidate.get().release().digest(),
              "the host did not settle with it: starts=" + starts,
              now);
      return new Start(without.withStarts(1), Plan.CONTENT);
    }
    Life counted = withStarts(Math.min(starts, 3 * TRIES) + 1);
    if (starts < TRIES) {
      return new Start(counted, Plan.CONTENT);
    }
    return new Start(counted, starts < 2 * TRIES ? Plan.ENGINE_OFF : Plan.OBSERVE_ONLY);
  }

  /// The host has run well for a while since its start. What it could only do without, it goes on
  /// to do without: until other content is in force, or its owner wants another try.
  ///
  /// @param plan what was done at the start
  public Life settled(Plan plan) {
    return switch (plan) {
      case CONTENT -> withStarts(0);
      case ENGINE_OFF -> withStarts(TRIES);
      case OBSERVE_ONLY -> withStarts(2 * TRIES);
    };
  }

  /// The agent ends in order, so its last start was none that failed.
  public Life stopped() {
    return withStarts(Math.max(0, starts - 1));
  }

  /// The owner wants the content in force to be tried again at the next start.
  public Life retried() {
    return withStarts(0);
  }

  private Life withStarts(int number) {
    return new Life(good, before, candidate, refusals, newest, number);
  }

  /// What must be on disk.
  public Stream<Release> releases() {
    return Stream.of(good, before, candidate.map(Candidate::release)).flatMap(Optional::stream);
  }

  private static String oneLine(String text) {
    String line = text.replaceAll("\\p{Cntrl}", " ").strip();
    while (line.getBytes(StandardCharsets.UTF_8).length > MOST_REASON_BYTES) {
      line = line.substring(0, line.offsetByCodePoints(line.length(), -1));
    }
    return line;
  }

  /// The newest versions, by `vendor name`, the last taken last.
  @Override
  public SequencedMap<String, Long> newest() {
    return Collections.unmodifiableSequencedMap(newest);
  }
}
