package redoubt.agent;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import redoubt.agent.registry.Register;
import redoubt.core.content.PlatformRelease;

/// Where the agent's things are. Defaults suit an installed host; tests and development move them.
///
/// @param home the installation: `lib/`, `libexec/`, `engines/`, `content/`
/// @param state what survives a restart: journal, exceptions, keys, content
/// @param run what does not: sockets, pid files
/// @param config what the owner writes: engine manifests, the rescue flag
/// @param java the Java runtime that the agent runs on
/// @param commands what the owner types to start, ask and free this host, where that lies outside
///   the installation
record AgentPaths(Path home, Path state, Path run, Path config, Path java, List<Path> commands) {
  static AgentPaths of(Map<String, String> environment) {
    Path java = Path.of(System.getProperty("java.home"));
    return new AgentPaths(
        Path.of(environment.getOrDefault("REDOUBT_HOME", "/usr/lib/redoubt")),
        Path.of(environment.getOrDefault("REDOUBT_STATE_DIR", "/var/lib/redoubt")),
        Path.of(environment.getOrDefault("REDOUBT_RUN_DIR", "/run/redoubt")),
        Path.of(environment.getOrDefault("REDOUBT_CONFIG_DIR", "/etc/redoubt")),
        java,
        commandsOf(environment.get("REDOUBT_CHECKOUT"), environment.get("REDOUBT_INSTALLED")));
  }

  /// The variables by which a command of ours finds the same things.
  Map<String, String> environment() {
    return Map.of(
        "REDOUBT_HOME", home.toString(),
        "REDOUBT_STATE_DIR", state.toString(),
        "REDOUBT_RUN_DIR", run.toString(),
        "REDOUBT_CONFIG_DIR", config.toString());
  }

  private static List<Path> commandsOf(@Nullable String checkout, @Nullable String installed) {
    Stream<Path> ofCheckout =
        checkout == null
            ? Stream.of()
            : Stream.of("redoubt", "packaging/libexec", "tools").map(Path.of(checkout)::resolve);
    return Stream.concat(ofCheckout, Stream.ofNullable(installed).map(Path::of)).toList();
  }

  /// What of this host is Redoubt's own, and what it runs on.
  List<Path> ownFiles() {
    return Stream.concat(Stream.of(java, home, platform()), commands.stream()).toList();
  }

  /// What of this host is Redoubt's own, with what it has written.
  List<Path> ownPlaces() {
    return Stream.concat(ownFiles().stream(), Stream.of(state, run, config))
        .map(path -> path.toAbsolutePath().normalize())
        .toList();
  }

  Path journal() {
    return state.resolve("journal");
  }

  /// What is kept of what happened here, to try content with.
  Path recording() {
    return state.resolve("recording");
  }

  /// What was collected of processes on engines' wishes.
  Path collections() {
    return state.resolve("collected");
  }

  /// The slots of releases of the platform.
  Path platform() {
    return state.resolve("platform");
  }

  /// There while this agent protects; the supervisor takes it away before each start.
  Path protecting() {
    return run.resolve(PlatformRelease.PROTECTING_FILE);
  }

  Path controlSocket() {
    return run.resolve("control.sock");
  }

  Path engineSockets() {
    return run.resolve("engines");
  }

  /// The name of the control groups of this agent's engines. An agent that has its things elsewhere
  /// has groups of its own, so that none kills the engines of another.
  String engineGroups() {
    return run.equals(Path.of("/run/redoubt"))
        ? "redoubt"
        : "redoubt-" + Integer.toHexString(run.toString().hashCode());
  }

  /// Where a program of the host's that the agent has run leaves what it prints.
  Path commandOutput(String name) {
    return run.resolve(name + ".out");
  }

  Path pidFile() {
    return run.resolve("agent.pid");
  }

  Path spawner() {
    return home.resolve("libexec/redoubt-spawner");
  }

  Register register() {
    return new Register(home, config, state, java.resolve("bin/java"));
  }

  /// The list that the scanner gets while the owner has named none.
  Path starterList() {
    return home.resolve("content/starter.list");
  }

  /// The engine that runs the rules of `--rules`.
  Path sigmaEngine() {
    return optionalEngine("sigma");
  }

  /// The engine that asks the owner's clamd, for `--clamav`.
  Path clamavEngine() {
    return optionalEngine("clamav");
  }

  /// The engine of `--ransomware`.
  Path ransomwareEngine() {
    return optionalEngine("ransomware");
  }

  /// The engine of `--app-control`.
  ///
  /// @param libraries the one that also judges what programs load
  Path allowlistEngine(boolean libraries) {
    return optionalEngine("allowlist" + (libraries ? "-libraries" : ""));
  }

  /// An engine that comes with the installation and is started only if it is wanted.
  Path optionalEngine(String name) {
    return home.resolve("engines/optional").resolve(name + ".engine");
  }

  /// The repositories that the owner trusts.
  Path trust() {
    return config.resolve("trust");
  }

  /// What was seen of them, and what is being fetched.
  Path supply() {
    return state.resolve("supply");
  }

  /// This host's membership in a fleet.
  Path fleet() {
    return state.resolve("fleet");
  }

  /// The process that holds the connection to the fleet's server.
  Path courier() {
    return home.resolve("libexec/courier.program");
  }

  Path rescueFlag() {
    return config.resolve("rescue");
  }
}
