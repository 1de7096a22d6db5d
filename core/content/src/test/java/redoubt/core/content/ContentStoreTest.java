package redoubt.core.content;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redoubt.core.model.EngineId;
import redoubt.core.model.Sha256;

final class ContentStoreTest {
  private static final EngineId SCANNER = new EngineId("scanner");
  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00.123456Z");
  private static final String LIST = "ab".repeat(32) + "  bad-tool\n";

  @TempDir Path temporary;
  private Path state;
  private Path source;
  private OwnerKey key;
  private ContentStore store;

  @BeforeEach
  void createStore() throws Exception {
    state = temporary.resolve("state");
    source = temporary.resolve("bad list.txt");
    Files.writeString(source, LIST);
    key = OwnerKey.loadOrCreate(state);
    store = new ContentStore(state, key);
  }

  @Test
  void whatTheOwnerBringsIsSignedAndVerified() throws Exception {
    VerifiedBundle bundle = store.importLocal(SCANNER, source, NOW);

    assertEquals("bad list.txt", bundle.name());
    assertEquals(sha256(LIST), bundle.sha256());
    assertEquals("local-" + sha256(LIST).toString().substring(0, 12), bundle.version());
    assertEquals(LIST.length(), bundle.sizeBytes());
    assertEquals("local (owner key " + key.id() + ")", bundle.trust());
    assertEquals(Instant.parse("2026-11-23T12:00:00.123Z"), bundle.created());
    assertArrayEquals(LIST.getBytes(UTF_8), bundle.bytes());
  }

  @Test
  void theActiveOneSurvivesARestartAndALaterChangeOfTheSource() throws Exception {
    assertTrue(store.active(SCANNER).isEmpty());
    store.activate(store.importLocal(SCANNER, source, NOW));
    Files.writeString(source, "changed");

    ContentStore restarted = new ContentStore(state, OwnerKey.loadOrCreate(state));

    assertEquals(Optional.of(sha256(LIST)), restarted.active(SCANNER).map(VerifiedBundle::sha256));
    assertTrue(restarted.active(new EngineId("other")).isEmpty());
  }

  @Test
  void theOneBeforeIsKeptAndOlderOnesAreNot() throws Exception {
    for (String text : new String[] {"one", "two", "three"}) {
      Files.writeString(source, text);
      store.activate(store.importLocal(SCANNER, source, NOW));
    }

    assertEquals(sha256("three"), store.active(SCANNER).orElseThrow().sha256());
    assertEquals(sha256("two"), store.previous(SCANNER).orElseThrow().sha256());
    assertFalse(Files.exists(home("one")));
  }

  @Test
  void takingTheSameContentAgainChangesNothing() throws Exception {
    store.activate(store.importLocal(SCANNER, source, NOW));
    VerifiedBundle again = store.importLocal(SCANNER, source, NOW.plusSeconds(60));

    assertEquals(store.active(SCANNER).orElseThrow().created(), again.created());
  }

  @Test
  void takingContentAgainMendsABrokenEntry() throws Exception {
    store.activate(store.importLocal(SCANNER, source, NOW));
    flipBit(home(LIST).resolve("payload"), 3, 1);
    assertThrows(ContentException.class, () -> store.active(SCANNER));

    store.importLocal(SCANNER, source, NOW);

    assertTrue(store.active(SCANNER).isPresent());
  }

  @Test
  void activatingMendsABrokenNameOfTheActiveOne() throws Exception {
    store.activate(store.importLocal(SCANNER, source, NOW));
    flipBit(state.resolve("content/scanner/active"), 5, 0x80);
    assertThrows(ContentException.class, () -> store.active(SCANNER));

    store.activate(store.importLocal(SCANNER, source, NOW));

    assertEquals(sha256(LIST), store.active(SCANNER).orElseThrow().sha256());
  }

  @Test
  void everyFlippedBitOfManifestPayloadAndNameIsNoticed() throws Exception {
    store.activate(store.importLocal(SCANNER, source, NOW));
    Random random = new Random(7);
    for (Path file :
        new Path[] {
          home(LIST).resolve("manifest"),
          home(LIST).resolve("payload"),
          state.resolve("content/scanner/active")
        }) {
      for (long offset = 0; offset < Files.size(file); offset++) {
        int bit = 1 << random.nextInt(8);
        flipBit(file, offset, bit);
        assertThrows(
            ContentException.class, () -> store.active(SCANNER), file + " offset " + offset);
        flipBit(file, offset, bit);
      }
    }
    assertTrue(store.active(SCANNER).isPresent(), "all flips were taken back");
  }

  @Test
  void truncationAndGrowthAreNoticed() throws Exception {
    store.activate(store.importLocal(SCANNER, source, NOW));
    for (String name : new String[] {"manifest", "payload"}) {
      Path file = home(LIST).resolve(name);
      byte[] good = Files.readAllBytes(file);
      for (int length = 0; length < good.length; length++) {
        Files.write(file, Arrays.copyOf(good, length));
        assertThrows(ContentException.class, () -> store.active(SCANNER), name + " cut");
      }
      Files.write(file, Arrays.copyOf(good, good.length + 1));
      assertThrows(ContentException.class, () -> store.active(SCANNER), name + " grown");
      Files.write(file, good);
    }
    assertTrue(store.active(SCANNER).isPresent());
  }

  @Test
  void aPayloadThatChangesAfterVerificationIsNoticedByItsUser() throws Exception {
    VerifiedBundle bundle = store.importLocal(SCANNER, source, NOW);
    flipBit(home(LIST).resolve("payload"), 0, 1);

    assertThrows(ContentException.class, bundle::bytes);
  }

  @Test
  void aBundleOfAnotherKeyOrEngineIsRefused() throws Exception {
    store.activate(store.importLocal(SCANNER, source, NOW));
    Files.move(state.resolve("content/scanner"), state.resolve("content/other"));
    assertThrows(ContentException.class, () -> store.active(new EngineId("other")));
    Files.move(state.resolve("content/other"), state.resolve("content/scanner"));

    Files.delete(state.resolve("owner.key"));
    ContentStore stranger = new ContentStore(state, OwnerKey.loadOrCreate(state));
    ContentException refused = assertThrows(ContentException.class, () -> stranger.active(SCANNER));
    assertTrue(refused.getMessage().contains("owner key"));
  }

  @Test
  void aMissingEntryIsAClearError() throws Exception {
    store.activate(store.importLocal(SCANNER, source, NOW));
    Files.delete(home(LIST).resolve("payload"));

    assertThrows(ContentException.class, () -> store.active(SCANNER));
  }

  @Test
  void filesOpenToOtherUsersAreRefused() throws Exception {
    store.activate(store.importLocal(SCANNER, source, NOW));
    Files.setPosixFilePermissions(
        home(LIST).resolve("payload"), PosixFilePermissions.fromString("rw-rw-rw-"));

    assertThrows(ContentException.class, () -> store.active(SCANNER));
  }

  @Test
  void onlyRegularFilesWithinTheLimitAreTaken() throws Exception {
    assertThrows(ContentException.class, () -> store.importLocal(SCANNER, temporary, NOW));
    assertThrows(
        ContentException.class,
        () -> store.importLocal(SCANNER, temporary.resolve("missing"), NOW));
    try (RandomAccessFile sparse = new RandomAccessFile(source.toFile(), "rw")) {
      sparse.setLength(ContentStore.MAX_PAYLOAD_BYTES + 1);
    }
    assertThrows(ContentException.class, () -> store.importLocal(SCANNER, source, NOW));
  }

  @Test
  void namesThatCouldForgeAManifestAreMadeHarmless() throws Exception {
    Path odd = temporary.resolve("a\nsize: 0\nsha256: " + "x".repeat(150));
    Files.writeString(odd, LIST);

    VerifiedBundle bundle = store.importLocal(SCANNER, odd, NOW);

    assertEquals(LocalBundle.MAX_NAME_CHARS, bundle.name().length());
    assertTrue(bundle.name().startsWith("a?size: 0?"));
  }

  private Path home(String content) throws Exception {
    return state.resolve("content/scanner").resolve(sha256(content).toString());
  }

  private static void flipBit(Path file, long offset, int bit) throws IOException {
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.seek(offset);
      int value = bytes.read();
      bytes.seek(offset);
      bytes.write(value ^ bit);
    }
  }

  private static Sha256 sha256(String content) {
    return Sha256.hash(content.getBytes(UTF_8));
  }
}
