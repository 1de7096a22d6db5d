package redoubt.agent.confinement;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import redoubt.agent.registry.EngineLimits;
import redoubt.agent.registry.EngineManifest;
import redoubt.agent.registry.EngineView;

/// The confinement of engine processes: which program starts them, with which arguments, so that
/// they see nothing of the host but their own files, run as nobody else, and can ask the kernel for
/// little.
///
/// Bubblewrap makes the namespaces and the view and loads the filter of system calls; `prlimit`
/// before it and `setpriv` behind it take away limits and rights. Nothing of it needs a user
/// namespace. The command is composed here and only executed by the spawner. Immutable.
public final class EngineSandbox {
  /// The descriptor under which the spawner hands over the filter of system calls.
  static final int FILTER_DESCRIPTOR = 9;

  /// Where an engine finds the agent's socket.
  private static final String SOCKET = "/run/redoubt/agent.sock";

  /// Where it finds a socket for each peer that it may reach: `HOST/PORT`.
  public static final String NETWORK = "/run/redoubt/net";

  /// Where a relay makes its socket.
  private static final String RELAY = "/relay";

  /// Where a courier writes what it fetches.
  public static final String COURIER = "/courier";

  private static final int RELAY_CONNECTIONS = 16;
  private static final int CONNECT_SECONDS = 10;

  private static final long COURIER_DATA = 256L << 20;
  private static final String SCRATCH = "/tmp";
  private static final int FILE_MIB = 16;

  /// Places of the system that are links on most hosts; programs and libraries are named by them.
  private static final List<Path> SYSTEM_LINKS =
      List.of(Path.of("/bin"), Path.of("/lib"), Path.of("/lib64"));

  /// Where the spawner looks for programs.
  private static final List<Path> PROGRAM_DIRECTORIES =
      List.of(Path.of("/usr/bin"), Path.of("/bin"), Path.of("/usr/sbin"), Path.of("/sbin"));

  private static final List<Path> LIBRARY_DIRECTORIES =
      List.of(
          Path.of("/usr/lib/x86_64-linux-gnu"),
          Path.of("/usr/lib/aarch64-linux-gnu"),
          Path.of("/usr/lib64"),
          Path.of("/lib/x86_64-linux-gnu"),
          Path.of("/lib/aarch64-linux-gnu"),
          Path.of("/lib64"));

  /// Of libfaketime; the one for programs of one thread takes no lock for each look at the clock,
  /// and an offset needs none.
  private static final Path CLOCK_LIBRARY = Path.of("faketime/libfaketime.so.1");

  private static final List<Path> LOADERS =
      List.of(Path.of("/lib64/ld-linux-x86-64.so.2"), Path.of("/lib/ld-linux-aarch64.so.1"));

  /// Whom the host believes, and how it speaks to them.
  private static final List<Path> CERTIFICATES =
      List.of(
          Path.of("/etc/ssl/certs"),
          Path.of("/etc/ssl/openssl.cnf"),
          Path.of("/etc/pki/tls/certs"),
          Path.of("/etc/pki/ca-trust/extracted"),
          Path.of("/usr/share/ca-certificates"),
          Path.of("/usr/local/share/ca-certificates"));

  private final Path javaHome;
  private final Path installation;

  /// @param javaHome the Java that first-party engines run on
  /// @param installation where Redoubt's modules and programs are
  public EngineSandbox(Path javaHome, Path installation) {
    this.javaHome = javaHome;
    this.installation = installation;
  }

  /// The environment of every engine: nothing of the agent's.
  private static Map<String, String> environment() {
    return Map.of(
        "REDOUBT_SOCKET", SOCKET,
        "PATH", "/usr/bin:/bin",
        "HOME", SCRATCH,
        "TMPDIR", SCRATCH,
        "LC_ALL", "C.UTF-8");
  }

  /// The library that sets the clock of a process ahead, if the host has it.
  public static Optional<Path> clockLibrary() {
    return LIBRARY_DIRECTORIES.stream()
        .map(directory -> directory.resolve(CLOCK_LIBRARY))
        .filter(Files::exists)
        .findFirst();
  }

  /// The command of an engine that is only tried: without peers, sockets and the host's time.
  ///
  /// @param uid the user id that is its own
  /// @param socket the agent's socket for it, on the host
  /// @param ahead how far its clock is to be ahead, in whole seconds; zero needs no [#clockLibrary]
  /// @throws UncheckedIOException if one of the engine's own files is not there, or that library
  public List<String> command(EngineManifest manifest, int uid, Path socket, Duration ahead) {
    List<String> words =
        new ArrayList<>(command(manifest, uid, socket, Optional.empty(), List.of()));
    if (!ahead.isZero()) {
      Path library =
          clockLibrary()
              .orElseThrow(() ->
                  new UncheckedIOException(
                      new IOException(
                          "no clock can be set ahead: install the package libfaketime")));
      List<String> settings = new ArrayList<>();
      clock(library, ahead)
          .forEach((key, value) -> settings.addAll(List.of("--setenv", key, value)));
      words.addAll(words.indexOf("--clearenv") + 1, settings);
    }
    return List.copyOf(words);
  }

  /// The environment of a process with its clock ahead. Only the time of day: what is slept and
  /// waited is as long as ever. Without the last of them, which is about old C libraries, each wait
  /// with a limit that is counted by the other clock is over at once, and whoever waits so spins.
  static Map<String, String> clock(Path library, Duration ahead) {
    return Map.of(
        "LD_PRELOAD", library.toString(),
        "FAKETIME", "+" + ahead.toSeconds() + "s",
        "FAKETIME_DONT_FAKE_MONOTONIC", "1",
        "DONT_FAKE_MONOTONIC", "1",
        "FAKETIME_DISABLE_SHM", "1",
        "NO_FAKE_STAT", "1",
        "FAKETIME_FORCE_MONOTONIC_FIX", "0");
  }

  /// The whole command, from the program that the spawner executes to the engine's own arguments.
  ///
  /// @param uid the user id that is the engine's own
  /// @param socket the agent's socket for this engine, on the host
  /// @param network the directory of its relays' sockets, on the host, if it has any
  /// @param sockets those of the host that it may reach, which it sees under their own names
  /// @throws UncheckedIOException if one of the engine's own files is not there
  public List<String> command(
      EngineManifest manifest, int uid, Path socket, Optional<Path> network, List<Path> sockets) {
    requireConfiner();
    EngineLimits limits = manifest.limits();
    List<String> words = new ArrayList<>(List.of("setsid", "prlimit", "--core=0", "--memlock=0"));
    words.add("--fsize=" + FILE_MIB * 1024 * 1024);
    words.add("--data=" + (long) limits.memoryMiB() * 1024 * 1024);
    words.add("--nproc=" + limits.processes());
    words.add("--nofile=" + limits.openFiles());
    words.add("--");
    words.addAll(namespaces(List.of("ipc", "pid", "net", "uts", "cgroup"), "engine"));
    words.addAll(new View(limits.scratchMiB()).ofEngine(manifest, socket, network, sockets));
    words.addAll(List.of("--chdir", SCRATCH, "--seccomp", Integer.toString(FILTER_DESCRIPTOR)));
    words.addAll(asUser(uid));
    words.addAll(manifest.command());
    return List.copyOf(words);
  }

  /// The command of a relay: `socat`, confined like an engine, but with a network and without the
  /// filter that forbids one. It passes bytes between a socket of its own and one peer.
  ///
  /// @param uid the user id that is the relay's own
  /// @param directory where its socket is made, on the host
  /// @param peer `HOST:PORT`
  public List<String> relay(int uid, Path directory, String peer) {
    requireConfiner();
    requireProgram("no network can be granted", "socat", "socat");
    List<String> words = new ArrayList<>(List.of("setsid", "prlimit", "--core=0", "--memlock=0"));
    words.addAll(List.of("--nofile=64", "--"));
    words.addAll(namespaces(List.of("ipc", "pid", "uts", "cgroup"), "relay"));
    words.addAll(new View(1).ofRelay(directory));
    words.addAll(List.of("--chdir", SCRATCH));
    words.addAll(asUser(uid));
    String port = peer.substring(peer.indexOf(':') + 1);
    words.add("/usr/bin/socat");
    words.add(
        "UNIX-LISTEN:%s/%s,mode=0666,fork,max-children=%d"
            .formatted(RELAY, port, RELAY_CONNECTIONS));
    words.add("TCP:" + peer + ",connect-timeout=" + CONNECT_SECONDS);
    return List.copyOf(words);
  }

  /// The command of a courier: `curl`, confined as a relay is. What it writes to [#COURIER] is all
  /// that is left of it.
  ///
  /// @param uid the user id that is its own
  /// @param directory what it sees as [#COURIER], on the host
  /// @param mostBytes how long a file may get that it writes
  /// @param arguments its own
  /// @throws UncheckedIOException if the host has no such program
  public List<String> courier(int uid, Path directory, long mostBytes, List<String> arguments) {
    requireConfiner();
    requireProgram("nothing can be fetched from an address", "curl", "curl");
    List<String> words = new ArrayList<>(List.of("prlimit", "--core=0", "--memlock=0"));
    words.addAll(List.of("--nofile=64", "--fsize=" + mostBytes, "--data=" + COURIER_DATA, "--"));
    words.addAll(namespaces(List.of("ipc", "pid", "uts", "cgroup"), "courier"));
    words.addAll(new View(1).ofCourier(directory));
    words.addAll(List.of("--chdir", SCRATCH));
    words.addAll(asUser(uid));
    words.add("/usr/bin/curl");
    words.addAll(arguments);
    return List.copyOf(words);
  }

  private static List<String> namespaces(List<String> own, String hostname) {
    List<String> words = new ArrayList<>(List.of("bwrap"));
    own.forEach(namespace -> words.add("--unshare-" + namespace));
    // Bubblewrap stays as the first process of the namespace, and as root: it may be killed for its
    // parent's death, which the kernel would refuse for a process of another user, and with it the
    // kernel kills the rest.
    words.addAll(List.of("--die-with-parent", "--new-session"));
    words.addAll(List.of("--hostname", hostname, "--clearenv"));
    environment().forEach((key, value) -> words.addAll(List.of("--setenv", key, value)));
    words.addAll(List.of("--cap-drop", "ALL"));
    for (String capability : List.of("CAP_SETUID", "CAP_SETGID", "CAP_SETPCAP")) {
      words.addAll(List.of("--cap-add", capability));
    }
    return words;
  }

  private static List<String> asUser(int uid) {
    List<String> words = new ArrayList<>(List.of("--", "/usr/bin/setpriv"));
    words.addAll(List.of("--reuid", Integer.toString(uid), "--regid", Integer.toString(uid)));
    words.addAll(List.of("--clear-groups", "--bounding-set=-all", "--inh-caps=-all"));
    words.addAll(List.of("--ambient-caps=-all", "--no-new-privs", "--"));
    return words;
  }

  private static void requireConfiner() {
    requireProgram(
        "engines cannot be confined, and are never run otherwise", "bwrap", "bubblewrap");
  }

  private static void requireProgram(String without, String name, String debianPackage) {
    if (PROGRAM_DIRECTORIES.stream().noneMatch(place -> Files.exists(place.resolve(name)))) {
      throw new UncheckedIOException(
          new IOException(
              without + ": " + name + " is missing; install the package " + debianPackage));
    }
  }

  /// The tree that one process sees.
  private final class View {
    private final List<String> words = new ArrayList<>();
    private final Set<Path> made = new LinkedHashSet<>();

    View(int scratchMiB) {
      // First, since any of what follows may lie below it: a checkout in /tmp, say.
      scratch(scratchMiB);
      links();
      libraries();
      program(Path.of("/usr/bin/setpriv"));
    }

    List<String> ofEngine(
        EngineManifest manifest, Path socket, Optional<Path> network, List<Path> sockets) {
      switch (manifest.view().runtime()) {
        case C -> {}
        case JAVA -> java();
        case PYTHON -> python();
      }
      words.addAll(List.of("--proc", "/proc", "--dev", "/dev"));
      manifest.view().files().forEach(this::show);
      bind("--ro-bind", socket, Path.of(SOCKET));
      network.ifPresent(relays -> bind("--ro-bind", relays, Path.of(NETWORK)));
      sockets.forEach(this::show);
      return closed();
    }

    /// Names are looked up with what the host has for it.
    List<String> ofRelay(Path directory) {
      program(Path.of("/usr/bin/socat"));
      names();
      bind("--bind", directory, Path.of(RELAY));
      return closed();
    }

    /// Servers are believed that the host believes.
    List<String> ofCourier(Path directory) {
      program(Path.of("/usr/bin/curl"));
      names();
      CERTIFICATES.forEach(this::showIfThere);
      bind("--bind", directory, Path.of(COURIER));
      return closed();
    }

    private void names() {
      words.addAll(List.of("--proc", "/proc", "--dev", "/dev"));
      for (String file : List.of("resolv.conf", "hosts", "nsswitch.conf", "gai.conf", "services")) {
        showIfThere(Path.of("/etc").resolve(file));
      }
    }

    private List<String> closed() {
      words.addAll(List.of("--remount-ro", "/dev", "--remount-ro", "/"));
      return words;
    }

    private void bind(String how, Path from, Path to) {
      parents(to);
      words.addAll(List.of(how, from.toString(), to.toString()));
    }

    private void scratch(int mebibytes) {
      words.addAll(List.of("--perms", "1777", "--size"));
      words.add(Long.toString((long) mebibytes * 1024 * 1024));
      words.addAll(List.of("--tmpfs", SCRATCH));
      made.add(Path.of(SCRATCH));
    }

    private void links() {
      for (Path link : SYSTEM_LINKS) {
        if (Files.isSymbolicLink(link)) {
          words.addAll(List.of("--symlink", target(link), link.toString()));
          made.add(link);
        }
      }
    }

    private void libraries() {
      for (Path directory : LIBRARY_DIRECTORIES) {
        if (Files.exists(directory.resolve("libc.so.6"))) {
          show(real(directory));
        }
      }
      for (Path loader : LOADERS) {
        if (Files.exists(loader)) {
          program(loader);
        }
      }
      showIfThere(Path.of("/etc/ld.so.cache"));
    }

    private void java() {
      program(Path.of("/bin/sh"));
      show(javaHome);
      // Debian's Java keeps its configuration there, behind links.
      showMatching(Path.of("/etc"), "java-*");
      for (String part : EngineView.JAVA_PARTS) {
        showIfThere(installation.resolve(part));
      }
    }

    private void python() {
      program(EngineView.PYTHON);
      showMatching(Path.of("/usr/lib"), "python3*");
    }

    private void showMatching(Path directory, String glob) {
      if (!Files.isDirectory(directory)) {
        return;
      }
      try (DirectoryStream<Path> matching = Files.newDirectoryStream(directory, glob)) {
        matching.forEach(this::show);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /// A program under the name that others know it by, and under its own, if that is another.
    private void program(Path path) {
      show(real(parent(path)).resolve(path.getFileName()));
      show(real(path));
    }

    private void showIfThere(Path path) {
      if (Files.exists(path)) {
        show(path);
      }
    }

    private void show(Path path) {
      if (made.add(path)) {
        parents(path);
        words.addAll(List.of("--ro-bind", path.toString(), path.toString()));
      }
    }

    /// Makes the directories above a path; by itself bubblewrap would make them for root only.
    private void parents(Path path) {
      for (int depth = 1; depth < path.getNameCount(); depth++) {
        Path directory = Path.of("/").resolve(path.subpath(0, depth));
        if (made.add(directory)) {
          words.addAll(List.of("--perms", "0755", "--dir", directory.toString()));
        }
      }
    }

    private static Path parent(Path path) {
      return Optional.ofNullable(path.getParent()).orElse(Path.of("/"));
    }

    private static String target(Path link) {
      try {
        return Files.readSymbolicLink(link).toString();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static Path real(Path path) {
      try {
        return path.toRealPath();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
