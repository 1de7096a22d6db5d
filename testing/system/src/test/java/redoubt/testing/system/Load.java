package redoubt.testing.system;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Several processes that start programs, or open files, again and again, and time every attempt by
/// their own clock: `src/test/c/openers.c`.
final class Load implements AutoCloseable {
  private static final Duration END_LIMIT = Duration.ofSeconds(30);

  /// Milliseconds, longer than any test.
  private static final int FOR_LONG = 100_000;

  private final Process process;
  private final BufferedReader output;

  /// What became of all attempts on one file.
  ///
  /// @param denied refused with EPERM
  /// @param failed refused with any other error
  /// @param error the last such error, 0 if there was none
  /// @param worst the longest that an attempt took, refused ones included
  /// @param first how long the first attempt took
  /// @param stood the longest that the machine stood still meanwhile, or was too busy for anybody:
  ///   what a process that only sleeps overslept, which nothing that holds operations can hold
  record Tally(
      Path file,
      long allowed,
      long denied,
      long failed,
      int error,
      Duration worst,
      Duration first,
      Duration stood) {
    private static Tally parse(String line) {
      String[] fields = line.split(" ", 8);
      return new Tally(
          Path.of(fields[7]),
          Long.parseLong(fields[0]),
          Long.parseLong(fields[1]),
          Long.parseLong(fields[2]),
          Integer.parseInt(fields[3]),
          micros(fields[4]),
          micros(fields[5]),
          micros(fields[6]));
    }

    private static Duration micros(String field) {
      return Duration.ofNanos(1_000 * Long.parseLong(field));
    }

    /// Whether no attempt was held for `limit`, whatever the machine itself was late by.
    boolean within(Duration limit) {
      return worst.minus(stood).compareTo(limit) < 0;
    }
  }

  private Load(List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("timeout", "--foreground", "-s", "KILL", "120"));
    command.add(Programs.path("openers").toString());
    command.addAll(arguments);
    process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    output = process.inputReader();
    String line = output.readLine();
    if (!"started".equals(line)) {
      throw new IOException("load did not start: output=" + line);
    }
  }

  /// Starts `workers` processes that run the programs in turn until [#stop].
  static Load executing(int workers, List<Path> programs) throws IOException {
    return new Load(arguments(programs, "-t", FOR_LONG, "-w", workers));
  }

  /// The same as an unprivileged user.
  static Load executingAs(int uid, int workers, List<Path> programs) throws IOException {
    return new Load(arguments(programs, "-t", FOR_LONG, "-w", workers, "-u", uid));
  }

  /// Runs one program once.
  static Tally once(Path program) throws Exception {
    return rounds(1, program);
  }

  /// Runs one program `rounds` times, one after the other.
  static Tally rounds(int rounds, Path program) throws Exception {
    return requireTally(complete(arguments(List.of(program), "-n", rounds)), program);
  }

  /// Runs one program once, as an unprivileged user.
  static Tally onceAs(int uid, Path program) throws Exception {
    return requireTally(complete(arguments(List.of(program), "-n", 1, "-u", uid)), program);
  }

  /// Runs each program once, one after the other.
  static Collection<Tally> each(List<Path> programs) throws Exception {
    return complete(arguments(programs, "-n", 1)).values();
  }

  /// `openers` processes at once open each file once.
  static Collection<Tally> opening(int openers, List<Path> files) throws Exception {
    return complete(arguments(files, "-o", "-n", 1, "-w", openers)).values();
  }

  private static Map<Path, Tally> complete(List<String> arguments) throws Exception {
    try (Load load = new Load(arguments)) {
      return load.await();
    }
  }

  private static List<String> arguments(List<Path> files, Object... options) {
    return Stream.concat(Stream.of(options), files.stream()).map(Object::toString).toList();
  }

  private static Tally requireTally(Map<Path, Tally> tallies, Path file) {
    Tally tally = tallies.get(file);
    if (tally == null) {
      throw new AssertionError("no attempt was made: file=" + file);
    }
    return tally;
  }

  /// Lets every attempt under way come to its end.
  ///
  /// @return what became of the attempts on each file
  Map<Path, Tally> stop() throws Exception {
    // `timeout` passes the signal on to the generator alone: what it starts must not be hit.
    process.toHandle().destroy();
    return await();
  }

  /// As [#stop], for a load of which one file is of interest.
  Tally stop(Path file) throws Exception {
    return requireTally(stop(), file);
  }

  private Map<Path, Tally> await() throws Exception {
    Map<Path, Tally> tallies =
        output
            .lines()
            .map(Tally::parse)
            .collect(Collectors.toMap(Tally::file, Function.identity()));
    if (!process.waitFor(END_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("the load does not end: pid=" + process.pid());
    }
    return tallies;
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
