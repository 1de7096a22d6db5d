package redoubt.agent.supply;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redoubt.agent.confinement.EngineSandbox;
import redoubt.agent.confinement.EngineUsers;
import redoubt.agent.confinement.Spawner;
import redoubt.core.tuf.mirror.MirrorException;
import redoubt.core.tuf.mirror.RepositoryPath;

/// The real program behind its real walls, and servers that are not as they should be.
class CourierMirrorTest {
  private static final Path SCRIPT = Path.of("../packaging/libexec/redoubt-spawner");
  private static final byte[] CONTENT = "content".getBytes(StandardCharsets.UTF_8);
  private static final Courier.Patience SHORT =
      new Courier.Patience(Duration.ofSeconds(2), Duration.ofSeconds(1), 1_000_000);

  @TempDir private Path scratch = Path.of("");
  private Spawner spawner;
  private BadServer server;
  private Path room = scratch;

  @BeforeEach
  void begin() throws IOException {
    spawner = Spawner.open(SCRIPT, scratch);
    server = new BadServer(CONTENT);
    room = Files.createDirectory(scratch.resolve("home")).resolve("room");
  }

  @AfterEach
  void end() throws IOException {
    server.close();
    spawner.close();
  }

  private CourierMirror mirror(Courier.Patience patience) {
    EngineSandbox sandbox =
        new EngineSandbox(Path.of(System.getProperty("java.home")), scratch.resolve("none"));
    Courier courier = new Courier(spawner, sandbox, room, scratch.resolve("output"), patience);
    return new CourierMirror(
        courier, URI.create("http:/" + "/127.0.0.1:" + server.port() + "/repo"));
  }

  private Path fetched() {
    return room.resolveSibling("fetched");
  }

  private Optional<byte[]> fetch(String name, int maxBytes) throws MirrorException {
    return mirror(Courier.Patience.DEFAULT).fetchBytes(RepositoryPath.of(name), maxBytes);
  }

  @Test
  void itGivesWhatThereIsUnderItsEncodedName() throws Exception {
    assertArrayEquals(
        CONTENT,
        mirror(Courier.Patience.DEFAULT)
            .fetchBytes(new RepositoryPath(List.of("d e", "1.a/b?#[x].json")), 7)
            .orElseThrow());
    assertEquals(List.of("/repo/d%20e/1.a%2Fb%3F%23%5Bx%5D.json"), server.asked());
    assertEquals(EngineUsers.COURIER, Files.getAttribute(fetched(), "unix:uid"));
    assertFalse(Files.exists(scratch.resolve("output")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"404", "403", "410"})
  void itSaysWhatThereIsNot(String status) throws MirrorException {
    assertEquals(Optional.empty(), fetch(status, 7));
  }

  @ParameterizedTest
  @ValueSource(strings = {"500", "204", "206", "302", "loop", "cut", "nowhere", "garbage"})
  void aServerThatFailsGivesNothing(String name) {
    assertThrows(MirrorException.class, () -> fetch(name, 100));
  }

  @Test
  void itFollowsARedirect() throws MirrorException {
    assertArrayEquals(CONTENT, fetch("moved", 7).orElseThrow());
    assertEquals(List.of("/repo/moved", "/elsewhere"), server.asked());
  }

  /// Also where the server does not say how much will come.
  @Test
  void itTakesNoByteMoreThanWanted() throws IOException {
    assertThrows(MirrorException.class, () -> fetch("any", 6));
    ByteArrayOutputStream taken = new ByteArrayOutputStream();
    assertThrows(
        MirrorException.class,
        () -> mirror(Courier.Patience.DEFAULT).fetch(RepositoryPath.of("endless"), 100_000, taken));
    assertEquals(0, taken.size());
    assertTrue(Files.size(room.resolve("fetched")) <= 100_000);
    assertFalse(Files.exists(fetched()));
  }

  /// Neither a server that never answers nor one that trickles holds a host up.
  @ParameterizedTest
  @ValueSource(strings = {"silent", "trickle"})
  void itWaitsForNobody(String name) {
    assertThrows(
        MirrorException.class, () -> mirror(SHORT).fetchBytes(RepositoryPath.of(name), 100_000));
  }

  @Test
  void whatWasFetchedBeforeIsNotTakenForWhatIsNot() throws MirrorException {
    assertTrue(fetch("any", 7).isPresent());
    assertEquals(Optional.empty(), fetch("404", 7));
    assertFalse(Files.exists(fetched()));
  }

  /// As a program that was taken over could leave it.
  @Test
  void whatStandsInTheWayIsTakenAway() throws Exception {
    Path inner = Files.createDirectories(room.resolve("fetched/more"));
    Path secret = Files.writeString(scratch.resolve("secret"), "none of theirs");
    Files.createSymbolicLink(inner.resolve("link"), secret);
    assertTrue(fetch("any", 7).isPresent());
    assertTrue(Files.exists(secret));
    Files.createSymbolicLink(room.resolve("fetched"), secret);
    assertEquals(Optional.empty(), fetch("404", 7));
    assertEquals("none of theirs", Files.readString(secret));
  }

  @Test
  void nobodyListens() throws IOException {
    CourierMirror mirror = mirror(Courier.Patience.DEFAULT);
    server.close();
    MirrorException failed =
        assertThrows(MirrorException.class, () -> mirror.fetchBytes(RepositoryPath.of("x"), 7));
    assertTrue(failed.getMessage().contains("curl: (7)"), failed.getMessage());
  }
}
