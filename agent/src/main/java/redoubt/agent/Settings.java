package redoubt.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import redoubt.agent.policy.PolicyException;
import redoubt.agent.policy.SettingsFile;
import redoubt.core.model.EngineId;
import redoubt.core.model.EngineMode;

/// The options of this run: those of the owner's configuration, then those typed behind `redoubt
/// run`.
///
/// A mistake in what was typed ends the first start. The configuration was found good when it was
/// written, and the host is protected whatever has become of it since: what cannot be used is left
/// out, and said.
///
/// Thread-safe.
final class Settings {
  private final Path state;
  private final Path configuration;
  private final List<String> typed;
  private final List<String> problems;
  private volatile AgentOptions now;

  private Settings(AgentPaths paths, List<String> typed, AgentOptions now, List<String> problems) {
    state = paths.state();
    configuration = paths.config().resolve(SettingsFile.CONFIGURATION);
    this.typed = List.copyOf(typed);
    this.now = now;
    this.problems = List.copyOf(problems);
  }

  /// Reads them.
  ///
  /// @param typed the arguments of `run`
  /// @throws IllegalArgumentException naming the argument and what is wrong with it
  static Settings read(AgentPaths paths, List<String> typed) {
    List<String> problems = new ArrayList<>();
    AgentOptions options;
    try {
      options = AgentOptions.parse(configured(paths), typed);
    } catch (PolicyException | IllegalArgumentException e) {
      options = AgentOptions.parse(typed);
      problems.add("the configuration is not used: " + e.getMessage());
    }
    options.missing().forEach(missing -> problems.add("not there, and left out: " + missing));
    return new Settings(paths, typed, options, problems);
  }

  private static List<String> configured(AgentPaths paths) throws PolicyException {
    return Files.exists(paths.config().resolve(SettingsFile.CONFIGURATION))
        ? optionsIn(SettingsFile.in(paths.state()))
        : List.of();
  }

  private static List<String> optionsIn(Path file) throws PolicyException {
    return SettingsFile.read(file).map(SettingsFile::options).orElse(List.of());
  }

  AgentOptions now() {
    return now;
  }

  /// What an engine's DENY is worth when it starts.
  EngineMode modeOf(EngineId engine) {
    return now.modeOf(engine);
  }

  /// What of the configuration could not be used when the agent started.
  List<String> problems() {
    return problems;
  }

  /// Where the owner writes it.
  Path configuration() {
    return configuration;
  }

  /// What the command line proposes.
  ///
  /// @throws PolicyException if it cannot be read
  /// @throws IllegalArgumentException if it is not to be used
  AgentOptions proposed() throws PolicyException {
    AgentOptions proposed = AgentOptions.parse(optionsIn(SettingsFile.proposedIn(state)), typed);
    if (!proposed.missing().isEmpty()) {
      throw new IllegalArgumentException("not there: " + String.join(", ", proposed.missing()));
    }
    return proposed;
  }

  void use(AgentOptions options) {
    now = options;
  }

  /// Keeps what was proposed for later starts.
  void accept() throws IOException {
    SettingsFile.accept(state);
  }
}
