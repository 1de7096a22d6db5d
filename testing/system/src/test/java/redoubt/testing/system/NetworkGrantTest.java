package redoubt.testing.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// An engine reaches the peer that its owner granted, and nobody before and after: it has no
/// network itself, but a socket for each peer in its view.
class NetworkGrantTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final String ID = "courier";
  private static final int FIRST_RELAY_UID = 64_916;
  private static final int SLOTS = 16;

  @Test
  void anEngineReachesWhomItsOwnerGrantedAndNobodyElse() throws Exception {
    Path folder = Folders.make("redoubt-courier-");
    try (ServerSocket peer = new ServerSocket(0);
        ScratchFileSystem scratch = ScratchFileSystem.ext4(16);
        RunningAgent agent = RunningAgent.start(scratch)) {
      Thread.ofPlatform().daemon().start(() -> answer(peer));
      String right = "network:localhost:" + peer.getLocalPort();

      agent.command("engines", "add", manifest(folder, peer.getLocalPort())).requireSuccess();
      awaitWord(agent, "ENOENT", 1);

      agent.command("engines", "grant", ID, right).requireSuccess();
      awaitWord(agent, "pong", 1);

      agent.command("engines", "revoke", ID, right).requireSuccess();
      awaitWord(agent, "ENOENT", agent.printed(said("ENOENT")) + 1);
      assertNoRelay();

      agent.command("engines", "grant", ID, right).requireSuccess();
      awaitWord(agent, "pong", agent.printed(said("pong")) + 1);
      agent.command("engines", "remove", ID).requireSuccess();
      assertNoRelay();
    } finally {
      Outcome.of("rm", "-rf", folder).requireSuccess();
    }
  }

  private static Path manifest(Path folder, int port) throws IOException {
    Path program = folder.resolve("hostile");
    Files.copy(Programs.path("hostile"), program, StandardCopyOption.COPY_ATTRIBUTES);
    return Files.writeString(
        folder.resolve(ID + ".engine"),
        "id=%s\ncommand=%s granted-peer\nauth=exec\nruntime=c\nnetwork=localhost:%d\n"
            .formatted(ID, program, port));
  }

  private static void answer(ServerSocket peer) {
    boolean open = true;
    while (open) {
      try (Socket connection = peer.accept();
          BufferedReader lines =
              new BufferedReader(
                  new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8))) {
        if ("ping".equals(lines.readLine())) {
          connection.getOutputStream().write("pong\n".getBytes(StandardCharsets.UTF_8));
        }
      } catch (IOException _) {
        // An engine may be ended at any moment.
        open = !peer.isClosed();
      }
    }
  }

  private static String said(String word) {
    return "hostile granted-peer: " + word;
  }

  private static void awaitWord(RunningAgent agent, String word, long times) throws Exception {
    Pattern line = Pattern.compile(".*" + said(word));
    Await.until(
        word + agent.log(),
        LIMIT,
        () -> agent.printedLine(line) && agent.printed(said(word)) >= times);
  }

  /// The relays have users of their own.
  private static void assertNoRelay() throws Exception {
    String users =
        IntStream.range(FIRST_RELAY_UID, FIRST_RELAY_UID + SLOTS)
            .mapToObj(Integer::toString)
            .collect(Collectors.joining(","));
    Await.until("end of the relay", LIMIT, () -> Outcome.of("pgrep", "-U", users).status() == 1);
    assertEquals(1, Outcome.of("pgrep", "-U", users).status());
  }
}
