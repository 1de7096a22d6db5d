package redoubt.agent;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import redoubt.core.linux.LinuxException;
import redoubt.core.linux.Signals;
import redoubt.core.model.PlatformNotice;

/// The agent's program: `run [OPTIONS]`, or `--train [DIRECTORY]` to write the start-up cache.
///
/// Exit statuses, after sysexits: 0 stopped in order, 10 another release is to run, 64 wrong
/// options, 69 the kernel does not offer what is needed, 75 another agent runs, 78 the
/// configuration is wrong. Anything else is a crash, and the supervisor starts the agent again.
public final class Main {
  /// The spawner ended before the agent did: a crash, so that both are started again.
  static final int SPAWNER_GONE = 71;

  /// Stopped in order, and the supervisor is to start the release that it finds then.
  private static final int OTHER_RELEASE = 10;

  private static final int BUG = 70;
  private static final int USAGE = 64;
  private static final int UNAVAILABLE = 69;
  private static final int ALREADY_RUNNING = 75;
  private static final int CONFIGURATION = 78;

  private Main() {}

  /// Runs the agent until it is told to stop.
  public static void main(String[] arguments) {
    Thread.setDefaultUncaughtExceptionHandler(Main::crash);
    List<String> words = Arrays.asList(arguments);
    if (!words.isEmpty() && words.getFirst().equals("--train")) {
      train(words.stream().skip(1).findFirst().map(Path::of));
      return;
    }
    if (words.isEmpty() || !words.getFirst().equals("run")) {
      System.err.println("redoubt: the agent is started by redoubt run");
      System.exit(USAGE);
    }
    System.exit(run(words.subList(1, words.size())));
  }

  /// A thread that meets a bug takes the process with it: the kernel lets everybody go on, and the
  /// supervisor starts an agent whose threads are all there.
  private static void crash(Thread thread, Throwable bug) {
    System.err.println("redoubt: bug: thread=" + thread.getName());
    bug.printStackTrace();
    Runtime.getRuntime().halt(BUG);
  }

  /// Each sends SIGIO, whose default is the end of the process.
  private static void surviveBrokenLeases() {
    Signals.ignore(Signals.SIGIO);
  }

  private static void train(Optional<Path> ground) {
    surviveBrokenLeases();
    try {
      Training.run(ground);
    } catch (IOException e) {
      System.exit(fail(CONFIGURATION, e));
    }
  }

  private static int run(List<String> words) {
    AgentPaths paths = AgentPaths.of(System.getenv());
    Settings settings;
    try {
      settings = Settings.read(paths, words);
    } catch (IllegalArgumentException e) {
      return fail(USAGE, e);
    }
    try {
      Optional<RunMarker> marker = RunMarker.set(paths);
      if (marker.isEmpty()) {
        System.err.println(
            "redoubt: another agent runs already: run=" + paths.run() + " (see redoubt status)");
        return ALREADY_RUNNING;
      }
      return run(paths, settings, marker.get());
    } catch (LinuxException | UnavailableException e) {
      return fail(UNAVAILABLE, e);
    } catch (IOException | IllegalArgumentException e) {
      return fail(CONFIGURATION, e);
    }
  }

  /// The rescue switch is read when the agent's pid can be found by whoever sets it: a switch set
  /// earlier is seen here, one set later comes with a kill.
  private static int run(AgentPaths paths, Settings settings, RunMarker marker) throws IOException {
    Optional<RescueSwitch> rescue = RescueSwitch.find(Path.of("/proc/cmdline"), paths.rescueFlag());
    if (rescue.isPresent() && rescue.get().off()) {
      System.err.println(
          "redoubt: switched off by " + rescue.get().source() + "; redoubt rescue on undoes it");
      marker.close();
      return RescueRecord.write(paths, rescue.get());
    }
    AgentOptions options = settings.now();
    Groundwork groundwork =
        Groundwork.begin(paths, options.protect(), options.appControl().isPresent());
    surviveBrokenLeases();
    boolean observe = options.observeOnly() || rescue.isPresent();
    Agent agent = new Agent(paths, settings, groundwork, marker, observe);
    rescue.ifPresent(used -> RescueRecord.notice(agent, used));
    settings
        .problems()
        .forEach(problem -> {
          System.err.println("redoubt: " + problem + " (see redoubt config check)");
          agent.notice(PlatformNotice.Kind.POLICY_CHANGED, "configuration", problem);
        });
    Runtime.getRuntime().addShutdownHook(new Thread(agent::stop, "stop"));
    agent.start();
    settings.protects();
    System.err.println("redoubt: " + RunSummary.of(agent));
    return agent.awaitStop() ? OTHER_RELEASE : 0;
  }

  private static int fail(int status, Exception problem) {
    System.err.println("redoubt: " + problem.getMessage());
    return status;
  }
}
