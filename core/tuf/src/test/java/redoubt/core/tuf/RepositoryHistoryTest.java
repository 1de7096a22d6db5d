package redoubt.core.tuf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redoubt.core.tuf.client.Download;
import redoubt.core.tuf.client.Lookup;
import redoubt.core.tuf.client.Refresh;
import redoubt.core.tuf.client.TargetFetcher;
import redoubt.core.tuf.mirror.DirectoryMirror;
import redoubt.core.tuf.mirror.Mirror;
import redoubt.core.tuf.mirror.MirrorException;
import redoubt.core.tuf.mirror.RepositoryPath;
import redoubt.core.tuf.policy.TrustedContent;
import redoubt.core.tuf.policy.TrustedRepositories;
import redoubt.core.tuf.policy.VendorLookup;

/// Random histories of a repository, made with the signing side: every host can follow, and nothing
/// that somebody changes on the way is taken for something else.
class RepositoryHistoryTest {
  private static final int CHANGES = 9;

  @TempDir private Path scratch = Path.of("");

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void everyHostCanFollow(long seed) throws Exception {
    SplittableRandom random = new SplittableRandom(seed);
    HonestRepository repo = new HonestRepository(scratch.resolve("repo"));
    repo.addVendor("acme");
    repo.addTarget("acme", "bundle-0", "content 0");
    repo.publish();
    for (int change = 1; change <= CHANGES; change++) {
      change(repo, random, change);
      repo.publish();
      assertTrusts(repo, "always", "seed=" + seed + " change=" + change);
      if (random.nextInt(3) == 0) {
        assertTrusts(repo, "sometimes", "seed=" + seed + " change=" + change);
      }
    }
    assertTrusts(repo, "new", "seed=" + seed);
  }

  /// Whichever byte of whichever file of a mirror changes: a host finds what it would have found,
  /// or nothing.
  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void aChangedByteChangesNothingThatIsTrusted(long seed) throws Exception {
    SplittableRandom random = new SplittableRandom(seed);
    HonestRepository repo = new HonestRepository(scratch.resolve("repo"));
    repo.addVendor("acme");
    repo.addVendor("other");
    repo.addTarget("acme", "bundle", "content");
    repo.publish();
    repo.timestampKey = repo.newKey();
    repo.rootChanged = true;
    repo.publish();
    List<Path> files = files(scratch.resolve("repo"));
    int refused = 0;
    int count = Integer.getInteger("redoubt.fuzz.count", 60);
    for (int i = 0; i < count; i++) {
      Path file = files.get(random.nextInt(files.size()));
      byte[] bytes = Files.readAllBytes(file);
      int at = random.nextInt(bytes.length);
      byte old = bytes[at];
      bytes[at] = (byte) (old + 1 + random.nextInt(255));
      String where =
          "seed=" + seed + " file=" + file.getFileName() + " at=" + at + " byte=" + bytes[at];
      refused += isAsItWas(repo, file, bytes, "host-" + i, where) ? 0 : 1;
    }
    assertTrue(refused > count / 4, "refused=" + refused);
  }

  private static void change(HonestRepository repo, SplittableRandom random, int number) {
    List<String> names = new ArrayList<>(repo.vendors.keySet());
    String vendor = names.get(random.nextInt(names.size()));
    switch (random.nextInt(8)) {
      case 0 -> {
        repo.rootKeys = new ArrayList<>(List.of(repo.newKey(), repo.newKey(), repo.newKey()));
        repo.rootChanged = true;
      }
      case 1 -> {
        repo.timestampKey = repo.newKey();
        repo.rootChanged = true;
      }
      case 2 -> {
        repo.snapshotKey = repo.newKey();
        repo.rootChanged = true;
      }
      case 3 -> {
        repo.targetsKey = repo.newKey();
        repo.rootChanged = true;
        repo.delegationsChanged = true;
      }
      case 4 -> repo.addVendor("vendor" + number);
      case 5 -> {
        HonestRepository.Vendor known = Objects.requireNonNull(repo.vendors.get(vendor));
        known.key = repo.newKey();
        known.changed = true;
        repo.delegationsChanged = true;
      }
      case 6 -> repo.now = repo.now.plus(Duration.ofDays(random.nextInt(1, 9)));
      default -> repo.addTarget(vendor, "bundle-" + random.nextInt(3), "content " + number);
    }
  }

  private void assertTrusts(HonestRepository repo, String host, String where)
      throws IOException, MirrorException {
    TrustedContent content = host(repo, host, new DirectoryMirror(repo.published.metadata()));
    assertInstanceOf(Refresh.Current.class, content.refresh(repo.trusted("main")), where);
    for (HonestRepository.Vendor vendor : repo.vendors.values()) {
      for (Map.Entry<String, String> target : vendor.targets.entrySet()) {
        VendorLookup.Trusted found =
            assertInstanceOf(
                VendorLookup.Trusted.class, content.find(target.getKey()), where + target);
        assertEquals(
            TargetFile.of(target.getValue().getBytes(StandardCharsets.UTF_8)),
            found.target().file(),
            where);
      }
    }
  }

  private boolean isAsItWas(
      HonestRepository repo, Path file, byte[] bytes, String host, String where)
      throws IOException {
    Mirror metadata = changed(repo.published.metadata(), file, bytes);
    Mirror targets = changed(repo.published.targets(), file, bytes);
    try {
      VendorLookup found = host(repo, host, metadata).find("acme/bundle");
      if (!(found instanceof VendorLookup.Trusted(_, Lookup.Found target))) {
        return false;
      }
      assertEquals(TargetFile.of("content".getBytes(StandardCharsets.UTF_8)), target.file(), where);
      Path to = scratch.resolve(host + "-target");
      Download download = new TargetFetcher(targets, Limits.DEFAULT).fetch(target, to);
      if (download instanceof Download.Refused) {
        assertTrue(Files.notExists(to), where);
        return false;
      }
      assertEquals("content", Files.readString(to), where);
      return true;
    } catch (MirrorException _) {
      return false;
    }
  }

  private TrustedContent host(HonestRepository repo, String name, Mirror mirror) {
    return new TrustedContent(
        new TrustedRepositories(List.of(repo.trusted("main"))),
        scratch.resolve("hosts").resolve(name),
        _ -> mirror,
        Limits.DEFAULT,
        repo.clock(),
        MetadataReader.ANY_FORM);
  }

  private static Mirror changed(Path top, Path file, byte[] bytes) {
    Mirror real = new DirectoryMirror(top);
    return (path, maxBytes, sink) ->
        resolve(top, path).equals(file)
            ? send(bytes, maxBytes, sink)
            : real.fetch(path, maxBytes, sink);
  }

  private static boolean send(byte[] bytes, long maxBytes, OutputStream sink)
      throws MirrorException {
    try {
      sink.write(Arrays.copyOf(bytes, (int) Math.min(maxBytes, bytes.length)));
      return true;
    } catch (IOException e) {
      throw new MirrorException("cannot be passed on", e);
    }
  }

  private static Path resolve(Path top, RepositoryPath path) {
    return top.resolve(String.join("/", path.segments()));
  }

  private static List<Path> files(Path directory) throws IOException {
    Map<String, Path> sorted = new TreeMap<>();
    try (Stream<Path> files = Files.walk(directory)) {
      files
          .filter(Files::isRegularFile)
          .filter(file -> Files.exists(file) && file.toFile().length() > 0)
          .forEach(file -> sorted.put(file.toString(), file));
    }
    return List.copyOf(sorted.values());
  }
}
