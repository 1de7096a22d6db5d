package redoubt.testing.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.random.RandomGenerator;
import redoubt.agent.decision.DecisionLimits;
import redoubt.core.model.EngineId;
import redoubt.core.model.EngineMode;
import redoubt.core.model.EventClass;
import redoubt.testing.testkit.EngineScript;
import redoubt.testing.testkit.ScriptedEngine;
import redoubt.testing.testkit.Seeds;
import redoubt.testing.testkit.SimulatedFile;
import redoubt.testing.testkit.SimulatedHost;
import redoubt.testing.testkit.SimulatedOpener;

/// One run of a host that a seed describes: its files, its engines, who asks for what and when, and
/// what goes wrong meanwhile.
final class RandomRun {
  private static final long LENGTH_NANOS = 3_000_000_000L;
  private static final long PACE_NANOS = 2_000_000L;
  private static final int LARGEST_FILE = 300 * 1024;
  private static final int MOST_WAITING = 64;
  private static final int MOST_OF_ONE = 16;
  private static final int SLOTS = DecisionLimits.ENGINES;

  private final RunPlan plan;
  private final RandomGenerator random;
  private final SimulatedHost host;
  private final List<SimulatedFile> files = new ArrayList<>();
  private final Map<EngineId, EngineCharacter> characters = new HashMap<>();

  private RandomRun(RunPlan plan) {
    this.plan = plan;
    this.random = Seeds.random(plan.seed());
    this.host =
        new SimulatedHost(
            new DecisionLimits(
                Duration.ofNanos(Fixtures.SOFT_NANOS),
                plan.onMiss(),
                plan.killLate(),
                MOST_WAITING,
                MOST_OF_ONE),
            plan.faults() && random.nextInt(10) == 0
                ? 2 + random.nextInt(20)
                : Fixtures.DESCRIPTORS);
  }

  /// Runs a plan to its end, checks what holds of every run, and returns it.
  static RandomRun of(RunPlan plan) {
    RandomRun run = new RandomRun(plan);
    run.prepare();
    run.host.runToQuiet();
    RunChecks.check(run);
    return run;
  }

  SimulatedHost host() {
    return host;
  }

  RunPlan plan() {
    return plan;
  }

  EngineCharacter character(EngineId engine) {
    EngineCharacter character = characters.get(engine);
    if (character == null) {
      throw new AssertionError("no such engine: id=" + engine);
    }
    return character;
  }

  private void prepare() {
    RandomGenerator pace = Seeds.random(plan.seed() + 1);
    host.setPace(() -> pace.nextLong(PACE_NANOS));
    for (int i = 2 + random.nextInt(7); i > 0; i--) {
      files.add(newFile(i));
    }
    seatEngines();
    for (int i = 10 + random.nextInt(40); i > 0; i--) {
      host.time().after(random.nextLong(LENGTH_NANOS), this::ask);
    }
    host.time().after(LENGTH_NANOS / 2, this::flood);
    if (plan.faults()) {
      for (int i = random.nextInt(20); i > 0; i--) {
        host.time().after(random.nextLong(LENGTH_NANOS), this::goWrong);
      }
    }
  }

  private SimulatedFile newFile(int number) {
    boolean disk = random.nextInt(4) > 0;
    SimulatedFile.Kind kind =
        new SimulatedFile.Kind(
            disk ? Fixtures.DISK : Fixtures.TMPFS,
            number,
            "/files/" + number,
            disk,
            random.nextInt(15) > 0);
    SimulatedFile file = host.kernel().create(kind, newContent());
    if (random.nextInt(6) == 0) {
      host.owner().protect(file);
    }
    if (random.nextInt(6) == 0) {
      host.owner().except(file, "exception-" + number);
    }
    return file;
  }

  private byte[] newContent() {
    boolean large = random.nextInt(5) == 0;
    byte[] content = new byte[large ? random.nextInt(LARGEST_FILE) : random.nextInt(64)];
    random.nextBytes(content);
    return content;
  }

  /// An engine before it has a slot.
  private record Candidate(String id, EngineCharacter character, EngineMode mode, int credits) {}

  /// The engines follow from the run's seed, their slots from the seating's.
  private void seatEngines() {
    List<Candidate> candidates = new ArrayList<>();
    for (int i = 1 + random.nextInt(5); i > 0; i--) {
      int failures = plan.faults() ? random.nextInt(60) : 0;
      boolean small = plan.faults() && random.nextInt(8) == 0;
      candidates.add(
          new Candidate(
              "engine-" + i,
              new EngineCharacter(random.nextLong(), failures),
              newMode(),
              small ? 1 + random.nextInt(4) : Integer.MAX_VALUE));
    }
    Collections.shuffle(candidates, new Random(plan.seating()));
    int slot = (int) Math.floorMod(plan.seating(), (long) SLOTS);
    for (Candidate candidate : candidates) {
      seat(slot, candidate);
      slot = (slot + 5) % SLOTS;
    }
  }

  private void seat(int slot, Candidate candidate) {
    characters.put(new EngineId(candidate.id()), candidate.character());
    ScriptedEngine engine =
        host.seat(slot, candidate.id(), candidate.mode(), EngineScript.silent());
    engine.setScript(subject -> candidate.character().reply(engine.epoch(), subject));
    engine.setCredits(candidate.credits());
  }

  private EngineMode newMode() {
    return plan.enforcing() && random.nextInt(3) > 0 ? EngineMode.ENFORCE : EngineMode.MONITOR;
  }

  private void flood() {
    RandomGenerator which = Seeds.random(plan.seed() + 2);
    for (int i = 0; i < plan.flood(); i++) {
      SimulatedFile file = files.get(which.nextInt(files.size()));
      host.ask(file, EventClass.EXEC, RunPlan.FLOODER, "/bin/sh");
    }
  }

  private void ask() {
    int[] users = {0, 1000, 1001, 1002};
    host.ask(
        anyFile(),
        random.nextInt(4) == 0 ? EventClass.OPEN : EventClass.EXEC,
        users[random.nextInt(users.length)],
        random.nextBoolean() ? "/bin/sh" : "/usr/bin/make");
  }

  private void goWrong() {
    switch (random.nextInt(12)) {
      case 0 -> anyEngine().die();
      case 1 -> anyEngine().restartWithNewContent();
      case 2 -> anyEngine().setMode(newMode());
      case 3 -> anyEngine().setDemoted(random.nextBoolean());
      case 4 ->
          host.time().jumpWall(Duration.ofNanos(random.nextLong(-LENGTH_NANOS, LENGTH_NANOS)));
      case 5 -> host.time().suspend(Duration.ofHours(random.nextInt(48)));
      case 6 -> host.kernel().refuseAnswers(1);
      case 7 -> killSomebodyWaiting();
      case 8 -> host.kernel().slowReads(random.nextLong(3_000_000L));
      case 9 -> anyFile().breakReads();
      default -> write(anyFile());
    }
  }

  private void killSomebodyWaiting() {
    host.kernel().openers().stream()
        .filter(opener -> opener.outcome() == SimulatedOpener.Outcome.WAITING)
        .findAny()
        .ifPresent(host.kernel()::killWaiting);
  }

  private void write(SimulatedFile file) {
    boolean mapped = random.nextBoolean();
    byte[] content = newContent();
    long openNanos = random.nextLong(2 * Fixtures.SOFT_NANOS);
    SimulatedFile.Writer[] writer = new SimulatedFile.Writer[1];
    writer[0] =
        file.openForWriting(() -> {
          change(writer[0], file, mapped, content);
          host.time()
              .after(
                  openNanos,
                  () -> {
                    change(writer[0], file, mapped, content);
                    writer[0].close();
                  });
        });
  }

  private void change(
      SimulatedFile.Writer writer, SimulatedFile file, boolean mapped, byte[] content) {
    if (!mapped) {
      writer.write(content);
    } else if (file.sizeBytes() > 0) {
      writer.store(random.nextInt(file.sizeBytes()), (byte) random.nextInt());
    }
  }

  private SimulatedFile anyFile() {
    return files.get(random.nextInt(files.size()));
  }

  private ScriptedEngine anyEngine() {
    List<ScriptedEngine> byName = new ArrayList<>(host.engines());
    byName.sort(Comparator.comparing(ScriptedEngine::id));
    return byName.get(random.nextInt(byName.size()));
  }
}
