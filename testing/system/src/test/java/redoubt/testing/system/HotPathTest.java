package redoubt.testing.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The answer path, as the kernel sees it: the threads that answer read events, look at what came
/// with them, write answers, and do nothing else. They open no file, write to nothing but the hook,
/// and load no class.
class HotPathTest {
  private static final int WARM_STARTS = 300;
  private static final int STARTS = Boolean.getBoolean("redoubt.campaign") ? 20_000 : 2_000;

  /// What the answering threads may call: of `ioctl`, `fstat` and `fstatfs` the pidfd's; `futex`
  /// and what follows it is the virtual machine's own, for its locks.
  private static final Set<String> ALLOWED =
      Set.of(
          "read",
          "write",
          "statx",
          "ioctl",
          "fstat",
          "fstatfs",
          "close",
          "epoll_wait",
          "epoll_pwait",
          "timer_settime",
          "futex",
          "gettid",
          "sched_yield",
          "restart_syscall");

  private static final Pattern CALL = Pattern.compile("^\\d+ +(\\w+)\\((.*)");

  @Test
  void answersWithoutOpeningLoggingOrLoading() throws Exception {
    Path folder = Folders.make("redoubt-hotpath-");
    try (ScratchFileSystem scratch = ScratchFileSystem.ext4(32)) {
      Path good = scratch.program("good", Specimen.PROGRAM.good());
      Path classes = folder.resolve("classes");
      Path calls = folder.resolve("calls");
      Map<String, String> variables =
          Map.of("REDOUBT_JVM_FLAGS", "-Xlog:class+load:file=" + classes + ":tid");
      try (RunningAgent agent = RunningAgent.startWith(variables, scratch)) {
        List<String> readers = readers(agent.pid());
        assertEquals(2, readers.size(), "answering threads: " + readers);
        assertEquals(WARM_STARTS, Load.rounds(WARM_STARTS, good).allowed());
        long loadedBefore = loadedBy(readers, classes);
        try (Trace trace = new Trace(readers, calls)) {
          assertEquals(STARTS, Load.rounds(STARTS, good).allowed());
          trace.finish();
        }
        requireOnlyAllowed(calls);
        assertEquals(loadedBefore, loadedBy(readers, classes), "classes loaded while answering");
        assertTrue(agent.counter("cache_hits_total") >= STARTS);
      }
    } finally {
      Outcome.of("rm", "-rf", folder).requireSuccess();
    }
  }

  /// The thread ids of the answering threads.
  private static List<String> readers(int pid) throws IOException {
    List<String> readers = new ArrayList<>();
    Path tasks = Path.of("/proc/" + pid + "/task");
    try (DirectoryStream<Path> threads = Files.newDirectoryStream(tasks)) {
      for (Path thread : threads) {
        if (Files.readString(thread.resolve("comm")).startsWith("reader-")) {
          readers.add(thread.getFileName().toString());
        }
      }
    }
    return readers;
  }

  /// How many classes these threads have loaded since the agent's start.
  private static long loadedBy(List<String> threads, Path classes) throws IOException {
    try (Stream<String> lines = Files.lines(classes)) {
      return lines
          .filter(line -> threads.stream().anyMatch(thread -> line.startsWith("[" + thread + "]")))
          .count();
    }
  }

  private static void requireOnlyAllowed(Path calls) throws IOException {
    Set<String> others = new TreeSet<>();
    Set<String> written = new TreeSet<>();
    long answers = 0;
    for (String line : Files.readAllLines(calls)) {
      Matcher call = CALL.matcher(line);
      if (!call.find()) {
        continue;
      }
      if (call.group(1).equals("write")) {
        answers++;
        written.add(call.group(2).split(",", 2)[0]);
      } else if (!ALLOWED.contains(call.group(1))) {
        others.add(call.group(1));
      }
    }
    assertEquals(Set.of(), others);
    assertTrue(answers >= STARTS, "answers traced: " + answers);
    assertEquals(1, written.size(), "written to: " + written);
    String hook = written.iterator().next();
    assertTrue(hook.contains("[fanotify]"), "written to: " + hook);
  }

  /// Follows the system calls of threads until it is closed.
  private static final class Trace implements AutoCloseable {
    private final Process process;

    Trace(List<String> threads, Path into) throws IOException {
      List<String> command = new ArrayList<>(List.of("timeout", "-s", "KILL", "120"));
      command.addAll(List.of("strace", "-y", "-o", into.toString()));
      threads.forEach(thread -> command.addAll(List.of("-p", thread)));
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
      BufferedReader output = process.inputReader();
      for (String _ : threads) {
        String line = output.readLine();
        if (line == null || !line.contains("attached")) {
          throw new IOException("strace did not attach: " + line);
        }
      }
    }

    /// Lets go of the threads and completes the record.
    void finish() throws InterruptedException {
      process.toHandle().destroy();
      process.waitFor();
    }

    @Override
    public void close() {
      process.toHandle().destroy();
    }
  }
}
