package redoubt.core.tuf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redoubt.core.model.Octets;
import redoubt.core.tuf.mirror.MirrorAddress;
import redoubt.core.tuf.policy.PinnedRepositories;
import redoubt.core.tuf.policy.PinnedRepository;
import redoubt.core.tuf.policy.TrialRunners;
import redoubt.core.tuf.policy.TrustedRepository;
import redoubt.core.tuf.policy.TrustedVendor;

/// What an owner says of the repositories that a host believes, as files.
class PinnedRepositoriesTest {
  private static final int CHANGES = 400;

  @TempDir private Path scratch = Path.of("");
  private Path directory = Path.of("");
  private PinnedRepositories pinned = new PinnedRepositories(directory);
  private Octets root = Octets.of(new byte[0]);

  @BeforeEach
  void create() throws Exception {
    directory = scratch.resolve("trust");
    pinned = new PinnedRepositories(directory);
    HonestRepository repo = new HonestRepository(scratch.resolve("repo"));
    repo.addVendor("acme");
    repo.addTarget("acme", "bundle-1", "one");
    repo.publish();
    root = repo.pinned;
  }

  private PinnedRepository repository(String name, String... vendors) {
    return repository(name, new TrialRunners.AsTheRepositorySays(), "/srv/mirror", vendors);
  }

  private PinnedRepository repository(
      String name, TrialRunners runners, String mirror, String... vendors) {
    List<TrustedVendor> all =
        List.of(vendors).stream()
            .map(vendor -> new TrustedVendor(vendor, "vendor-" + vendor, vendor + "/"))
            .toList();
    return new PinnedRepository(
        new TrustedRepository(name, root, all, runners), new MirrorAddress(mirror));
  }

  @Test
  void whatIsAddedIsReadAsItIs() throws Exception {
    assertEquals(List.of(), pinned.read());
    PinnedRepository one = repository("one", "acme", "other");
    PinnedRepository two =
        repository(
            "two",
            new TrialRunners.Named(Set.of("0".repeat(64), "a".repeat(64))),
            "https:/" + "/mirror.example/redoubt",
            "third");
    pinned.add(two);
    pinned.add(one);
    assertEquals(List.of(one, two), new PinnedRepositories(directory).read());
    assertTrue(pinned.remove("one"));
    assertFalse(pinned.remove("one"));
    assertEquals(List.of(two), pinned.read());
  }

  @Test
  void noTwoSpeakForOneVendorOrHaveOneName() throws Exception {
    pinned.add(repository("one", "acme"));
    assertThrows(
        IllegalArgumentException.class, () -> pinned.add(repository("two", "other", "acme")));
    assertThrows(IllegalArgumentException.class, () -> pinned.add(repository("one", "other")));
    assertEquals(1, pinned.read().size());
  }

  @Test
  void whatOthersCouldHaveWrittenIsNotBelieved() throws Exception {
    pinned.add(repository("one", "acme"));
    for (String file : List.of("one/root.json", "one/repository.json", "one", "")) {
      Path open = directory.resolve(file);
      var before = Files.getPosixFilePermissions(open);
      Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
      assertThrows(TufException.class, pinned::read, file);
      Files.setPosixFilePermissions(open, before);
    }
    assertEquals(1, pinned.read().size());
    Path root = directory.resolve("one/root.json");
    Files.move(root, scratch.resolve("elsewhere"));
    Files.createSymbolicLink(root, scratch.resolve("elsewhere"));
    assertThrows(TufException.class, pinned::read);
  }

  @Test
  void whatWasBrokenOffIsNotThere() throws Exception {
    pinned.add(repository("one", "acme"));
    Files.move(directory.resolve("one"), directory.resolve(".one.new"));
    assertEquals(List.of(), pinned.read());
    pinned.add(repository("one", "acme"));
    assertEquals(1, pinned.read().size());
  }

  @Test
  void aRootThatIsNotSignedIsNotPinned() {
    String changed =
        new String(root.toArray(), StandardCharsets.UTF_8)
            .replace("\"version\":1", "\"version\":2");
    root = Octets.of(changed.getBytes(StandardCharsets.UTF_8));
    assertThrows(TufException.class, () -> pinned.add(repository("one", "acme")));
    assertFalse(Files.exists(directory));
  }

  @Test
  void aMirrorIsAnAddressOrAnAbsolutePath() {
    for (String mirror :
        List.of("", "mirror", "ftp:/" + "/mirror", "http:/" + "/", "https:/" + "/a b")) {
      assertThrows(IllegalArgumentException.class, () -> new MirrorAddress(mirror), mirror);
    }
  }

  /// Whatever becomes of the file: it says the same, something that could have been said, or is
  /// refused.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aChangedFileIsReadOrRefused(long seed) throws Exception {
    pinned.add(repository("one", "acme", "other"));
    Path file = directory.resolve("one/repository.json");
    byte[] whole = Files.readAllBytes(file);
    Random random = new Random(seed);
    int refused = 0;
    for (int i = 0; i < CHANGES; i++) {
      byte[] changed = whole.clone();
      for (int times = random.nextInt(3); times >= 0; times--) {
        changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
      }
      Files.write(file, changed);
      refused += isRead() ? 0 : 1;
    }
    assertTrue(refused > CHANGES / 4, "refused=" + refused);
  }

  private boolean isRead() throws IOException {
    try {
      return pinned.read().size() == 1;
    } catch (TufException _) {
      return false;
    }
  }
}
