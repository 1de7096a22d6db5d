package redoubt.core.wire;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import redoubt.core.model.EngineId;
import redoubt.core.model.Octets;
import redoubt.core.model.Sha256;
import redoubt.core.model.Verdict;
import redoubt.core.wire.BundleManifest.File;
import redoubt.core.wire.BundleManifest.Limits;
import redoubt.core.wire.BundleManifest.ProgramFile;
import redoubt.core.wire.BundleManifest.Role;
import redoubt.core.wire.BundleManifest.VersionRange;

/// Makes valid manifests and vectors.
final class RandomBundles {
  private static final String NAME_CHARS = "aZ09._-";

  private final RandomGenerator random;
  private final RandomMessages messages;

  RandomBundles(RandomGenerator random) {
    this.random = random;
    messages = new RandomMessages(random);
  }

  BundleManifest manifest() {
    Limits limits =
        new Limits(
            1 + random.nextInt(Limits.MOST_MILLIS),
            1 + random.nextInt(Limits.MOST_MILLIS),
            1 + random.nextInt(Limits.MOST_MEMORY_MIB));
    List<File> files = List.of(file(Role.CONTENT), file(Role.VECTORS));
    List<ProgramFile> program = random.nextBoolean() ? List.of() : program();
    EngineId engine = new EngineId("engine-" + random.nextInt(10));
    return new BundleManifest(
        name(),
        program.isEmpty() ? engine : engine.releases(),
        name(),
        1 + (random.nextLong() >>> 1) / 2,
        Instant.ofEpochMilli(random.nextLong(1L << 48)),
        random.nextBoolean() ? "" : Sha256.hash(bytes(4)).toString(),
        new VersionRange(version(), version()),
        limits,
        random.nextBoolean() ? files : files.reversed(),
        program);
  }

  private List<ProgramFile> program() {
    return IntStream.range(0, 1 + random.nextInt(5))
        .mapToObj(i ->
            new ProgramFile(
                "x/".repeat(random.nextInt(ProgramFile.MOST_DEPTH)) + i + name(60),
                random.nextBoolean(),
                random.nextLong(BundleCodec.FILE_BYTES / 8),
                Sha256.hash(bytes(8))))
        .toList();
  }

  TestVector vector() {
    String name = "vector " + random.nextLong();
    if (random.nextBoolean()) {
      return TestVector.ofActivity(
          name,
          Stream.generate(messages::hostEvent).limit(1 + random.nextInt(4)).toList(),
          texts("rule"),
          texts("rule field"));
    }
    TestVector.Question question =
        new TestVector.Question(messages.event(), Octets.of(bytes(random.nextInt(2_000))));
    Verdict verdict = random.nextBoolean() ? Verdict.ALLOW : Verdict.DENY;
    return TestVector.ofFile(name, question, verdict, texts("rule"), texts("list"));
  }

  private Set<String> texts(String kind) {
    return IntStream.range(0, random.nextInt(4))
        .mapToObj(i -> kind + " " + i + "é")
        .collect(Collectors.toSet());
  }

  private File file(Role role) {
    long size = random.nextLong(BundleCodec.FILE_BYTES + 1);
    return new File(role, size, Sha256.hash(bytes(8)));
  }

  private String name() {
    return "n" + name(64);
  }

  private String name(int chars) {
    return random
        .ints(random.nextInt(chars), 0, NAME_CHARS.length())
        .mapToObj(i -> NAME_CHARS.substring(i, i + 1))
        .collect(Collectors.joining());
  }

  private String version() {
    return random.nextBoolean() ? "" : random.nextInt(1_000_000) + "." + random.nextInt(100);
  }

  private byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }
}
