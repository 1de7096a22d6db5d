package redoubt.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redoubt.core.content.BundleFile;
import redoubt.core.content.BundleWriter;
import redoubt.core.content.ContentException;
import redoubt.core.model.EngineId;
import redoubt.core.model.HostEvent;
import redoubt.core.wire.BundleManifest;
import redoubt.core.wire.BundleManifest.Limits;
import redoubt.core.wire.BundleManifest.VersionRange;
import redoubt.core.wire.TestVector;
import redoubt.engine.sigma.Detector;
import redoubt.engine.sigma.RuleFiles;
import redoubt.engine.sigma.live.LiveRules;
import redoubt.engine.sigma.vectors.VectorBuilder;

/// Bundles that were changed by chance, in the file, in their rules, in the archive of those or in
/// their vectors: what admission takes the engine takes too, and nothing in it makes it fail.
///
/// Both are the interpreter that is shipped, called as its process calls it; without the process
/// around it, so that a million cases take minutes.
final class MutatedBundlesTest {
  private static final List<String> RULES =
      List.of(
          """
          title: Shadow file read
          id: 8a0c1f5e-2f5f-4d52-9f0d-6a3c3c6f0001
          logsource: {product: linux, category: process_creation}
          detection:
            sel:
              CommandLine|contains|all: [/etc/shadow, '-v']
              Image|endswith: [/cat, /less]
            filter:
              User: root
            condition: sel and not filter
          level: high
          tags: [attack.t1003.008]
          """,
          """
          title: Encoded shell
          id: 8a0c1f5e-2f5f-4d52-9f0d-6a3c3c6f0002
          logsource: {product: linux, category: process_creation}
          detection:
            sel:
              CommandLine|re: 'base64\\s+(-d|--decode)[ |]+sh'
            other:
              Image|startswith: /dev/shm/
            condition: 1 of them
          level: medium
          """,
          """
          title: Many shells
          id: 8a0c1f5e-2f5f-4d52-9f0d-6a3c3c6f0003
          name: many_shells
          logsource: {product: linux, category: process_creation}
          detection:
            sel:
              Image|endswith: '/da?h*'
            condition: sel
          level: low
          """);

  private static final List<String> PIECES =
      List.of(
          "|re",
          "|contains",
          "|cidr",
          "|all",
          "|base64offset",
          "|expand",
          "|fieldref",
          "*",
          "?",
          "\\",
          "(",
          "[a-",
          "{999}",
          "(a+)+$",
          ": ",
          "\n",
          "- ",
          "'",
          "\"",
          "null",
          "~",
          "1 of sel*",
          "not ",
          "and ",
          "all of them",
          "condition",
          "detection",
          "&a ",
          "*a",
          "!!str ",
          "---\n",
          "%x%",
          "\t",
          "\u0000",
          "é",
          "\uD83D\uDE00",
          "9999999999999999999999");

  private static final Limits LIMITS = new Limits(1_000, 1_000, 100);

  @TempDir Path folder;
  private List<TestVector> vectors = List.of();

  @BeforeEach
  void derive() throws IOException {
    vectors = VectorBuilder.derive(read(archive(RULES)), _ -> {}).vectors();
    assertTrue(vectors.size() > RULES.size());
  }

  private static RuleFiles.Result read(byte[] archive) throws IOException {
    return RuleFiles.readArchive(new ByteArrayInputStream(archive));
  }

  private static byte[] archive(List<String> rules) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (int i = 0; i < rules.size(); i++) {
        zip.putNextEntry(new ZipEntry(i + ".yml"));
        zip.write(rules.get(i).getBytes(StandardCharsets.UTF_8));
      }
    }
    return bytes.toByteArray();
  }

  @Test
  void whatAdmissionTakesTheEngineTakes() throws Exception {
    long seed = Long.getLong("redoubt.fuzz.seed", System.nanoTime());
    int count = Integer.getInteger("redoubt.fuzz.count", 3_000);
    System.out.println("MutatedBundlesTest: -Dredoubt.fuzz.seed=" + seed);
    Random random = new Random(seed);
    byte[] whole = Files.readAllBytes(bundle(archive(RULES), vectors));
    assertTrue(isAdmitted(whole), "as it was made");
    int admitted = 0;
    for (int i = 0; i < count; i++) {
      String where = "seed=" + seed + " round=" + i;
      try {
        byte[] changed = changed(whole, random);
        if (isAdmitted(changed)) {
          admitted++;
          serve(changed, random);
        }
      } catch (RuntimeException | StackOverflowError e) {
        throw new AssertionError(where, e);
      }
    }
    assertTrue(admitted > 0, "some change nothing that matters");
    assertTrue(admitted < count / 2, "admitted=" + admitted);
  }

  private byte[] changed(byte[] whole, Random random) throws IOException {
    return switch (random.nextInt(4)) {
      case 0 -> mutated(whole, random);
      case 1 -> {
        List<String> rules = new ArrayList<>(RULES);
        int at = random.nextInt(rules.size());
        byte[] text = rules.get(at).getBytes(StandardCharsets.UTF_8);
        rules.set(at, new String(mutated(text, random), StandardCharsets.UTF_8));
        yield Files.readAllBytes(bundle(archive(rules), vectors));
      }
      case 2 -> Files.readAllBytes(bundle(mutated(archive(RULES), random), vectors));
      default -> Files.readAllBytes(bundle(archive(RULES), otherVectors(random)));
    };
  }

  private List<TestVector> otherVectors(Random random) {
    List<TestVector> others = new ArrayList<>(vectors);
    switch (random.nextInt(3)) {
      case 0 -> others.remove(random.nextInt(others.size()));
      case 1 -> Collections.shuffle(others, random);
      default -> {
        TestVector one = others.get(random.nextInt(others.size()));
        TestVector two = others.get(random.nextInt(others.size()));
        others.add(TestVector.ofActivity("other", one.activity(), two.rules(), two.covers()));
      }
    }
    return others;
  }

  private static byte[] mutated(byte[] bytes, Random random) {
    byte[] now = bytes;
    for (int times = 1 + random.nextInt(3); times > 0; times--) {
      int at = random.nextInt(now.length);
      byte[] piece =
          switch (random.nextInt(3)) {
            case 0 -> new byte[] {(byte) random.nextInt(256)};
            case 1 -> new byte[0];
            default -> PIECES.get(random.nextInt(PIECES.size())).getBytes(StandardCharsets.UTF_8);
          };
      int end = Math.min(now.length, at + random.nextInt(4));
      byte[] next = Arrays.copyOf(now, at + piece.length + now.length - end);
      System.arraycopy(piece, 0, next, at, piece.length);
      System.arraycopy(now, end, next, at + piece.length, now.length - end);
      now = next.length == 0 ? now : next;
    }
    return now;
  }

  private Path bundle(byte[] content, List<TestVector> shown) throws IOException {
    Path target = folder.resolve("a.bundle");
    Files.deleteIfExists(target);
    try {
      BundleManifest manifest =
          new BundleManifest(
              "acme",
              new EngineId("sigma"),
              "rules",
              1,
              Instant.ofEpochSecond(1_764_000_000L),
              LiveRules.schemaHash(),
              VersionRange.ALL,
              LIMITS,
              List.of(),
              List.of());
      BundleWriter.write(target, manifest, Files.write(folder.resolve("content"), content), shown);
      return target;
    } catch (ContentException e) {
      throw new IOException(e);
    }
  }

  /// What a host does that is to admit it, but for the process.
  private boolean isAdmitted(byte[] bundle) throws IOException {
    try {
      BundleFile opened = BundleFile.open(Files.write(folder.resolve("b.bundle"), bundle));
      opened.verify();
      if (!opened.manifest().schemaHash().equals(LiveRules.schemaHash())) {
        return false;
      }
      Loaded loaded = load(content(opened)).orElse(null);
      if (loaded == null) {
        return false;
      }
      Set<String> seen = new HashSet<>();
      boolean[] holds = {true};
      opened.forEachVector(vector -> {
        Set<String> found = found(loaded.live(), vector.activity());
        seen.addAll(found);
        holds[0] &= vector.question() == null && found.equals(vector.rules());
      });
      return holds[0] && seen.size() == loaded.reportable();
    } catch (ContentException _) {
      return false;
    }
  }

  /// What the engine then does.
  private void serve(byte[] bundle, Random random) throws IOException {
    try {
      BundleFile opened = BundleFile.open(Files.write(folder.resolve("c.bundle"), bundle));
      Loaded loaded = load(content(opened)).orElseThrow(() -> new AssertionError("rejected"));
      List<HostEvent> events = new ArrayList<>();
      opened.forEachVector(vector -> events.addAll(vector.activity()));
      Set<String> before = new TreeSet<>(found(loaded.live(), events));
      Collections.shuffle(events, random);
      found(loaded.live(), events);
      assertEquals(loaded.reportable(), before.size(), "each rule is found again");
    } catch (ContentException e) {
      throw new AssertionError("admitted, and rejected", e);
    }
  }

  private static byte[] content(BundleFile bundle) throws IOException, ContentException {
    ByteArrayOutputStream copy = new ByteArrayOutputStream();
    bundle.copyContentTo(Channels.newChannel(copy));
    return copy.toByteArray();
  }

  /// Rules that an engine took, all of them.
  private record Loaded(LiveRules live, int reportable) {}

  private static Optional<Loaded> load(byte[] content) {
    try {
      RuleFiles.Result read = read(content);
      Detector detector = new Detector(read);
      return detector.size() == 0 || !read.problems().isEmpty() || !detector.problems().isEmpty()
          ? Optional.empty()
          : Optional.of(new Loaded(new LiveRules(detector), detector.reportable()));
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  private static Set<String> found(LiveRules live, List<HostEvent> events) {
    Set<String> found = new HashSet<>();
    for (HostEvent event : events) {
      live.detect(event, detection -> found.add(detection.rule().key()));
    }
    return found;
  }
}
