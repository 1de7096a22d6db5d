package redoubt.testing.system;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import redoubt.agent.journal.JournalLine;
import redoubt.agent.journal.JournalReader;

/// An agent as its users start it, by `./redoubt run` with the real supervisor and scanner, in
/// folders of its own, covering scratch file systems only and denying what [KnownBad] lists.
///
/// `timeout -s KILL` ends it and everything that it started if a test forgets to. Methods may be
/// called by any thread.
final class RunningAgent implements AutoCloseable {
  private static final Pattern STARTED = Pattern.compile("redoubt: (protecting|observing) .*");
  private static final Duration START_LIMIT = Duration.ofSeconds(30);
  private static final Duration END_LIMIT = Duration.ofSeconds(20);
  private static final Duration RECORD_LIMIT = Duration.ofSeconds(30);
  private static final Duration LIFE = Duration.ofMinutes(5);
  private static final Place HERE = _ -> List.of();
  private static final JsonMapper JSON = new JsonMapper();

  private final Path folder;
  private final Map<String, String> environment;
  private final Process process;
  private final List<String> log = Collections.synchronizedList(new ArrayList<>());
  private final CompletableFuture<Void> protecting = new CompletableFuture<>();

  /// Where an agent is started.
  interface Place {
    /// The words before the command that start it there.
    ///
    /// @param folder what it reads and writes, which must be there at the same path
    List<String> entry(Path folder) throws IOException;
  }

  private RunningAgent(
      Path folder, Place place, Duration life, Map<String, String> variables, List<String> options)
      throws IOException {
    this.folder = folder;
    this.environment = environmentIn(folder, variables);
    List<String> command = new ArrayList<>();
    command.addAll(List.of("timeout", "-s", "KILL", Long.toString(life.toSeconds())));
    command.addAll(place.entry(folder));
    command.addAll(List.of(Distribution.frontDoor().toString(), "run"));
    command.addAll(options);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    process = builder.start();
    process.getOutputStream().close();
    Thread.ofPlatform().name("agent-output").daemon().start(this::collectOutput);
  }

  /// Starts an agent that covers a scratch file system and may live longer than others of these
  /// tests.
  static RunningAgent startFor(Duration life, ScratchFileSystem covered) throws Exception {
    return awaitEngines(
        launch(HERE, life, Map.of(), List.of("--filesystem", covered.root().toString())));
  }

  /// Starts an agent that covers a scratch file system and waits until it protects and its engine
  /// is ready.
  ///
  /// @param options further options of `redoubt run`
  /// @throws AssertionError with what it printed if it does not protect within 30 s
  static RunningAgent start(ScratchFileSystem covered, Object... options) throws Exception {
    return startWith(Map.of(), covered, options);
  }

  /// As [#start], with more environment variables.
  static RunningAgent startWith(
      Map<String, String> variables, ScratchFileSystem covered, Object... options)
      throws Exception {
    return awaitEngines(launch(variables, covered, options));
  }

  private static RunningAgent awaitEngines(RunningAgent agent) throws Exception {
    try {
      Await.until("engines ready", START_LIMIT, () -> !agent.state().equals("degraded"));
      return agent;
    } catch (Exception | AssertionError e) {
      agent.close();
      throw e;
    }
  }

  /// As [#start], with engines of which some never become ready.
  static RunningAgent startDegraded(ScratchFileSystem covered, Object... options) throws Exception {
    return launch(Map.of(), covered, options);
  }

  /// Starts an agent that covers every local file system of this host: a deliberate last step.
  ///
  /// @param life when the kernel ends it, at the latest
  static RunningAgent startOnWholeHost(Duration life) throws Exception {
    return startOnWholeHost(life, List.of());
  }

  /// As [#startOnWholeHost(Duration)], with options.
  static RunningAgent startOnWholeHost(Duration life, List<String> options) throws Exception {
    return awaitEngines(launch(HERE, life, Map.of(), options));
  }

  /// Starts an agent elsewhere, which sees what its options say.
  static RunningAgent startAt(Place place, List<String> options) throws Exception {
    return awaitEngines(launch(place, LIFE, Map.of(), options));
  }

  private static RunningAgent launch(
      Map<String, String> variables, ScratchFileSystem covered, Object... options)
      throws Exception {
    List<String> words = new ArrayList<>(List.of("--filesystem", covered.root().toString()));
    Arrays.stream(options).map(Object::toString).forEach(words::add);
    return launch(HERE, LIFE, variables, words);
  }

  private static RunningAgent launch(
      Place place, Duration life, Map<String, String> variables, List<String> options)
      throws Exception {
    Path folder = Folders.make("redoubt-system-");
    Path list = KnownBad.writeList(folder.resolve("known-bad.txt"));
    // The last one counts, so a test may name another list.
    List<String> words = new ArrayList<>(List.of("--content", list.toString()));
    words.addAll(options);
    RunningAgent agent = new RunningAgent(folder, place, life, variables, words);
    try {
      agent.awaitProtection();
      return agent;
    } catch (Exception | AssertionError e) {
      agent.close();
      throw e;
    }
  }

  private static Map<String, String> environmentIn(Path folder, Map<String, String> variables)
      throws IOException {
    Map<String, String> environment = new TreeMap<>();
    for (String place : List.of("state", "run", "config")) {
      environment.put(
          "REDOUBT_" + place.toUpperCase(Locale.ROOT) + "_DIR",
          Files.createDirectory(folder.resolve(place)).toString());
    }
    environment.putAll(variables);
    return environment;
  }

  private void collectOutput() {
    try (BufferedReader lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        log.add(line);
        if (STARTED.matcher(line).matches()) {
          protecting.complete(null);
        }
      }
    } catch (IOException e) {
      protecting.completeExceptionally(e);
    }
    protecting.completeExceptionally(new IOException("it has ended"));
  }

  private void awaitProtection() throws Exception {
    try {
      protecting.get(START_LIMIT.toSeconds(), TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException e) {
      throw new AssertionError("the agent does not protect: " + e.getMessage() + log(), e);
    }
  }

  // ---- asking it

  /// Runs `redoubt` with these words against this agent.
  Outcome command(Object... words) {
    Object[] command = new Object[words.length + 1];
    command[0] = Distribution.frontDoor();
    System.arraycopy(words, 0, command, 1, words.length);
    return Outcome.of(environment, command);
  }

  /// The variables by which `redoubt` finds this agent.
  Map<String, String> environment() {
    return environment;
  }

  /// What `redoubt status --json` says.
  ///
  /// @throws AssertionError with what the agent printed, if it does not answer
  JsonNode status() throws IOException {
    Outcome outcome = command("status", "--json");
    if (outcome.status() != 0) {
      throw new AssertionError("no status: " + outcome + log());
    }
    return JSON.readTree(outcome.output());
  }

  /// `enforcing`, `monitoring`, `observing` or `degraded`.
  String state() throws IOException {
    return status().path("state").asText();
  }

  /// The value of one of its counters now.
  long counter(String name) throws IOException {
    return status().path("counters").path(name).asLong();
  }

  /// The agent's process, as it is now: the supervisor may start another.
  int pid() throws IOException {
    return Integer.parseInt(Files.readString(run().resolve("agent.pid")).strip());
  }

  int supervisorPid() throws IOException {
    return Integer.parseInt(Files.readString(run().resolve("supervisor.pid")).strip());
  }

  /// The process of its first engine now.
  int enginePid() throws IOException {
    return status().path("engines").path(0).path("pid").asInt();
  }

  /// Whatever it has printed, for failures.
  String log() {
    return "\n" + String.join("\n", List.copyOf(log));
  }

  /// How often a line of its output contains the text.
  long printed(String text) {
    return List.copyOf(log).stream().filter(line -> line.contains(text)).count();
  }

  private Path run() {
    return folder.resolve("run");
  }

  Path stateDirectory() {
    return folder.resolve("state");
  }

  Path configDirectory() {
    return folder.resolve("config");
  }

  /// Whether a whole line of its output matches.
  boolean printedLine(Pattern pattern) {
    return List.copyOf(log).stream().anyMatch(line -> pattern.matcher(line).matches());
  }

  // ---- its journal

  /// The lines of its journal that the filter accepts, the oldest first.
  List<JournalLine> journal(Predicate<JournalLine> filter) throws IOException {
    List<JournalLine> lines = new ArrayList<>();
    new JournalReader(stateDirectory().resolve("journal"))
        .newestFirst(line -> {
          if (filter.test(line)) {
            lines.add(line);
          }
          return true;
        });
    return lines.reversed();
  }

  /// The newest line that the filter accepts; waits until there is one.
  JournalLine awaitLine(String what, Predicate<JournalLine> filter) throws Exception {
    return awaitLine(what, RECORD_LIMIT, filter);
  }

  /// As [#awaitLine], for what may take its time.
  JournalLine awaitLine(String what, Duration limit, Predicate<JournalLine> filter)
      throws Exception {
    JournalReader reader = new JournalReader(stateDirectory().resolve("journal"));
    return Await.value(what, limit, () -> reader.findNewest(filter));
  }

  /// The newest decision about a path; waits until there is one.
  JournalLine awaitDecision(Path path) throws Exception {
    return awaitLine(
        "decision about " + path,
        line -> line.kind() == JournalLine.Kind.DECISION && line.path().equals(path.toString()));
  }

  /// The decisions that the filter accepts, the oldest first; waits until there are as many.
  List<JournalLine> awaitDecisions(int least, Predicate<JournalLine> filter) throws Exception {
    List<JournalLine> found = new ArrayList<>();
    Await.until(
        least + " decisions",
        RECORD_LIMIT,
        () -> {
          found.clear();
          found.addAll(
              journal(line -> line.kind() == JournalLine.Kind.DECISION && filter.test(line)));
          return found.size() >= least;
        });
    return found;
  }

  /// Whether there is a decision about a path now.
  Optional<JournalLine> findDecision(Path path) throws IOException {
    return journal(
            line -> line.kind() == JournalLine.Kind.DECISION && line.path().equals(path.toString()))
        .stream()
        .reduce((_, newer) -> newer);
  }

  // ---- ending it

  /// Stops it with `redoubt stop`.
  ///
  /// @return the supervisor's exit status
  int stop() throws Exception {
    command("stop").requireSuccess();
    return awaitEnd();
  }

  /// Waits until the supervisor has ended.
  ///
  /// @throws AssertionError if it has not after 20 s
  int awaitEnd() throws InterruptedException {
    if (!process.waitFor(END_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("the supervisor still runs" + log());
    }
    return process.exitValue();
  }

  /// Whether the supervisor runs.
  boolean isAlive() {
    return process.isAlive();
  }

  /// Ends it whatever state it is in, and removes its folders.
  @Override
  public void close() {
    if (process.isAlive()) {
      List<ProcessHandle> family = new ArrayList<>(List.of(process.toHandle()));
      process.descendants().forEach(family::add);
      // The group of `timeout` is all but the engines, which die with the spawner.
      Outcome.of("kill", "-KILL", "--", -process.pid());
      Processes.awaitEnd(family, END_LIMIT);
    }
    removeGroups();
    // What is in quarantine cannot be removed otherwise.
    Outcome.of("chattr", "-R", "-f", "-i", stateDirectory());
    Outcome.of("rm", "-rf", "--one-file-system", folder).requireSuccess();
  }

  /// A killed agent leaves the control groups of its engines to the next one with the same folders,
  /// which never comes here; thousands of them make the host slow.
  private void removeGroups() {
    String name = "redoubt-" + Integer.toHexString(folder.resolve("run").toString().hashCode());
    Outcome.of(
        "sh",
        "-c",
        "find /sys/fs/cgroup -depth -type d -path \"*/$0*\" -exec rmdir {} + 2>/dev/null",
        name);
  }
}
