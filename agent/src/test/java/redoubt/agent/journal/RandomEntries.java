package redoubt.agent.journal;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import redoubt.core.model.Actor;
import redoubt.core.model.Credentials;
import redoubt.core.model.DecisionBasis;
import redoubt.core.model.DecisionRecord;
import redoubt.core.model.EngineId;
import redoubt.core.model.EngineMode;
import redoubt.core.model.EngineOpinion;
import redoubt.core.model.EventClass;
import redoubt.core.model.FileIdentity;
import redoubt.core.model.Finding;
import redoubt.core.model.FindingLevel;
import redoubt.core.model.PlatformNotice;
import redoubt.core.model.ProcessInfo;
import redoubt.core.model.Sha256;
import redoubt.core.model.Verdict;
import redoubt.core.wire.WireLimits;

/// Entries of every shape from one seed, with the texts that hostile users and engines would
/// choose.
final class RandomEntries {
  /// Says which seed to use again: `-Dredoubt.seed=N`.
  static final String SEED_PROPERTY = "redoubt.seed";

  private static final String[] HOSTILE = {
    "",
    "/usr/bin/true",
    "/tmp/a b\"c\\d",
    "/tmp/new\nline\rand\ttab",
    "/tmp/\u0000\u0001\u001b[2J\u007f\u0085",
    "/tmp/\uFFFD\uFFFDbad utf-8",
    "\uD800",
    "/tmp/\uDC00x\uD83D",
    "/tmp/\uD83D\uDE00",
    "\u2028\u2029",
    "{\"class_uid\":0}",
    "</script>",
    "/" + "x".repeat(4094),
    "/" + "\u0001".repeat(4094),
    "/" + "\uD800".repeat(4094),
    "/" + "日".repeat(1365),
  };

  private final long seed;
  private final RandomGenerator random;

  RandomEntries(long seed) {
    this.seed = seed;
    this.random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
  }

  /// A generator from the seed that the property names, else from the clock; prints the seed.
  static RandomEntries seeded() {
    long seed = Long.getLong(SEED_PROPERTY, System.nanoTime());
    System.out.println("to repeat: -D" + SEED_PROPERTY + "=" + seed);
    return new RandomEntries(seed);
  }

  RandomGenerator random() {
    return random;
  }

  Entry entry() {
    return switch (random.nextInt(6)) {
      case 0 -> new Entry.Finding(finding());
      case 1 -> new Entry.Notice(notice());
      default -> new Entry.Decision(decision());
    };
  }

  DecisionRecord decision() {
    return new DecisionRecord(
        number(),
        number(),
        pick(new EventClass[] {EventClass.EXEC, EventClass.OPEN}),
        actor(),
        text(),
        new FileIdentity(number(), number(), number(), number(), number(), number()),
        digest(),
        random.nextBoolean(),
        pick(Verdict.values()),
        pick(DecisionBasis.values()),
        number(),
        text(),
        opinions(),
        number());
  }

  Finding finding() {
    return new Finding(
        number(),
        engine(),
        text(),
        text(),
        text(),
        pick(FindingLevel.values()),
        Stream.generate(() -> "T" + text()).limit(random.nextInt(WireLimits.TECHNIQUES)).toList(),
        Stream.generate(() -> new Finding.Reason(text(), text()))
            .limit(random.nextInt(WireLimits.REASONS))
            .toList(),
        text(),
        digest(),
        Stream.generate(this::process).limit(random.nextInt(18)).toList(),
        random.nextInt(3));
  }

  private ProcessInfo process() {
    return new ProcessInfo(
        random.nextInt(0, 4),
        number(),
        random.nextInt(-1, 4),
        new Credentials(
            random.nextInt(-1, 4),
            random.nextInt(-1, 4),
            random.nextInt(-1, 4),
            random.nextInt(-1, 4)),
        number(),
        text(),
        text(),
        Stream.generate(this::text).limit(random.nextInt(3)).toList(),
        random.nextBoolean(),
        text(),
        text());
  }

  PlatformNotice notice() {
    return new PlatformNotice(number(), pick(PlatformNotice.Kind.values()), text(), text());
  }

  String text() {
    return switch (random.nextInt(3)) {
      case 0 -> randomChars();
      default -> pick(HOSTILE);
    };
  }

  private String randomChars() {
    StringBuilder chars = new StringBuilder();
    for (int i = random.nextInt(300); i > 0; i--) {
      chars.append((char) random.nextInt(0x10000));
    }
    return chars.toString();
  }

  private Actor actor() {
    return new Actor(
        random.nextInt(-1, 100_000),
        number(),
        random.nextInt(-1, 100_000),
        random.nextInt(-1, 70_000),
        random.nextInt(),
        random.nextInt(),
        number(),
        text(),
        text());
  }

  private List<EngineOpinion> opinions() {
    List<EngineOpinion> opinions = new ArrayList<>();
    for (int i = random.nextInt(random.nextInt(1, 20)); i > 0; i--) {
      EngineMode mode = pick(EngineMode.values());
      opinions.add(
          random.nextBoolean()
              ? new EngineOpinion.Missing(engine(), mode, pick(EngineOpinion.Cause.values()))
              : new EngineOpinion.Answered(
                  engine(),
                  mode,
                  pick(Verdict.values()),
                  text(),
                  text(),
                  text(),
                  number(),
                  random.nextBoolean(),
                  random.nextBoolean()));
    }
    return opinions;
  }

  private EngineId engine() {
    return new EngineId(pick(new String[] {"scanner", "a", "sigma.rules-2"}));
  }

  private @Nullable Sha256 digest() {
    return random.nextBoolean()
        ? null
        : new Sha256(random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong());
  }

  private long number() {
    return switch (random.nextInt(6)) {
      case 0 -> 0;
      case 1 -> Long.MAX_VALUE;
      case 2 -> Long.MIN_VALUE;
      case 3 -> -1;
      case 4 -> random.nextInt(1_000_000);
      default -> random.nextLong();
    };
  }

  private <T> T pick(T[] values) {
    return values[random.nextInt(values.length)];
  }

  @Override
  public String toString() {
    return "seed " + seed;
  }
}
