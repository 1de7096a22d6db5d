package redoubt.agent;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import redoubt.agent.confinement.Spawner;
import redoubt.agent.health.Notices;
import redoubt.agent.health.TimeSource;
import redoubt.agent.hook.Coverage;
import redoubt.agent.policy.ScanSchedule;
import redoubt.core.model.PlatformNotice;

/// Has the host scanned when the owner said, once for each time that has come: also a while after
/// the start if the host was off then. One that is cut short is not begun again before its next
/// time. Used by one thread; the scan has one of its own.
final class ScheduledScans {
  /// The longest that one takes.
  static final Duration LIMIT = Duration.ofHours(12);

  /// How long the host is left alone after the start.
  static final Duration SETTLE = Duration.ofMinutes(1);

  private static final String SUBJECT = "scan";
  private static final int MOST_NAMED_CHARS = 300;
  private static final int CLEAN = 0;
  private static final int FOUND = 1;

  private final Supplier<AgentOptions> options;
  private final Supplier<List<String>> covered;
  private final Command command;
  private final Path file;
  private final Notices notices;
  private final TimeSource time;
  private final Executor threads;
  private final long startedNanos;
  private final AtomicBoolean runs = new AtomicBoolean();

  /// Scans.
  @FunctionalInterface
  interface Command {
    /// Scans what is named; waits for it.
    OwnCommands.Ended scan(List<String> arguments) throws IOException;
  }

  /// @param covered the mount points of what is covered
  /// @param file in which it stands when the last one began
  /// @param threads runs a scan beside everything else
  ScheduledScans(
      Supplier<AgentOptions> options,
      Supplier<List<String>> covered,
      Command command,
      Path file,
      Notices notices,
      TimeSource time,
      Executor threads) {
    this.options = options;
    this.covered = covered;
    this.command = command;
    this.file = file;
    this.notices = notices;
    this.time = time;
    this.threads = threads;
    startedNanos = time.nanos();
  }

  /// Those of a running agent.
  static ScheduledScans of(Agent agent, Spawner spawner) {
    OwnCommands commands = new OwnCommands(spawner, agent.paths());
    return new ScheduledScans(
        agent::options,
        () ->
            agent.coverage().fileSystems().stream()
                .filter(Coverage.FileSystem::covered)
                .map(Coverage.FileSystem::mountPoint)
                .toList(),
        arguments -> commands.run("scheduled", arguments, LIMIT),
        agent.paths().state().resolve("last-scan"),
        agent::notice,
        TimeSource.system(),
        work -> RuntimeThreads.background("scheduled-scan", work));
  }

  /// Begins one if it is time.
  void check() {
    Optional<ScanSchedule> schedule = options.get().scanAt();
    if (schedule.isEmpty() || time.nanos() - startedNanos < SETTLE.toNanos() || runs.get()) {
      return;
    }
    LocalDateTime now = local(time.wallMillis());
    try {
      LocalDateTime last = last(now);
      if (schedule.get().lastBefore(now).isAfter(last)) {
        write(time.wallMillis());
        begin(arguments(options.get().scanPaths()));
      }
    } catch (IOException e) {
      // Without it there would be one every two seconds.
      runs.set(true);
      tell(
          "no scheduled scan until the next start: it cannot be written down when one began: error="
              + e.getMessage());
    }
  }

  /// Of what is covered nothing is left out and nothing else is taken in, such as what other hosts
  /// have.
  private List<String> arguments(List<Path> named) {
    List<String> arguments = new ArrayList<>(List.of("scan"));
    if (named.isEmpty()) {
      arguments.addAll(List.of("--one-file-system", "--"));
      arguments.addAll(covered.get());
    } else {
      arguments.add("--");
      named.forEach(path -> arguments.add(path.toString()));
    }
    return arguments;
  }

  private void begin(List<String> arguments) {
    runs.set(true);
    threads.execute(() -> {
      try {
        scan(arguments);
      } finally {
        runs.set(false);
      }
    });
  }

  private void scan(List<String> arguments) {
    String what =
        String.join(" ", arguments.subList(arguments.indexOf("--") + 1, arguments.size()));
    String named = what.substring(0, Math.min(MOST_NAMED_CHARS, what.length()));
    try {
      OwnCommands.Ended ended = command.scan(arguments);
      String became =
          switch (ended.status()) {
            case CLEAN -> "nothing was found";
            case FOUND -> "something was found";
            default -> "not everything could be scanned: status=" + ended.status();
          };
      tell("scheduled scan of " + named + ": " + became + ": " + ended.said());
    } catch (IOException e) {
      tell("the scheduled scan of " + named + " failed: error=" + e.getMessage());
    }
  }

  private void tell(String message) {
    notices.report(PlatformNotice.Kind.SCAN, SUBJECT, message);
  }

  /// When the last one began; now, if none ever has, or a clock was ahead then.
  private LocalDateTime last(LocalDateTime now) throws IOException {
    Optional<LocalDateTime> last = read().filter(each -> !each.isAfter(now));
    if (last.isEmpty()) {
      write(time.wallMillis());
    }
    return last.orElse(now);
  }

  private Optional<LocalDateTime> read() {
    try {
      return Optional.of(local(Long.parseLong(Files.readString(file).strip())));
    } catch (IOException | IllegalArgumentException | DateTimeException _) {
      return Optional.empty(); // There is none, or it is damaged: it counts from now.
    }
  }

  private void write(long millis) throws IOException {
    Files.write(file, (millis + "\n").getBytes(StandardCharsets.US_ASCII));
  }

  private static LocalDateTime local(long millis) {
    return LocalDateTime.ofInstant(Instant.ofEpochMilli(millis), ZoneId.systemDefault());
  }
}
