package redoubt.agent;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import redoubt.agent.activation.Stages;
import redoubt.agent.blocklist.AddressRange;
import redoubt.agent.decision.DecisionLimits;
import redoubt.agent.engine.EngineSettings;
import redoubt.agent.hook.KernelDeadman;
import redoubt.agent.kernel.KernelMeasure;
import redoubt.agent.policy.ScanSchedule;
import redoubt.core.model.EngineId;
import redoubt.core.model.EngineMode;
import redoubt.core.model.Verdict;

/// What `redoubt run` was asked for; `redoubt run --help` explains each option.
///
/// @param fileSystems the file systems to cover, empty for all local ones
/// @param opens file systems on which opens are judged too
/// @param protect what nothing may deny, beside what the host cannot do without
/// @param content the owner's local list, empty for the one used last
/// @param rules a folder of Sigma rules, empty if behaviour is not looked at
/// @param ruleValues a file of values for the rules' placeholders
/// @param rulePipelines files that say how the rules are changed before they are used
/// @param blockAddresses the owner's lists of addresses that this host does not talk to
/// @param neverBlock what is not blocked whatever they say
/// @param kernelMeasures what is done about code in the kernel that did not come with it
/// @param mode what engines' DENY is worth
/// @param engines further engine manifests
/// @param clamav whether the owner's clamd is asked too
/// @param appControl what is done about programs of unknown origin, empty if nothing
/// @param libraries whether code that programs load is held to the same
/// @param ransomware how ransomware is looked for, empty if it is not
/// @param limits the bounds of decisions
/// @param hardDeadline the longest that anybody waits if the agent stalls
/// @param helloLimit how long engines may take to start
/// @param contentStages what a bundle goes through before it is good
/// @param observeOnly whether no operation is to wait
/// @param quarantine whether what the engines that come with us find is put away
/// @param scanWritten whether files are scanned when they were written
/// @param scanAt when the host is scanned, empty if it is not unasked
/// @param scanPaths what of it, empty for all that is covered
/// @param restartCount how often the supervisor has started the agent again
/// @param lastExit the status with which the agent before ended, 0 if it is the first
/// @param missing what is named and not there, as option=path, and what this release does not know
/// @param forgiving whether the host is protected without what cannot be used
record AgentOptions(
    List<Path> fileSystems,
    List<Path> opens,
    List<Path> protect,
    Optional<Path> content,
    Optional<Path> rules,
    Optional<Path> ruleValues,
    List<Path> rulePipelines,
    List<Path> blockAddresses,
    List<AddressRange> neverBlock,
    Set<KernelMeasure> kernelMeasures,
    EngineMode mode,
    List<Path> engines,
    boolean clamav,
    Optional<AppControl> appControl,
    boolean libraries,
    Optional<RansomwareOptions> ransomware,
    DecisionLimits limits,
    Duration hardDeadline,
    Duration helloLimit,
    Stages contentStages,
    boolean observeOnly,
    boolean quarantine,
    boolean scanWritten,
    Optional<ScanSchedule> scanAt,
    List<Path> scanPaths,
    int restartCount,
    int lastExit,
    List<String> missing,
    boolean forgiving) {
  /// Reads the arguments of `run`.
  ///
  /// @throws IllegalArgumentException naming the argument and what is wrong with it
  static AgentOptions parse(List<String> typed) {
    return parse(List.of(), typed);
  }

  /// Reads the options of a configuration, and behind them the arguments of `run`. What is missing
  /// of what was typed is an error only where whoever typed it is there to mend it (`--attended`).
  ///
  /// @throws IllegalArgumentException naming the argument and what is wrong with it
  static AgentOptions parse(List<String> configured, List<String> typed) {
    Reader reader = read(configured, typed);
    reader.requireWhole();
    return of(reader, !configured.isEmpty());
  }

  /// Reads arguments of `run` of which others, which they belong to, could not be read.
  ///
  /// @throws IllegalArgumentException naming the argument and what is wrong with it
  static AgentOptions parseAlone(List<String> typed) {
    Reader reader = read(List.of(), typed);
    reader.forgetHalves();
    return of(reader, true);
  }

  private static Reader read(List<String> configured, List<String> typed) {
    Reader reader = new Reader();
    reader.leavesOut = true;
    reader.readAll(configured);
    int before = reader.missing.size();
    reader.leavesOut = false;
    reader.readAll(typed);
    if (reader.attended && reader.missing.size() > before) {
      throw new IllegalArgumentException("not there: " + reader.missing.get(before));
    }
    return reader;
  }

  private static AgentOptions of(Reader reader, boolean forgiving) {
    DecisionLimits defaults = DecisionLimits.DEFAULTS;
    var _ = KernelDeadman.timeToLive(reader.hardDeadline, reader.softDeadline);
    EngineSettings.requireHelloLimit(reader.helloLimit);
    return new AgentOptions(
        reader.fileSystems,
        reader.opens,
        reader.protect,
        reader.content,
        reader.rules,
        reader.ruleValues,
        reader.rulePipelines,
        reader.blockAddresses,
        reader.neverBlock,
        reader.kernelMeasures,
        reader.mode,
        reader.engines,
        reader.clamav,
        reader.appControl,
        reader.libraries,
        reader.ransomware(),
        new DecisionLimits(
            reader.softDeadline,
            reader.onMiss,
            reader.killLate,
            defaults.mostWaiting(),
            defaults.mostQueuedPerActor()),
        reader.hardDeadline,
        reader.helloLimit,
        new Stages(reader.contentTrial, reader.contentProbation, reader.contentSkip),
        reader.observeOnly,
        reader.quarantine,
        reader.scanWritten,
        reader.scanAt,
        reader.scanPaths,
        reader.restartCount,
        reader.lastExit,
        List.copyOf(reader.missing),
        forgiving || reader.restartCount > 0);
  }

  /// The options that count for the whole life of an agent and are not the same in others.
  List<String> fixedThatDiffer(AgentOptions other) {
    Map<String, Boolean> same = new LinkedHashMap<>();
    same.put("filesystem", fileSystems.equals(other.fileSystems));
    same.put("opens", opens.equals(other.opens));
    same.put("protect", protect.equals(other.protect));
    same.put("block-addresses", blockAddresses.equals(other.blockAddresses));
    same.put("never-block", neverBlock.equals(other.neverBlock));
    same.put("kernel", kernelMeasures.equals(other.kernelMeasures));
    same.put("on-miss", limits.onMiss() == other.limits.onMiss());
    same.put("soft-deadline-ms", limits.softDeadline().equals(other.limits.softDeadline()));
    same.put("hard-deadline-ms", hardDeadline.equals(other.hardDeadline));
    same.put("hello-limit-ms", helloLimit.equals(other.helloLimit));
    same.put("kill-late", limits.killLate() == other.limits.killLate());
    same.put("observe-only", observeOnly == other.observeOnly);
    same.put("scan-written", scanWritten == other.scanWritten);
    // Where programs come from is looked up before any is judged by it.
    same.put("app-control", appControl.isPresent() == other.appControl.isPresent());
    return same.entrySet().stream()
        .filter(option -> !option.getValue())
        .map(Map.Entry::getKey)
        .toList();
  }

  /// What an engine's DENY is worth when it starts.
  EngineMode modeOf(EngineId engine) {
    boolean audited =
        engine.equals(AppControl.ENGINE) && appControl.equals(Optional.of(AppControl.AUDIT));
    return audited ? EngineMode.MONITOR : mode;
  }

  private static final class Reader {
    private final Deque<String> left = new ArrayDeque<>();
    private final List<String> missing = new ArrayList<>();
    private final List<Path> fileSystems = new ArrayList<>();
    private final List<Path> opens = new ArrayList<>();
    private final List<Path> protect = new ArrayList<>();
    private final List<Path> engines = new ArrayList<>();
    private Optional<Path> content = Optional.empty();
    private Optional<Path> rules = Optional.empty();
    private Optional<Path> ruleValues = Optional.empty();
    private final List<Path> rulePipelines = new ArrayList<>();
    private final List<Path> blockAddresses = new ArrayList<>();
    private final List<AddressRange> neverBlock = new ArrayList<>();
    private final Set<KernelMeasure> kernelMeasures = EnumSet.noneOf(KernelMeasure.class);
    private EngineMode mode = EngineMode.ENFORCE;
    private Duration softDeadline = DecisionLimits.DEFAULTS.softDeadline();
    private Duration hardDeadline = Duration.ofSeconds(2);
    private Duration helloLimit = EngineSettings.HELLO_LIMIT;
    private Duration contentTrial = Duration.ofMinutes(10);
    private Duration contentProbation = Duration.ofMinutes(10);
    private final Set<Stages.Stage> contentSkip = EnumSet.noneOf(Stages.Stage.class);
    private Verdict onMiss = Verdict.ALLOW;
    private boolean clamav;
    private Optional<AppControl> appControl = Optional.empty();
    private boolean libraries;
    private Optional<RansomwareWatch> ransomware = Optional.empty();
    private final List<Path> canaries = new ArrayList<>();
    private final List<Path> ransomwareExempt = new ArrayList<>();
    private boolean killLate;
    private boolean observeOnly;
    private boolean quarantine;
    private boolean scanWritten;
    private Optional<ScanSchedule> scanAt = Optional.empty();
    private final List<Path> scanPaths = new ArrayList<>();
    private int restartCount;
    private int lastExit;
    private boolean attended;
    private boolean namesFileSystems;

    /// Whether what is named and not there is left out, and not an error of whoever reads it.
    private boolean leavesOut;

    /// Whether the option that is read came with its value.
    private boolean hasValue;

    void requireWhole() {
      if (namesFileSystems && fileSystems.isEmpty()) {
        throw new IllegalArgumentException("no file system of --filesystem is there");
      }
      if (blockAddresses.isEmpty() && !neverBlock.isEmpty() && missing.isEmpty()) {
        throw new IllegalArgumentException("--never-block is for --block-addresses");
      }
      if (libraries && appControl.isEmpty()) {
        throw new IllegalArgumentException("--libraries is for --app-control");
      }
      if (scanAt.isEmpty() && !scanPaths.isEmpty()) {
        throw new IllegalArgumentException("--scan-path is for --scan-at");
      }
      if (ransomware.isEmpty() && !(canaries.isEmpty() && ransomwareExempt.isEmpty())) {
        throw new IllegalArgumentException("--canary and --ransomware-except are for --ransomware");
      }
    }

    void forgetHalves() {
      libraries &= appControl.isPresent();
    }

    void readAll(List<String> words) {
      left.addAll(words);
      while (!left.isEmpty()) {
        String option = left.removeFirst();
        int equals = option.indexOf('=');
        hasValue = option.startsWith("--") && equals > 0;
        if (hasValue) {
          left.addFirst(option.substring(equals + 1));
          option = option.substring(0, equals);
        }
        read(option);
      }
    }

    private void read(String option) {
      switch (option) {
        case "--filesystem" -> addFileSystem(option);
        case "--opens" -> add(opens, option);
        case "--protect" -> add(protect, option);
        case "--engine" -> add(engines, option);
        case "--content" -> content = Optional.of(path(option));
        case "--rules" -> rules = Optional.of(path(option));
        case "--values" -> ruleValues = Optional.of(path(option));
        case "--pipeline" -> rulePipelines.add(path(option));
        case "--block-addresses" -> add(blockAddresses, option);
        case "--never-block" -> neverBlock.add(addresses(option));
        case "--kernel" -> kernelMeasures.add(oneOf(option, KernelMeasure.class));
        case "--mode" -> mode = oneOf(option, EngineMode.class);
        case "--on-miss" -> onMiss = oneOf(option, Verdict.class);
        case "--soft-deadline-ms" -> softDeadline = millis(option);
        case "--hard-deadline-ms" -> hardDeadline = millis(option);
        case "--hello-limit-ms" -> helloLimit = millis(option);
        case "--content-trial-seconds" -> contentTrial = seconds(option, 0);
        case "--content-probation-seconds" -> contentProbation = seconds(option, 10);
        case "--content-skip" -> contentSkip.add(oneOf(option, Stages.Stage.class));
        case "--clamav" -> clamav = true;
        case "--app-control" -> appControl = Optional.of(oneOf(option, AppControl.class));
        case "--libraries" -> libraries = true;
        case "--ransomware" -> ransomware = Optional.of(oneOf(option, RansomwareWatch.class));
        case "--canary" -> add(canaries, option);
        case "--ransomware-except" -> add(ransomwareExempt, option);
        case "--kill-late" -> killLate = true;
        case "--quarantine" -> quarantine = true;
        case "--scan-written" -> scanWritten = true;
        case "--scan-at" -> scanAt = Optional.of(ScanSchedule.parse(value(option)));
        case "--scan-path" -> add(scanPaths, option);
        case "--observe-only" -> observeOnly = true;
        case "--restart-count" -> restartCount = number(option);
        case "--last-exit" -> lastExit = number(option);
        case "--attended" -> attended = true;
        case Settings.WHICH -> {
          var _ = value(option); // Which file was read: it has been.
        }
        default -> unknown(option);
      }
    }

    Optional<RansomwareOptions> ransomware() {
      return ransomware.map(what ->
          new RansomwareOptions(what == RansomwareWatch.FREEZE, canaries, ransomwareExempt));
    }

    private String value(String option) {
      String value = left.pollFirst();
      if (value == null) {
        throw new IllegalArgumentException("option needs a value: option=" + option);
      }
      return value;
    }

    /// A configuration may be that of a later release.
    private void unknown(String option) {
      if (!leavesOut) {
        throw new IllegalArgumentException(
            "unknown option: option=" + option + " (see redoubt run --help)");
      }
      if (hasValue) {
        left.removeFirst();
      }
      missing.add(option.substring(2) + ", which this release does not know");
    }

    private void add(List<Path> paths, String option) {
      Path path = path(option);
      if (Files.exists(path)) {
        paths.add(path);
      }
    }

    /// Without the file systems that it names, an agent covers all: that is somebody else's wish.
    private void addFileSystem(String option) {
      Path path = path(option);
      if (!leavesOut || Files.exists(path)) {
        fileSystems.add(path);
      }
      namesFileSystems = true;
    }

    private Path path(String option) {
      Path path = Path.of(value(option)).toAbsolutePath().normalize();
      if (!Files.exists(path)) {
        missing.add(option.substring(2) + "=" + path);
      }
      return path;
    }

    private <E extends Enum<E>> E oneOf(String option, Class<E> type) {
      String value = value(option);
      try {
        return Enum.valueOf(type, value.toUpperCase(Locale.ROOT));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("unknown value: " + option + "=" + value, e);
      }
    }

    private AddressRange addresses(String option) {
      String value = value(option);
      try {
        return AddressRange.parse(value);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(e.getMessage() + ": " + option + "=" + value, e);
      }
    }

    private Duration millis(String option) {
      return Duration.ofMillis(number(option));
    }

    private Duration seconds(String option, int least) {
      int seconds = number(option);
      if (seconds < least || seconds > 86_400) {
        throw new IllegalArgumentException(
            "out of range, " + least + " to 86400: " + option + "=" + seconds);
      }
      return Duration.ofSeconds(seconds);
    }

    private int number(String option) {
      String value = value(option);
      try {
        return Integer.parseInt(value);
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException("not a number: " + option + "=" + value, e);
      }
    }
  }
}
