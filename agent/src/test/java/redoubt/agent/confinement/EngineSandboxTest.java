package redoubt.agent.confinement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redoubt.agent.registry.EngineLimits;
import redoubt.agent.registry.EngineManifest;
import redoubt.agent.registry.EngineRights;
import redoubt.agent.registry.EngineView;
import redoubt.core.model.EngineId;

/// The command that confines; whether it does is tried by the system tests, from within.
class EngineSandboxTest {
  private static final int UID = 64_901;
  private static final Path SOCKET = Path.of("/run/redoubt/engines/x.sock");
  private static final Path JAVA = Path.of(System.getProperty("java.home"));

  private Optional<Path> network = Optional.empty();
  private final EngineSandbox sandbox = new EngineSandbox(JAVA, Path.of("/usr/lib/redoubt"));

  @Test
  void eachStepLeadsToTheNextAndTheEngineIsTheLast() {
    List<String> words = command("c");
    assertEquals("setsid", words.getFirst());
    int prlimit = words.indexOf("prlimit");
    int bwrap = words.indexOf("bwrap");
    int setpriv = words.indexOf("/usr/bin/setpriv");
    int lastSetpriv = words.lastIndexOf("/usr/bin/setpriv");
    assertTrue(0 < prlimit && prlimit < bwrap && bwrap < setpriv, words::toString);
    assertEquals("--", words.get(lastSetpriv - 1));
    assertEquals(
        List.of("--", "/usr/bin/true", "--fast"), words.subList(words.size() - 3, words.size()));
  }

  @Test
  void everythingIsTakenAway() {
    List<String> words = command("c");
    for (String word :
        List.of(
            "--unshare-pid",
            "--unshare-net",
            "--unshare-ipc",
            "--unshare-uts",
            "--unshare-cgroup",
            "--die-with-parent",
            "--new-session",
            "--clearenv",
            "--clear-groups",
            "--bounding-set=-all",
            "--inh-caps=-all",
            "--ambient-caps=-all",
            "--no-new-privs",
            "--core=0",
            "--nproc=7",
            "--nofile=33",
            "--data=" + 48 * 1024 * 1024)) {
      assertTrue(words.contains(word), word + " in " + words);
    }
    assertFollowed(words, "--reuid", Integer.toString(UID));
    assertFollowed(words, "--regid", Integer.toString(UID));
    assertFollowed(words, "--seccomp", Integer.toString(EngineSandbox.FILTER_DESCRIPTOR));
    assertFollowed(words, "--cap-drop", "ALL");
    // As another user than its parent it would not get the signal that is to kill it.
    assertFalse(words.contains("--as-pid-1"));
  }

  @Test
  void onlyTheScratchDirectoryCanBeWritten() {
    for (String runtime : List.of("c", "java")) {
      List<String> words = command(runtime);
      for (String writable : List.of("--bind", "--dev-bind", "--bind-try", "--bind-data")) {
        assertFalse(words.contains(writable), writable);
      }
      assertEquals(1, Collections.frequency(words, "--tmpfs"), "one tmpfs");
      assertFollowed(words, "--tmpfs", "/tmp");
      assertFollowed(words, "--size", Integer.toString(2 * 1024 * 1024));
      assertTrue(words.indexOf("--tmpfs") < words.indexOf("--ro-bind"), "it hides nothing");
      int last = words.lastIndexOf("--remount-ro");
      assertEquals("/", words.get(last + 1));
      assertTrue(last > words.lastIndexOf("--ro-bind"), "nothing is mounted after the root");
    }
  }

  @Test
  void nothingOfTheHostIsShownButWhatIsNeeded() {
    List<String> words = command("c");
    for (int i = 0; i < words.size(); i++) {
      if (words.get(i).equals("--ro-bind")) {
        Path shown = Path.of(words.get(i + 1));
        assertTrue(
            shown.startsWith("/usr/lib")
                || shown.startsWith("/usr/lib64")
                || shown.startsWith("/usr/bin")
                || shown.startsWith("/lib64")
                || shown.startsWith("/lib")
                || shown.equals(Path.of("/etc/ld.so.cache"))
                || shown.equals(SOCKET),
            shown::toString);
        assertFalse(Set.of("/", "/usr", "/usr/lib", "/usr/bin", "/etc").contains(shown.toString()));
      }
    }
  }

  @Test
  void onlyWhoMayReachSomebodySeesRelays() {
    assertFalse(command("c").contains("/run/redoubt/net"));
    Path sockets = Path.of("/run/redoubt/engines/x.net");
    network = Optional.of(sockets);

    List<String> words = command("c");

    assertFollowed(words, sockets.toString(), "/run/redoubt/net");
    assertTrue(words.contains("--unshare-net"), "itself it has no network");
  }

  @Test
  void aRelayIsConfinedToOnePeer() {
    List<String> words = sandbox.relay(UID, Path.of("/run/x.net/example.org"), "example.org:443");

    assertFalse(words.contains("--unshare-net"));
    for (String word :
        List.of("--unshare-pid", "--clearenv", "--bounding-set=-all", "--no-new-privs")) {
      assertTrue(words.contains(word), word);
    }
    assertFollowed(words, "--reuid", Integer.toString(UID));
    assertEquals(1, Collections.frequency(words, "--bind"), "its socket's place alone");
    assertFollowed(words, "--bind", "/run/x.net/example.org");
    assertEquals(
        List.of(
            "/usr/bin/socat",
            "UNIX-LISTEN:/relay/443,mode=0666,fork,max-children=16",
            "TCP:example.org:443,connect-timeout=10"),
        words.subList(words.size() - 3, words.size()));
  }

  @Test
  void theSocketHasOneNameForEveryEngine() {
    List<String> words = command("c");
    int at = words.indexOf(SOCKET.toString());
    assertEquals("--ro-bind", words.get(at - 1));
    assertFollowed(words, "REDOUBT_SOCKET", words.get(at + 1));
  }

  private List<String> command(String runtime) {
    return command(runtime, List.of());
  }

  private List<String> command(String runtime, List<Path> sockets) {
    EngineManifest manifest =
        new EngineManifest(
            new EngineId("x"),
            List.of("/usr/bin/true", "--fast"),
            EngineRights.NONE,
            EngineManifest.ContentKind.OTHER,
            new EngineView(
                EngineView.Language.valueOf(runtime.toUpperCase(Locale.ROOT)),
                List.of(Path.of("/usr/bin/true"))),
            new EngineLimits(48, 7, 33, 0, 2),
            Optional.empty());
    return sandbox.command(manifest, UID, SOCKET, network, sockets);
  }

  @Test
  void aGrantedSocketIsSeenUnderItsOwnNameAndNothingBesideIt() {
    Path socket = Path.of("/run/clamav/clamd.ctl");
    List<String> words = command("c", List.of(socket));
    int at = words.indexOf(socket.toString());
    assertEquals(List.of("--ro-bind", socket.toString()), words.subList(at - 1, at + 1));
    assertEquals(socket.toString(), words.get(at + 1));
    assertEquals("--dir", words.get(words.indexOf("/run/clamav") - 1));
    assertFalse(command("c").contains(socket.toString()));
  }

  private static void assertFollowed(List<String> words, String word, String next) {
    assertEquals(next, words.get(words.indexOf(word) + 1), word);
  }

  /// A JVM's own threads wait with limits all the time.
  @Test
  void aProcessWithItsClockAheadSleepsAsAnyOther(@TempDir Path folder) throws Exception {
    Path source =
        Files.writeString(
            folder.resolve("Sleeper.java"),
            """
            class Sleeper {
              public static void main(String[] words) throws Exception {
                IO.println(java.time.Instant.now());
                Thread.sleep(60_000);
              }
            }
            """);
    ProcessBuilder builder =
        new ProcessBuilder(JAVA.resolve("bin/java").toString(), source.toString());
    builder
        .environment()
        .putAll(
            EngineSandbox.clock(EngineSandbox.clockLibrary().orElseThrow(), Duration.ofDays(400)));
    Instant early = Instant.now().plus(Duration.ofDays(399));
    Process process = builder.start();
    try (BufferedReader said = process.inputReader()) {
      assertTrue(Instant.parse(said.readLine()).isAfter(early));
      // Compilers may have something to do at first.
      Thread.sleep(1_000);
      Duration before = process.info().totalCpuDuration().orElseThrow();
      Thread.sleep(2_000);
      Duration spent = process.info().totalCpuDuration().orElseThrow().minus(before);
      assertTrue(spent.toMillis() < 1_000, "works while it sleeps: " + spent);
    } finally {
      process.destroyForcibly().waitFor();
    }
  }
}
