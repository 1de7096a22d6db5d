package redoubt.testing.drills;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import redoubt.core.content.ContentException;
import redoubt.core.content.FileDigest;
import redoubt.core.content.life.Life;
import redoubt.core.content.life.Release;
import redoubt.core.model.Sha256;
import redoubt.core.wire.BundleManifest;
import redoubt.core.wire.BundleManifest.Limits;
import redoubt.core.wire.BundleManifest.VersionRange;
import redoubt.core.wire.TestVector;

/// Plays drills, one after the other, on hosts that are made for them: on another one after each
/// whose bundle stayed. For one thread.
public final class DrillRun implements AutoCloseable {
  /// Within which a host is back on what was good.
  public static final Duration BACK = Duration.ofSeconds(10);

  /// What a start may take, with what starting a shell takes: a host answers for an engine after a
  /// quarter of a second, and the kernel for the agent after two.
  public static final Duration HELD = Duration.ofSeconds(2);

  private static final Duration SETTLING = Duration.ofSeconds(60);
  private static final Limits LIMITS = new Limits(2_000, 2_000, 128);
  private static final Pattern DAY = Pattern.compile("@DAY\\+(\\d+)");

  /// How often usual programs start under an agent before something comes that it has never seen:
  /// so often that it knows what is usual.
  private static final long PAST_STARTS = 600;

  /// What the drills' host calls a repository.
  private static final String FORGED = "forged";

  /// After how long a day has come that nobody waits for: later than content is good.
  private static final Duration ITS_DAY = Duration.ofSeconds(30);

  private static final int USUAL = 4;
  private static final int NEW_PROGRAMS = 30;
  private static final int KILLS = 3;
  private static final long LOOK_MILLIS = 20;

  private final Path frontDoor;
  private final DrillHost host;
  private final Set<Stage> without;
  private final DrillBundles bundles;
  private final Felt felt;
  private long version;
  private int fresh;
  private boolean hasPast;

  private DrillRun(Path frontDoor, DrillHost host, Felt felt, Set<Stage> without) {
    this.without = without;
    this.frontDoor = frontDoor;
    this.host = host;
    this.felt = felt;
    bundles = new DrillBundles(host.folder());
  }

  /// Plays some.
  ///
  /// @param frontDoor the `redoubt` of this installation
  /// @param without stages that are left out
  /// @param drills in this order
  /// @param progress is told what happens
  /// @throws IOException if a host cannot be made, or used to the end
  public static List<DrillResult> play(
      Path frontDoor, Set<Stage> without, List<Drill> drills, Consumer<String> progress)
      throws IOException {
    List<DrillResult> results = new ArrayList<>();
    while (results.size() < drills.size()) {
      try (DrillRun run = begin(frontDoor, without, progress)) {
        progress.accept("making it a past");
        run.makeGood();
        boolean isClean = true;
        while (isClean && results.size() < drills.size()) {
          Drill next = drills.get(results.size());
          progress.accept(
              "drill " + (results.size() + 1) + " of " + drills.size() + ": " + next.name());
          DrillResult result = run.play(next);
          results.add(result);
          isClean = result.stopped() != null;
        }
      }
    }
    return results;
  }

  private static DrillRun begin(Path frontDoor, Set<Stage> without, Consumer<String> progress)
      throws IOException {
    progress.accept("starting a host");
    DrillHost host = DrillHost.start(frontDoor, DrillHost.Setup.ofDrills(without));
    try {
      List<Path> usual = new ArrayList<>();
      for (int i = 0; i < USUAL; i++) {
        usual.add(host.program("usual/" + i));
      }
      usual.add(host.vital());
      return new DrillRun(frontDoor, host, new Felt(usual), without);
    } catch (IOException | RuntimeException e) {
      host.close();
      throw e;
    }
  }

  private void makeGood() throws IOException {
    Commands.Said said = activate(bundle(Drill.Form.CAREFUL, ""));
    if (said.status() != 0) {
      throw new IOException("good content is not taken: " + said.text());
    }
    makePast();
    host.await("good content", SETTLING, () -> isGood(host.life()));
  }

  private void makePast() throws IOException {
    felt.next();
    felt.hurry(true);
    long[] starts = {0};
    host.await("a past", SETTLING, () -> (starts[0] += felt.next().starts()) >= PAST_STARTS);
    felt.hurry(false);
    hasPast = true;
  }

  private static boolean isGood(Life life) {
    return life.good().isPresent() && life.candidate().isEmpty();
  }

  private Commands.Said activate(Path bundle) throws IOException {
    return host.command("content", "activate", "--unsigned", bundle.toString());
  }

  /// Takes a bundle by its name, from a repository that this host trusts until then.
  private Commands.Said activateForged(Path file, Drill.Form form) throws IOException {
    ForgedRepository repository =
        ForgedRepository.begin(host.folder().resolve("repository-" + version));
    String target = manifest(DrillBundles.SCHEMA).target();
    host.command(
            "trust-root",
            "add",
            FORGED,
            repository.root().toString(),
            "--vendor=acme",
            "--mirror",
            host.folder().resolve("repository-" + version).toString())
        .required();
    try {
      if (form == Drill.Form.OLDER_STATE) {
        repository.publish(target, file, Drill.Form.CAREFUL);
        byte[] older = repository.timestamp();
        repository.withdraw(target);
        Commands.Said newer = host.command("content", "activate", target);
        if (!newer.text().contains("is not published")) {
          throw new IOException("what was withdrawn is there: " + newer.text());
        }
        repository.showAgain(older);
      } else {
        repository.publish(target, file, form);
      }
      return host.command("content", "activate", target);
    } finally {
      host.command("trust-root", "remove", FORGED).required();
    }
  }

  private BundleManifest manifest(String schema) {
    return DrillBundles.manifest(version, schema, VersionRange.ALL, LIMITS);
  }

  private Path bundle(Drill.Form form, String content) throws IOException {
    version++;
    String schema =
        form == Drill.Form.OTHER_SCHEMA ? Sha256.ofText("another").toString() : DrillBundles.SCHEMA;
    List<TestVector> vectors = bundles.goodVectors();
    if (form == Drill.Form.CARELESS) {
      vectors = vectors.stream().filter(vector -> !vector.rules().isEmpty()).toList();
    }
    try {
      Path file = bundles.bundle(manifest(schema), DrillBundles.RULES + content + "\n", vectors);
      if (form == Drill.Form.HALF_WRITTEN) {
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, bytes.length * 2 / 3));
      }
      return file;
    } catch (ContentException e) {
      throw new IOException(e);
    }
  }

  private Path release(String first) throws IOException {
    version++;
    Path made = new DrillRelease(frontDoor.resolveSibling(""), host.folder()).make(first);
    Path file = host.folder().resolve("release-" + version + ".bundle");
    host.command(
            "content",
            "pack",
            "--vendor=acme",
            "--name=redoubt",
            "--version-number=" + version,
            "--output=" + file,
            made.toString())
        .required();
    return file;
  }

  private DrillResult play(Drill drill) throws IOException {
    if (!hasPast) {
      makePast();
    }
    Optional<Release> before = host.life().good();
    boolean isRelease = drill.form() == Drill.Form.RELEASE;
    Path file =
        isRelease ? release(drill.content()) : bundle(drill.form(), filled(drill.content()));
    felt.next();
    long begun = System.nanoTime();
    Commands.Said said =
        drill.form().isForged() ? activateForged(file, drill.form()) : activate(file);
    long decided = millisSince(begun);
    long harmed = System.nanoTime();
    boolean isBack = true;
    if (said.status() == 0) {
      happen(drill.then());
      isBack = comesBack(before, drill.then() == Drill.Then.ITS_DAY);
    }
    hasPast &= !isRelease; // Its agents have come and gone.
    Felt.Tally tally = felt.next();
    if (drill.then() == Drill.Then.WORK || drill.then() == Drill.Then.ITS_DAY) {
      harmed = tally.harmedNanos();
    }
    long back = said.status() == 0 && isBack && harmed != 0 ? millisSince(harmed) : 0;
    String reason = reason(file, said.text());
    boolean unharmed = tally.failed() == 0 && tally.longestMillis() <= HELD.toMillis();
    return new DrillResult(
        drill,
        isBack ? stopped(said, reason) : null,
        unharmed && (isBack ? back <= BACK.toMillis() : tally.denied() == 0),
        decided,
        back,
        tally.starts(),
        tally.denied(),
        tally.failed(),
        tally.longestMillis(),
        reason);
  }

  private static Stage stopped(Commands.Said said, String reason) {
    Stage stage = Stage.of(reason);
    // What cannot even be read was refused at the door.
    return said.status() != 0 && stage == Stage.PROBATION ? Stage.ADMISSION : stage;
  }

  private String filled(String content) {
    String placed = content.replace("@SCRATCH", host.scratch().toString());
    return DAY.matcher(placed).replaceAll(match -> day(Long.parseLong(match.group(1))).toString());
  }

  /// The beginning of a day to come. Where no trial sets a clock ahead nobody waits for it: it
  /// comes soon after the content is good.
  private Instant day(long ahead) {
    Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    return without.contains(Stage.TRIAL)
        ? now.plus(ITS_DAY)
        : now.truncatedTo(ChronoUnit.DAYS).plus(Duration.ofDays(ahead));
  }

  private void happen(Drill.Then then) throws IOException {
    int programs =
        switch (then) {
          case WORK, ITS_DAY -> 0;
          case NEW_PROGRAM -> 1;
          case NEW_PROGRAMS -> NEW_PROGRAMS;
          case AGENT_DIES -> {
            hasPast = false;
            for (int i = 0; i < KILLS; i++) {
              host.killAgent();
            }
            yield 0;
          }
        };
    for (int i = 0; i < programs; i++) {
      try {
        Felt.start(host.program("unseen-" + ++fresh));
      } catch (IOException _) {
        // Refused, as its content says.
      }
    }
  }

  /// @param afterwards whether it may be good before it fails
  private boolean comesBack(Optional<Release> before, boolean afterwards) throws IOException {
    long end = System.nanoTime() + 3 * (afterwards ? ITS_DAY : BACK).toNanos();
    while (System.nanoTime() - end < 0) {
      Life life = host.life();
      boolean isOther = !life.good().equals(before);
      if (isGood(life) && isOther && !afterwards) {
        return false;
      }
      // What is on disk is what is meant; that it is done shows in what starts.
      if (isGood(life) && !isOther && felt.areLet()) {
        return true;
      }
      Commands.pause(LOOK_MILLIS);
    }
    return false;
  }

  private String reason(Path file, String said) throws IOException {
    return host.life()
        .refusalOf(FileDigest.of(file))
        .map(Life.Refusal::reason)
        .orElse(said.strip());
  }

  private static long millisSince(long nanos) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
  }

  @Override
  public void close() throws IOException {
    felt.close();
    host.close();
  }
}
