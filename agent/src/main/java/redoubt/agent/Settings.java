package redoubt.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import redoubt.agent.policy.PolicyException;
import redoubt.agent.policy.SettingsFile;
import redoubt.core.model.EngineId;
import redoubt.core.model.EngineMode;

/// The options of this run: those of the owner's configuration, then those typed behind `redoubt
/// run`.
///
/// A mistake in what somebody types who is there ends the start. The configuration was found good
/// when it was written, and the host is protected whatever has become of it since: what cannot be
/// used is left out, and said; what cannot be read at all gives way to what this host was last
/// protected with. The supervisor does the same where an agent ends for it.
///
/// Thread-safe.
final class Settings {
  /// Which of the configuration's files the supervisor wants read: `good`, `none`, else the usual.
  static final String WHICH = "--configuration";

  private final Path state;
  private final Path run;
  private final List<String> typed;
  private final List<String> problems;
  private final ReentrantLock turn = new ReentrantLock();
  private volatile AgentOptions now;
  private volatile @Nullable SettingsFile used;

  private Settings(AgentPaths paths, List<String> typed, Chosen chosen) {
    state = paths.state();
    run = paths.run();
    this.typed = typed;
    problems = chosen.problems;
    now = chosen.options;
    used = chosen.file;
  }

  private record Chosen(AgentOptions options, @Nullable SettingsFile file, List<String> problems) {}

  /// Reads them.
  ///
  /// @param typed the arguments of `run`
  /// @throws IllegalArgumentException naming the argument and what is wrong with it
  static Settings read(AgentPaths paths, List<String> typed) {
    List<String> problems = new ArrayList<>();
    boolean isConfigured = Files.exists(paths.config().resolve(SettingsFile.CONFIGURATION));
    for (Path file : isConfigured ? candidates(paths, typed) : List.<Path>of()) {
      try {
        Optional<SettingsFile> settings = SettingsFile.read(file);
        if (settings.isPresent()) {
          AgentOptions options = AgentOptions.parse(settings.get().options(), typed);
          options.missing().forEach(path -> problems.add("not there, and left out: " + path));
          return new Settings(
              paths, typed, new Chosen(options, settings.get(), List.copyOf(problems)));
        }
      } catch (PolicyException | IllegalArgumentException e) {
        problems.add("the configuration is not used: file=" + file + " error=" + e.getMessage());
      }
    }
    AgentOptions options =
        isConfigured ? AgentOptions.parseAlone(typed) : AgentOptions.parse(typed);
    options.missing().forEach(path -> problems.add("not there, and left out: " + path));
    return new Settings(paths, typed, new Chosen(options, null, List.copyOf(problems)));
  }

  private static List<Path> candidates(AgentPaths paths, List<String> typed) {
    int which = typed.lastIndexOf(WHICH);
    String wanted = which < 0 || which + 1 == typed.size() ? "" : typed.get(which + 1);
    if (wanted.equals("none")) {
      return List.of();
    }
    Path good = SettingsFile.goodIn(paths.state());
    return wanted.equals("good") ? List.of(good) : List.of(SettingsFile.in(paths.state()), good);
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

  /// Held by whoever changes which engines run or what they judge with.
  ReentrantLock turn() {
    return turn;
  }

  /// What the command line proposes.
  ///
  /// @param file what is in the configuration
  /// @param options with what was typed
  record Proposal(SettingsFile file, AgentOptions options) {}

  /// Reads what the command line proposes.
  ///
  /// @throws PolicyException if it cannot be read
  /// @throws IllegalArgumentException if it is not to be used
  Proposal proposed() throws PolicyException {
    SettingsFile file =
        SettingsFile.read(SettingsFile.proposedIn(state))
            .orElseThrow(() -> new IllegalArgumentException("nothing is proposed"));
    AgentOptions options = AgentOptions.parse(file.options(), typed);
    if (!options.missing().isEmpty()) {
      throw new IllegalArgumentException("not there: " + String.join(", ", options.missing()));
    }
    return new Proposal(file, options);
  }

  void use(AgentOptions options) {
    now = options;
  }

  /// Keeps what was proposed for later starts.
  void accept(Proposal proposal) throws IOException {
    proposal.file().write(SettingsFile.in(state));
    used = proposal.file();
    Files.deleteIfExists(SettingsFile.proposedIn(state));
  }

  /// The host is protected with this: it is what later starts may fall back to.
  void protects() {
    SettingsFile file = used;
    try {
      Files.writeString(
          SettingsFile.runningIn(run), (file == null ? SettingsFile.NONE : file.source()) + "\n");
      if (file != null
          && !SettingsFile.read(SettingsFile.goodIn(state)).equals(Optional.of(file))) {
        file.write(SettingsFile.goodIn(state));
      }
    } catch (IOException | PolicyException e) {
      System.err.println("redoubt: the good configuration is not kept: " + e.getMessage());
    }
  }
}
