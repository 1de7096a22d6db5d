package redoubt.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import redoubt.agent.kernel.KernelMeasure;
import redoubt.agent.policy.ScanSchedule;
import redoubt.core.model.EngineMode;
import redoubt.core.model.Verdict;

/// `redoubt run`: here for its help text. The launcher runs the agent itself, so that no Java
/// program stands between the owner and the supervisor.
@Command(
    name = "run",
    description = {
      "Protect this host until stopped. Needs root.",
      "",
      "Runs in the foreground under a supervisor that restarts the agent when it ends."
    })
final class RunCommand extends Subcommand {
  /// What the kernel's timer needs to end an agent in time, as [redoubt.agent.hook] has it.
  private static final int LEAST_BETWEEN_MILLIS = 1_250;

  private static final Pattern ADDRESS = Pattern.compile("[0-9a-fA-F:.]{2,45}(/[0-9]{1,3})?");

  @Option(
      names = "--filesystem",
      paramLabel = "PATH",
      description = "Protect only the file system that holds PATH. Repeatable. Default: all local.")
  private List<Path> filesystems = List.of();

  @Option(
      names = "--opens",
      paramLabel = "PATH",
      description = "Also judge every open on the file system that holds PATH. Repeatable.")
  private List<Path> opens = List.of();

  @Option(
      names = "--protect",
      paramLabel = "PATH",
      description =
          "Let no engine deny this file, or those in this folder: what your host cannot do without,"
              + " beside the critical packages. Only root may be able to change it. Repeatable.")
  private List<Path> protect = List.of();

  @Option(
      names = "--content",
      paramLabel = "PATH",
      description =
          "Load what files are held against: a list with one SHA-256, SHA-1 or MD5 a line, then a"
              + " name; a file of YARA rules (.yar, .yara); or a folder of both (lists: .hashes)."
              + " Signed with this host's key.")
  private @Nullable Path content;

  @Option(
      names = "--rules",
      paramLabel = "PATH",
      description =
          "Watch what processes do, and run the Sigma rules of this folder over it. Signed with this"
              + " host's key.")
  private @Nullable Path rules;

  @Mixin private RuleAdaptation adaptation = new RuleAdaptation();

  @Option(
      names = "--block-addresses",
      paramLabel = "FILE",
      description =
          "Talk to none of the addresses of this list: one address or network a line, then until when,"
              + " such as 2026-12-31T00:00:00Z; # begins a comment. Repeatable. Needs nft.")
  private List<Path> blockAddresses = List.of();

  @Option(
      names = "--never-block",
      paramLabel = "ADDRESS",
      description = "Do not block this address or network whatever a list says. Repeatable.")
  private List<String> neverBlock = List.of();

  @Option(
      names = "--engine",
      paramLabel = "MANIFEST",
      description = "Start the engine that the file describes. Repeatable.")
  private List<Path> engines = List.of();

  @Option(
      names = "--clamav",
      description =
          "Also ask ClamAV: the clamd of this host, at /run/clamav/clamd.ctl, which gets to read the"
              + " files in question.")
  @SuppressWarnings("unused") // read by the agent, listed here for the help
  private boolean clamav;

  @Option(
      names = "--app-control",
      paramLabel = "audit|lockdown",
      description =
          "Control which programs run: audit records what neither a package brought nor redoubt trust"
              + " names; lockdown denies it. With --opens, scripts are held to the same where"
              + " interpreters open them.")
  private @Nullable String appControl;

  @Option(
      names = "--libraries",
      description =
          "With --app-control and --opens: hold machine code that any program opens to the same.")
  private boolean libraries;

  @Option(
      names = "--ransomware",
      paramLabel = "report|freeze",
      description =
          "Watch for ransomware: who makes many files unreadable within a minute, or touches a canary."
              + " report says so; freeze stops it too, with all that it started, until redoubt thaw.")
  private @Nullable String ransomware;

  @Option(
      names = "--canary",
      paramLabel = "FILE",
      description =
          "With --ransomware: a file that nobody has a reason to touch. Repeatable. It must be there.")
  private List<Path> canaries = List.of();

  @Option(
      names = "--ransomware-except",
      paramLabel = "PROGRAM",
      description =
          "With --ransomware: a program that may make many files unreadable, and touch canaries, such"
              + " as one that keeps encrypted copies. Repeatable.")
  private List<Path> ransomwareExempt = List.of();

  @Option(
      names = "--kernel",
      paramLabel = "alert|deny|lock",
      description =
          "What to do about code in the kernel that did not come with it: alert reports it when it"
              + " appears; deny refuses every open of a module's file, by anybody; lock has the kernel"
              + " take no more modules, from three minutes after the boot until the next. Repeatable."
              + " Default: nothing.")
  private List<KernelMeasure> kernelMeasures = List.of();

  @Option(
      names = "--mode",
      paramLabel = "monitor|enforce",
      description = "What a DENY is worth: recorded only, or denied. Default: enforce.")
  private @Nullable EngineMode mode;

  @Option(
      names = "--on-miss",
      paramLabel = "allow|deny",
      description = "The answer when an engine is silent past its deadline. Default: allow.")
  private @Nullable Verdict onMiss;

  @Option(
      names = "--soft-deadline-ms",
      paramLabel = "N",
      description = "How long engines may take, 10 to 10000. Default: 250.")
  private int softDeadlineMillis = 250;

  @Option(
      names = "--hard-deadline-ms",
      paramLabel = "N",
      description = "How long the agent itself may stall before the kernel ends it. Default: 2000.")
  private int hardDeadlineMillis = 2000;

  @Option(
      names = "--hello-limit-ms",
      paramLabel = "N",
      description =
          "How long an engine may take from its start to its hello, 1000 to 600000; for its content it"
              + " has six times as long again. Longer on a slow host. Default: 10000.")
  private int helloLimitMillis = 10_000;

  @Option(
      names = "--content-trial-seconds",
      paramLabel = "N",
      description =
          "How long a second process of an engine tries other content beside the one that judges,"
              + " without a vote, 0 to 86400; 0 tries it on this host's past alone. Default: 600.")
  private int contentTrialSeconds = 600;

  @Option(
      names = "--content-skip",
      paramLabel = "STAGE",
      description =
          "Leave out a stage of the way of other content: admission, trial or probation. For drills;"
              + " may be repeated.")
  private List<String> contentSkip = List.of();

  @Option(
      names = "--content-probation-seconds",
      paramLabel = "N",
      description =
          "How long an engine is watched after it was given other content with redoubt content"
              + " activate, 10 to 86400: what goes wrong meanwhile brings the content before it back."
              + " Default: 600.")
  private int contentProbationSeconds = 600;

  @Option(
      names = "--kill-late",
      description = "Kill a process whose DENY came after it had been let through.")
  private boolean killLate;

  @Option(
      names = "--scan-written",
      description = "Have files scanned when they were written where others than root may write.")
  @SuppressWarnings("unused") // read by the agent, listed here for the help
  private boolean scanWritten;

  @Option(
      names = "--scan-at",
      paramLabel = "[DAYS ]TIME",
      description =
          "Have the host scanned at this time of its own clock, after everything else, such as 03:00"
              + " or 'sat,sun 03:00'. If it is off then, a minute after it is back.")
  private @Nullable String scanAt;

  @Option(
      names = "--scan-path",
      paramLabel = "PATH",
      description =
          "Scan this file or directory then. Repeatable. Default: the file systems that are covered.")
  private List<Path> scanPaths = List.of();

  @Option(
      names = "--quarantine",
      description =
          "Put away what the engines that come with Redoubt find and deny, so that nobody finds it"
              + " again: redoubt quarantine. For other engines: redoubt engines grant.")
  private boolean quarantine;

  @Option(names = "--observe-only", description = "Hold nothing up: see and record, deny nothing.")
  private boolean observeOnly;

  RunCommand(Session session) {
    super(session);
  }

  /// Checks the options, and then has nothing to do: the launcher only comes here for help.
  @Override
  public Integer call() {
    check();
    throw new Problem(
        ExitCode.USAGE,
        "the agent is started by the launcher, not by this program",
        "use the redoubt script itself: ./redoubt run");
  }

  /// Refuses what the agent would not take, and what is named and not there.
  ///
  /// @throws Problem naming the option
  void check() {
    requireThere();
    requireConsistent();
  }

  private void requireThere() {
    filesystems.forEach(path -> require(Files.exists(path), "no such path: filesystem=" + path));
    protect.forEach(path -> require(Files.exists(path), "no such path: protect=" + path));
    opens.forEach(path -> require(Files.exists(path), "no such path: opens=" + path));
    engines.forEach(path -> require(Files.isRegularFile(path), "no such file: engine=" + path));
    canaries.forEach(path -> require(Files.isRegularFile(path), "no such file: canary=" + path));
    ransomwareExempt.forEach(
        path -> require(Files.isRegularFile(path), "no such program: ransomware-except=" + path));
    if (rules != null) {
      require(Files.exists(rules), "no such path: rules=" + rules);
      adaptation.requireUsable();
    } else {
      require(adaptation.isEmpty(), "--values and --pipeline are for the rules of --rules");
    }
    scanPaths.forEach(path -> require(Files.exists(path), "no such path: scan-path=" + path));
    blockAddresses.forEach(
        path -> require(Files.isRegularFile(path), "no such file: block-addresses=" + path));
    if (content != null) {
      require(Files.exists(content), "no such file: content=" + content);
    }
  }

  /// Refuses what the agent would not take; what is not there it leaves out.
  ///
  /// @throws Problem naming the option
  void requireConsistent() {
    require(
        appControl == null || Set.of("audit", "lockdown").contains(appControl),
        "not audit or lockdown: app-control=" + appControl);
    require(
        neverBlock.isEmpty() || !blockAddresses.isEmpty(),
        "--never-block is for --block-addresses");
    require(appControl != null || !libraries, "--libraries is for --app-control");
    require(scanAt != null || scanPaths.isEmpty(), "--scan-path is for --scan-at");
    if (scanAt != null) {
      requireTime(scanAt);
    }
    require(
        ransomware == null || Set.of("report", "freeze").contains(ransomware),
        "not report or freeze: ransomware=" + ransomware);
    require(
        ransomware != null || (canaries.isEmpty() && ransomwareExempt.isEmpty()),
        "--canary and --ransomware-except are for --ransomware");
    require(
        softDeadlineMillis >= 10 && softDeadlineMillis <= 10_000,
        "out of range, 10 to 10000: soft-deadline-ms=" + softDeadlineMillis);
    require(
        hardDeadlineMillis >= softDeadlineMillis + LEAST_BETWEEN_MILLIS,
        "the hard deadline must be at least "
            + LEAST_BETWEEN_MILLIS
            + " ms behind the soft one: soft="
            + softDeadlineMillis
            + " hard="
            + hardDeadlineMillis);
    neverBlock.forEach(address ->
        require(ADDRESS.matcher(address).matches(), "no address: never-block=" + address));
    require(
        helloLimitMillis >= 1_000 && helloLimitMillis <= 600_000,
        "out of range, 1000 to 600000: hello-limit-ms=" + helloLimitMillis);
    require(
        contentTrialSeconds >= 0 && contentTrialSeconds <= 86_400,
        "out of range, 0 to 86400: content-trial-seconds=" + contentTrialSeconds);
    require(
        Set.of("admission", "trial", "probation").containsAll(contentSkip),
        "not admission, trial or probation: content-skip=" + contentSkip);
    require(
        contentProbationSeconds >= 10 && contentProbationSeconds <= 86_400,
        "out of range, 10 to 86400: content-probation-seconds=" + contentProbationSeconds);
    boolean denies =
        mode == EngineMode.ENFORCE
            || onMiss == Verdict.DENY
            || killLate
            || quarantine
            || "lockdown".equals(appControl)
            || kernelMeasures.contains(KernelMeasure.DENY);
    require(
        !(observeOnly && denies),
        "nothing is denied when nothing waits: leave out --observe-only, or --mode, --on-miss,"
            + " --kill-late, --quarantine, --app-control lockdown and --kernel deny");
  }

  private static void requireTime(String text) {
    try {
      var _ = ScanSchedule.parse(text);
    } catch (IllegalArgumentException e) {
      require(false, "scan-at: " + e.getMessage());
    }
  }

  private static void require(boolean kept, String problem) {
    if (!kept) {
      throw new Problem(ExitCode.USAGE, problem, "see redoubt run --help");
    }
  }
}
