package redoubt.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import redoubt.agent.quarantine.Vault;
import redoubt.cli.Terminal.Tone;
import redoubt.core.linux.Descriptors;
import redoubt.core.linux.Errno;
import redoubt.core.wire.ControlReply;

/// `redoubt scan`.
@Command(
    name = "scan",
    description = {
      "Have the engines look at files now.",
      "",
      "Opens each file with the rights of whoever runs it, and hands it to the running agent, whose"
          + " engines say what they find. Looks at all that is below a directory, without following"
          + " links; leaves out file systems that the kernel makes up. A file that has not changed"
          + " since the same engines found nothing in it is not looked at again. What is found is in"
          + " the journal too: redoubt events."
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:nothing was found",
      "1:something was found",
      "2:no agent runs, or something could not be looked at"
    })
final class ScanCommand extends Subcommand {
  private static final int CLEAN = 0;
  private static final int FOUND = 1;
  private static final int FAILED = 2;

  private static final String RIGHT = "judge:scan";
  private static final int PROGRESS_PATH = 60;
  private static final int MOST_THREADS = 8;

  @Option(
      names = "--anew",
      description = "Look again at what has not changed since nothing was found in it.")
  private boolean anew;

  @Option(
      names = "--exclude",
      paramLabel = "GLOB",
      description =
          "Leave out what matches: the name, or the whole path if the pattern has a slash."
              + " Repeatable.")
  private List<String> excluded = List.of();

  @Option(
      names = "--one-file-system",
      description = "Do not go into other file systems that are mounted below.")
  private boolean oneFileSystem;

  @Option(
      names = "--all",
      description = "Print every file that is looked at, not only what is found or not looked at.")
  private boolean all;

  @Option(
      names = "--quarantine",
      description = "Put away what is found: redoubt quarantine. Needs root.")
  private boolean quarantine;

  @Option(
      names = "--sarif",
      description = "Print a report in SARIF 2.1.0 at the end, and nothing else.")
  private boolean sarif;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "How many files are looked at at a time, 1 to 8. Default: two per processor.")
  private int threads =
      Math.clamp(2L * Runtime.getRuntime().availableProcessors(), 1, MOST_THREADS);

  @Parameters(arity = "1..*", paramLabel = "PATH", description = "Files and directories.")
  private List<Path> paths = List.of();

  private final AtomicReference<@Nullable Problem> failure = new AtomicReference<>();

  private long begunNanos;
  private final ProgressLine progress;

  ScanCommand(Session session) {
    super(session);
    progress = new ProgressLine(terminal(), () -> !wantsJson() && !sarif);
  }

  @Override
  public Integer call() {
    try {
      return scan();
    } catch (Problem problem) {
      throw new Problem(FAILED, problem.getMessage(), problem.fix());
    }
  }

  private int scan() {
    requireRange("--threads", threads, 1, MOST_THREADS);
    List<ControlReply.Engine> engines =
        session().agent().status().engines().stream()
            .filter(engine -> engine.rightsGranted().contains(RIGHT))
            .toList();
    if (engines.isEmpty()) {
      throw new Problem(
          FAILED,
          "no engine of this host scans files",
          "redoubt engines shows them; one that asks for " + RIGHT + " needs it granted");
    }
    ScanBatches batches = new ScanBatches();
    ScanReport report = new ScanReport(batches, this::print);
    begunNanos = System.nanoTime();
    List<Thread> workers = new ArrayList<>();
    try (ScanFiles files = new ScanFiles()) {
      for (int i = 0; i < threads; i++) {
        workers.add(
            Thread.ofPlatform()
                .name("scan-" + i)
                .daemon()
                .start(() -> work(batches, files, report)));
      }
      walk(batches, report);
      join(workers);
    }
    Problem failed = failure.get();
    if (failed != null) {
      progress.clear();
      throw failed;
    }
    conclude(report, engines);
    ScanReport.Numbers numbers = report.numbers();
    if (numbers.found() > 0) {
      return FOUND;
    }
    return numbers.unscanned() > 0 ? FAILED : CLEAN;
  }

  private void walk(ScanBatches batches, ScanReport report) {
    try {
      ScanWalk walk =
          new ScanWalk(
              excluded, Vault.pathIn(session().directories().state()), oneFileSystem, report);
      for (Path path : paths) {
        walk.walk(path);
      }
    } catch (NoSuchFileException e) {
      fail(batches, new Problem(FAILED, "no such file: path=" + e.getFile(), "name what is there"));
    } catch (IOException e) {
      fail(
          batches,
          new Problem(FAILED, "cannot be scanned: error=" + e, "see whether it can be read"));
    } catch (PatternSyntaxException e) {
      fail(
          batches,
          new Problem(
              FAILED, "not a pattern: exclude=" + e.getPattern(), "such as --exclude '*.iso'"));
    }
    batches.end(threads);
  }

  private void fail(ScanBatches batches, Problem problem) {
    failure.compareAndSet(null, problem);
    batches.stop();
  }

  private void join(List<Thread> workers) {
    try {
      for (Thread worker : workers) {
        worker.join();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      failure.compareAndSet(null, new Problem(FAILED, "interrupted", "run it again"));
    }
  }

  private void work(ScanBatches batches, ScanFiles files, ScanReport report) {
    try (ScanConnection agent = new ScanConnection(session().agent())) {
      List<ScanBatches.Found> batch = batches.take();
      while (!batch.isEmpty() && failure.get() == null) {
        scan(batch, files, agent, report);
        batch = batches.take();
      }
    } catch (Problem problem) {
      fail(batches, problem);
    } catch (RuntimeException e) {
      fail(batches, new Problem(FAILED, "this program failed: error=" + e, "please report it"));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void scan(
      List<ScanBatches.Found> batch, ScanFiles files, ScanConnection agent, ScanReport report)
      throws InterruptedException {
    List<ScanBatches.Found> opened = new ArrayList<>();
    int[] descriptors = new int[batch.size()];
    try {
      for (ScanBatches.Found found : batch) {
        int descriptor = files.open(found.path());
        if (descriptor >= 0) {
          descriptors[opened.size()] = descriptor;
          opened.add(found);
        } else if (descriptor != -Errno.ENOENT) {
          report.problem(found.path(), Errno.name(descriptor));
        }
      }
      if (opened.isEmpty()) {
        return;
      }
      int[] passed = Arrays.copyOf(descriptors, opened.size());
      List<ControlReply.ScannedFile> results = agent.scan(passed, anew, quarantine).files();
      for (int i = 0; i < results.size(); i++) {
        report.add(opened.get(i).path(), opened.get(i).sizeBytes(), results.get(i));
      }
    } finally {
      for (int i = 0; i < opened.size(); i++) {
        Descriptors.close(descriptors[i]);
      }
    }
  }

  // ---- what is printed

  /// Called for one file after the other.
  private void print(Path path, ControlReply.ScannedFile result, ScanReport.Numbers numbers) {
    boolean remarkable = !result.state().equals("clean");
    if ((remarkable || all) && !sarif) {
      progress.clear();
      if (wantsJson()) {
        terminal().json(json(path, result));
      } else {
        terminal().line(line(path, result));
      }
    }
    showProgress(path, numbers);
  }

  private String line(Path path, ControlReply.ScannedFile result) {
    Tone tone =
        switch (result.state()) {
          case "found" -> Tone.BAD;
          case "clean" -> Tone.GOOD;
          case "excepted" -> Tone.QUIET;
          default -> Tone.WARNING;
        };
    StringBuilder line = new StringBuilder(terminal().paint(tone, result.state() + ":"));
    line.append(' ').append(Printable.of(path.toString()));
    for (ControlReply.ScanHit hit : result.hits()) {
      line.append("\n    ").append(hit.engine()).append(": ");
      line.append(Printable.of(hit.rule()));
      if (!hit.reason().isEmpty()) {
        line.append(" (").append(Printable.of(hit.reason())).append(')');
      }
    }
    if (!result.detail().isEmpty()) {
      line.append(" (").append(Printable.of(result.detail())).append(')');
    }
    return line.toString();
  }

  private static ObjectNode json(Path path, ControlReply.ScannedFile result) {
    ObjectNode node = object();
    node.put("path", path.toString());
    node.put("state", result.state());
    node.put("known", result.known());
    if (!result.detail().isEmpty()) {
      node.put("detail", result.detail());
    }
    ArrayNode hits = node.putArray("hits");
    for (ControlReply.ScanHit hit : result.hits()) {
      ObjectNode each = hits.addObject();
      each.put("engine", hit.engine());
      each.put("rule", hit.rule());
      each.put("reason", hit.reason());
    }
    return node;
  }

  private void showProgress(Path path, ScanReport.Numbers numbers) {
    if (!progress.isDue()) {
      return;
    }
    String text = Printable.of(path.toString());
    String end =
        text.length() > PROGRESS_PATH ? "…" + text.substring(text.length() - PROGRESS_PATH) : text;
    double seconds = Math.max(1, System.nanoTime() - begunNanos) / 1e9;
    String line =
        String.format(
            Locale.ROOT,
            "%,d files, %,d found, %,.1f MB/s  %s",
            numbers.files(),
            numbers.found(),
            numbers.bytes() / 1e6 / seconds,
            end);
    progress.show(terminal().paint(Tone.QUIET, line));
  }

  private void conclude(ScanReport report, List<ControlReply.Engine> engines) {
    progress.clear();
    double seconds = Math.max(1, System.nanoTime() - begunNanos) / 1e9;
    ScanReport.Numbers numbers = report.numbers();
    if (sarif) {
      terminal().json(ScanSarif.of(report.remarkable(), engines));
    } else if (wantsJson()) {
      terminal().json(summary(numbers, engines, seconds));
    } else {
      terminal().line(text(numbers, engines, seconds));
    }
  }

  private static String text(
      ScanReport.Numbers numbers, List<ControlReply.Engine> engines, double seconds) {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "%,d files, %,.1f MB: %,d found, %,d not looked at",
            numbers.files(),
            numbers.bytes() / 1e6,
            numbers.found(),
            numbers.unscanned()));
    if (numbers.excepted() > 0) {
      text.append(String.format(Locale.ROOT, ", %,d excepted", numbers.excepted()));
    }
    text.append(
        String.format(
            Locale.ROOT,
            "; %,d known from before; %s, %,.0f files/s, %,.1f MB/s%nby %s",
            numbers.known(),
            Times.rough(Duration.ofMillis((long) (seconds * 1000))),
            numbers.files() / seconds,
            numbers.bytes() / 1e6 / seconds,
            String.join(", ", engines.stream().map(ScanCommand::name).toList())));
    return text.toString();
  }

  private static String name(ControlReply.Engine engine) {
    return engine.id()
        + (engine.contentName().isEmpty()
            ? ""
            : " with " + Printable.of(engine.contentName() + " " + engine.contentVersion()));
  }

  private static ObjectNode summary(
      ScanReport.Numbers numbers, List<ControlReply.Engine> engines, double seconds) {
    ObjectNode node = object();
    ObjectNode summary = node.putObject("summary");
    summary.put("files", numbers.files());
    summary.put("bytes", numbers.bytes());
    summary.put("clean", numbers.clean());
    summary.put("known", numbers.known());
    summary.put("found", numbers.found());
    summary.put("excepted", numbers.excepted());
    summary.put("unscanned", numbers.unscanned());
    summary.put("seconds", seconds);
    ArrayNode by = summary.putArray("engines");
    for (ControlReply.Engine engine : engines) {
      ObjectNode each = by.addObject();
      each.put("id", engine.id());
      each.put("version", engine.engineVersion());
      each.put("content", engine.contentName());
      each.put("contentVersion", engine.contentVersion());
    }
    return node;
  }
}
