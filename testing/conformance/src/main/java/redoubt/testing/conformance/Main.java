package redoubt.testing.conformance;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import redoubt.core.wire.EngineMessage.Hello;

/// The program: `tools/conformance [OPTIONS] -- ENGINE [ARGUMENTS]`.
@Command(
    name = "conformance",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Hold an engine against the engine protocol.",
      "",
      "Starts ENGINE once for each check, plays the agent to it, and prints a report.",
      "The exit status is 0 if the engine conforms, 1 if not, 64 for wrong options."
    })
public final class Main implements Callable<Integer> {
  static final int OK = 0;
  static final int FAILURES = 1;
  static final int USAGE = 64;

  @Option(names = "--list", description = "Show every check and its claim, and run nothing.")
  private boolean list;

  @Option(names = "--only", paramLabel = "ID", split = ",", description = "Run these checks only.")
  private List<String> only = new ArrayList<>();

  @Option(
      names = "--xfails",
      paramLabel = "FILE",
      description = "Checks that are known to fail, the id of one a line.")
  private @Nullable Path xfails;

  @Option(
      names = "--content",
      paramLabel = "FILE",
      description = "Content that the engine takes; made up for engines that read hash lists.")
  private @Nullable Path content;

  @Option(
      names = "--bad-content",
      paramLabel = "FILE",
      description = "Content that the engine refuses; noise if not given.")
  private @Nullable Path badContent;

  @Option(names = "--seed", paramLabel = "N", description = "Repeat the run with this seed.")
  private @Nullable Long seed;

  @Option(
      names = "--fuzz",
      paramLabel = "N",
      defaultValue = "100",
      description = "How many random inputs are tried, 1 to 1000000: ${DEFAULT-VALUE}.")
  private int fuzz;

  @Option(
      names = "--patience-ms",
      paramLabel = "N",
      defaultValue = "10000",
      description =
          "How long to wait for what has to come, however late, 1 to 600000: ${DEFAULT-VALUE}.")
  private int patienceMillis;

  @Option(names = "--json", description = "Print the report as JSON.")
  private boolean json;

  @Parameters(paramLabel = "ENGINE", description = "The engine's program and its arguments.")
  private List<String> command = new ArrayList<>();

  private final PrintWriter out;
  private final PrintWriter err;
  private final boolean progress;

  /// @param progress whether a person watches standard error
  Main(PrintWriter out, PrintWriter err, boolean progress) {
    this.out = out;
    this.err = err;
    this.progress = progress;
  }

  /// Runs the command line and ends the process.
  public static void main(String[] arguments) {
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    boolean watched = System.getenv("REDOUBT_PROGRESS") != null;
    System.exit(new Main(out, err, watched).run(arguments));
  }

  /// Runs the command line.
  ///
  /// @return the exit status
  int run(String... arguments) {
    return new CommandLine(this)
        .setOut(out)
        .setErr(err)
        .setParameterExceptionHandler((e, _) -> misused(String.valueOf(e.getMessage())))
        .execute(arguments);
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    List<Check> all = Catalogue.checks();
    if (list) {
      all.forEach(
          check -> out.println(check.id() + "  " + check.claim() + " [" + check.section() + "]"));
      return OK;
    }
    if (command.isEmpty()) {
      return misused("no engine given: conformance [OPTIONS] -- ENGINE [ARGUMENTS]");
    }
    if (fuzz < 1 || fuzz > 1_000_000) {
      return misused("out of range: fuzz=" + fuzz);
    }
    if (patienceMillis < 1 || patienceMillis > 600_000) {
      return misused("out of range: patienceMillis=" + patienceMillis);
    }
    for (String id : only) {
      if (all.stream().noneMatch(check -> check.id().equals(id))) {
        return misused("no such check: id=" + id);
      }
    }
    Settings settings =
        new Settings(
            command,
            content,
            badContent,
            seed != null ? seed : System.nanoTime(),
            fuzz,
            patienceMillis);
    try {
      Set<String> expected = xfails == null ? Set.of() : ExpectedFailures.read(xfails, all);
      return check(new Runner(settings, expected), all);
    } catch (IllegalArgumentException e) {
      return misused(String.valueOf(e.getMessage()));
    }
  }

  private int check(Runner runner, List<Check> all) throws IOException, InterruptedException {
    Hello hello;
    try {
      hello = runner.introduce();
    } catch (ClaimBrokenException e) {
      err.println("problem: the engine says no hello: " + e.getMessage());
      return FAILURES;
    }
    if (EngineContent.find(hello, runner.settings()).isEmpty()) {
      return misused("the engine needs content of its own schema: --content FILE");
    }
    List<Check> chosen =
        all.stream().filter(check -> only.isEmpty() || only.contains(check.id())).toList();
    List<Result> results = runner.run(chosen, check -> showProgress(chosen, check), _ -> {});
    clearProgress();
    Report report = new Report(hello, runner.settings().seed(), Instant.now(), results);
    out.print(json ? report.json() + "\n" : report.text());
    out.flush();
    return report.good() ? OK : FAILURES;
  }

  private void showProgress(List<Check> chosen, Check check) {
    if (progress) {
      err.print(
          "\r\u001b[K" + (chosen.indexOf(check) + 1) + "/" + chosen.size() + " " + check.id());
      err.flush();
    }
  }

  private void clearProgress() {
    if (progress) {
      err.print("\r\u001b[K");
      err.flush();
    }
  }

  private int misused(String problem) {
    err.println("problem: " + problem);
    err.println("see conformance --help");
    return USAGE;
  }
}
