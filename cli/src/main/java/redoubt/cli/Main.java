package redoubt.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/// The program: builds the object graph by hand, runs one subcommand, turns problems into words and
/// an exit status.
public final class Main {
  /// In the order in which the help names them.
  private static final Map<String, Function<Session, Object>> COMMANDS = new LinkedHashMap<>();

  static {
    COMMANDS.put("run", RunCommand::new);
    COMMANDS.put("status", StatusCommand::new);
    COMMANDS.put("engines", Main::engines);
    COMMANDS.put("scorecard", Main::scorecard);
    COMMANDS.put("top", TopCommand::new);
    COMMANDS.put("metrics", MetricsCommand::new);
    COMMANDS.put("events", EventsCommand::new);
    COMMANDS.put("why", WhyCommand::new);
    COMMANDS.put("journal", Main::journal);
    COMMANDS.put("seal", Main::seal);
    COMMANDS.put("config", Main::config);
    COMMANDS.put("scan", ScanCommand::new);
    COMMANDS.put("collect", CollectCommand::new);
    COMMANDS.put("mode", ModeCommand::new);
    COMMANDS.put("frozen", FrozenCommand::new);
    COMMANDS.put("thaw", ThawCommand::new);
    COMMANDS.put("allow", Main::allow);
    COMMANDS.put("trust", Main::trust);
    COMMANDS.put("quarantine", Main::quarantine);
    COMMANDS.put("isolate", Main::isolate);
    COMMANDS.put("replay", ReplayCommand::new);
    COMMANDS.put("rules", Main::rules);
    COMMANDS.put("content", Main::content);
    COMMANDS.put("indicators", IndicatorsCommand::new);
    COMMANDS.put("repository", Main::repository);
    COMMANDS.put("trust-root", Main::trustRoot);
    COMMANDS.put("fleet", Main::fleet);
    COMMANDS.put("drill", DrillCommand::new);
    COMMANDS.put("simulate", SimulateCommand::new);
    COMMANDS.put("doctor", DoctorCommand::new);
    COMMANDS.put("kernel", KernelCommand::new);
    COMMANDS.put("inventory", InventoryCommand::new);
    COMMANDS.put("stop", StopCommand::new);
    COMMANDS.put("rescue", RescueCommand::new);
    COMMANDS.put("version", VersionCommand::new);
    COMMANDS.put("generate-man-pages", ManPagesCommand::new);
  }

  private Main() {}

  /// Runs the command line and ends the process with one of [ExitCode]. With `--train FOLDER` it
  /// rehearses there instead, so that a start-up cache can be written.
  public static void main(String[] arguments) throws IOException {
    if (arguments.length == 2 && arguments[0].equals("--train")) {
      System.exit(Training.run(Path.of(arguments[1])));
    }
    Map<String, String> environment = System.getenv();
    Session session =
        new Session(Terminal.ofProcess(environment), Directories.of(environment), new HostClock());
    System.exit(run(session, arguments));
  }

  /// Runs the command line and returns the exit status.
  static int run(Session session, String... arguments) {
    int status = commandLineFor(session, arguments).execute(arguments);
    session.terminal().out().flush();
    session.terminal().err().flush();
    return status;
  }

  /// What these arguments need of the command line. To find out about all commands takes much
  /// longer than most of them do, so one that is named comes alone.
  private static CommandLine commandLineFor(Session session, String... arguments) {
    Function<Session, Object> named = arguments.length == 0 ? null : COMMANDS.get(arguments[0]);
    return named == null
        ? commandLine(session)
        : set(
            new CommandLine(new Root(session)).addSubcommand(arguments[0], named.apply(session)),
            session.terminal());
  }

  /// The whole command line.
  static CommandLine commandLine(Session session) {
    CommandLine root = new CommandLine(new Root(session));
    COMMANDS.forEach((name, command) -> root.addSubcommand(name, command.apply(session)));
    root.addSubcommand(new AutoComplete.GenerateCompletion());
    return set(root, session.terminal());
  }

  private static CommandLine set(CommandLine root, Terminal terminal) {
    return root.setOut(terminal.out())
        .setErr(terminal.err())
        .setColorScheme(
            CommandLine.Help.defaultColorScheme(
                terminal.colours() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler((e, _) -> misused(e, terminal))
        .setExecutionExceptionHandler((e, _, parsed) -> failed(e, parsed, terminal));
  }

  private static CommandLine engines(Session session) {
    return new CommandLine(new EnginesCommand(session))
        .addSubcommand(new EngineCommands.Add(session))
        .addSubcommand(new EngineCommands.Remove(session))
        .addSubcommand(new EngineCommands.Inspect(session))
        .addSubcommand(new EngineCommands.GrantRights(session))
        .addSubcommand(new EngineCommands.Revoke(session));
  }

  private static CommandLine journal(Session session) {
    return new CommandLine(new JournalCommands.Group(session))
        .addSubcommand(new JournalCommands.Verify(session))
        .addSubcommand(new JournalCommands.Anchor(session));
  }

  private static CommandLine seal(Session session) {
    return new CommandLine(new SealCommands.Group(session))
        .addSubcommand(new SealCommands.Set(session))
        .addSubcommand(new SealCommands.Check(session))
        .addSubcommand(new SealCommands.Remove(session));
  }

  private static CommandLine scorecard(Session session) {
    return new CommandLine(new ScorecardCommand(session))
        .addSubcommand(new ScorecardCommand.Mark(session))
        .addSubcommand(new ScorecardCommand.Unmark(session))
        .addSubcommand(new ScorecardCommand.ListMarks(session))
        .addSubcommand(new ScorecardCommand.Verify(session));
  }

  private static CommandLine config(Session session) {
    return new CommandLine(new ConfigCommands.Group(session))
        .addSubcommand(new ConfigCommands.Check(session))
        .addSubcommand(new ConfigCommands.Show(session))
        .addSubcommand(new ConfigCommands.Explain(session))
        .addSubcommand(new ConfigCommands.Reload(session))
        .addSubcommand(new ConfigCommands.Schema(session))
        .addSubcommand(new ConfigCommands.Compile(session));
  }

  private static CommandLine rules(Session session) {
    return new CommandLine(new RuleCommands.Group(session))
        .addSubcommand(new RuleCommands.Check(session))
        .addSubcommand(new RuleCommands.ListAll(session))
        .addSubcommand(new RuleExplainCommand(session))
        .addSubcommand(new RuleTestCommand(session));
  }

  private static CommandLine content(Session session) {
    return new CommandLine(new ContentCommands.Group(session))
        .addSubcommand(new ContentFetchCommand(session))
        .addSubcommand(new ContentActivateCommand(session))
        .addSubcommand(new ContentLifeCommands.ListAll(session))
        .addSubcommand(new ContentLifeCommands.Why(session))
        .addSubcommand(new ContentLifeCommands.History(session))
        .addSubcommand(new ContentLifeCommands.RollBack(session))
        .addSubcommand(new ContentLifeCommands.Retry(session))
        .addSubcommand(new ContentUpdateCommands.Follow(session))
        .addSubcommand(new ContentUpdateCommands.Pin(session))
        .addSubcommand(new ContentUpdateCommands.Freeze(session))
        .addSubcommand(new ContentUpdateCommands.Update(session))
        .addSubcommand(new ContentBuildCommand(session))
        .addSubcommand(new ContentPackCommand(session))
        .addSubcommand(new ContentLintCommand(session))
        .addSubcommand(new RepositoryCommands.Sign(session))
        .addSubcommand(new RepositoryPublishCommands.Publish(session))
        .addSubcommand(new ContentCommands.Inspect(session))
        .addSubcommand(new ContentCommands.Vectors(session));
  }

  private static CommandLine repository(Session session) {
    return new CommandLine(new RepositoryCommands.Group(session))
        .addSubcommand(new RepositoryCommands.Key(session))
        .addSubcommand(new RepositoryPrepareCommands.OfRoot(session))
        .addSubcommand(new RepositoryPrepareCommands.OfVendor(session))
        .addSubcommand(new RepositoryPrepareCommands.OfBundles(session))
        .addSubcommand(new RepositoryTryCommand(session))
        .addSubcommand(new RepositoryCommands.Sign(session))
        .addSubcommand(new RepositoryPublishCommands.Publish(session))
        .addSubcommand(new RepositoryPublishCommands.Renew(session))
        .addSubcommand(new RepositoryShowCommand(session));
  }

  private static CommandLine trustRoot(Session session) {
    return new CommandLine(new TrustRootCommands.Group(session))
        .addSubcommand(new TrustRootCommands.Show(session))
        .addSubcommand(new TrustRootCommands.Add(session))
        .addSubcommand(new TrustRootCommands.ListAll(session))
        .addSubcommand(new TrustRootCommands.Remove(session));
  }

  private static CommandLine fleet(Session session) {
    return new CommandLine(new FleetCommands.Group(session))
        .addSubcommand(new FleetServeCommand(session))
        .addSubcommand(new FleetDemoCommand(session))
        .addSubcommand(new FleetMemberCommands.Join(session))
        .addSubcommand(new FleetMemberCommands.Leave(session))
        .addSubcommand(new FleetCommands.Hosts(session))
        .addSubcommand(new FleetCommands.Host(session))
        .addSubcommand(new FleetCommands.Records(session))
        .addSubcommand(new FleetCommands.Token(session))
        .addSubcommand(new FleetCommands.Revoke(session))
        .addSubcommand(new FleetCommands.Audit(session))
        .addSubcommand(
            new CommandLine(new FleetOperatorCommands.Group(session))
                .addSubcommand(new FleetOperatorCommands.ListAll(session))
                .addSubcommand(new FleetOperatorCommands.Add(session))
                .addSubcommand(new FleetOperatorCommands.Remove(session)))
        .addSubcommand(new FleetEngineCommand(session))
        .addSubcommand(
            new CommandLine(new FleetMarkCommands.Group(session))
                .addSubcommand(new FleetMarkCommands.ListAll(session))
                .addSubcommand(new FleetMarkCommands.Add(session))
                .addSubcommand(new FleetMarkCommands.Remove(session)))
        .addSubcommand(new FleetLabelCommands.Label(session))
        .addSubcommand(
            new CommandLine(new FleetLabelCommands.Windows(session))
                .addSubcommand(new FleetLabelCommands.ListAll(session))
                .addSubcommand(new FleetLabelCommands.Set(session))
                .addSubcommand(new FleetLabelCommands.Remove(session)))
        .addSubcommand(
            new CommandLine(new FleetAllowCommands.Group(session))
                .addSubcommand(new FleetAllowCommands.ListAll(session))
                .addSubcommand(new FleetAllowCommands.Add(session))
                .addSubcommand(new FleetAllowCommands.Remove(session)))
        .addSubcommand(
            new CommandLine(new FleetOutputCommands.Group(session))
                .addSubcommand(new FleetOutputCommands.ListAll(session))
                .addSubcommand(new FleetOutputCommands.Add(session))
                .addSubcommand(new FleetOutputCommands.Remove(session)))
        .addSubcommand(new FleetHostCommands.Isolate(session))
        .addSubcommand(new FleetHostCommands.Release(session))
        .addSubcommand(new FleetHostCommands.Scan(session))
        .addSubcommand(new FleetCollectCommands.Collect(session))
        .addSubcommand(new FleetCollectCommands.Fetch(session))
        .addSubcommand(new FleetHostCommands.TakeBack(session))
        .addSubcommand(new FleetHostCommands.ListAll(session))
        .addSubcommand(new FleetRolloutCommands.Pin(session))
        .addSubcommand(new FleetRolloutCommands.Unpin(session))
        .addSubcommand(rollouts(session));
  }

  private static CommandLine rollouts(Session session) {
    return new CommandLine(new FleetRolloutCommands.Group(session))
        .addSubcommand(new FleetRolloutCommands.ListAll(session))
        .addSubcommand(new FleetRolloutCommands.Show(session))
        .addSubcommand(new FleetRolloutCommands.Prepare(session))
        .addSubcommand(new FleetRolloutCommands.Start(session))
        .addSubcommand(new FleetRolloutCommands.Halt(session))
        .addSubcommand(new FleetRolloutCommands.Resume(session))
        .addSubcommand(new FleetRolloutCommands.RollBack(session))
        .addSubcommand(new FleetRolloutCommands.End(session))
        .addSubcommand(new FleetRolloutCommands.Kill(session))
        .addSubcommand(new FleetRolloutCommands.Revive(session))
        .addSubcommand(new FleetRolloutCommands.Orders(session));
  }

  private static CommandLine allow(Session session) {
    return new CommandLine(new AllowCommands.Allow(session))
        .addSubcommand(new AllowCommands.Add(session))
        .addSubcommand(new AllowCommands.ListAll(session))
        .addSubcommand(new AllowCommands.Remove(session));
  }

  private static CommandLine trust(Session session) {
    return new CommandLine(new TrustCommands.Trust(session))
        .addSubcommand(new TrustCommands.Add(session))
        .addSubcommand(new TrustCommands.ListAll(session))
        .addSubcommand(new TrustCommands.Remove(session))
        .addSubcommand(new TrustWhyCommand(session))
        .addSubcommand(new TrustLearnCommand(session));
  }

  private static CommandLine quarantine(Session session) {
    return new CommandLine(new QuarantineCommands.Group(session))
        .addSubcommand(new QuarantineCommands.ListAll(session))
        .addSubcommand(new QuarantineCommands.Add(session))
        .addSubcommand(new QuarantineCommands.Restore(session))
        .addSubcommand(new QuarantineCommands.Delete(session));
  }

  private static CommandLine isolate(Session session) {
    return new CommandLine(new IsolateCommands.Group(session))
        .addSubcommand(new IsolateCommands.On(session))
        .addSubcommand(new IsolateCommands.Off(session))
        .addSubcommand(new IsolateCommands.ShowStatus(session));
  }

  private static int misused(ParameterException e, Terminal terminal) {
    String help = "see " + e.getCommandLine().getCommandSpec().qualifiedName() + " --help";
    if (e instanceof UnmatchedArgumentException unknown
        && !unknown.isUnknownOption()
        && !e.getCommandLine().getSubcommands().isEmpty()) {
      List<String> similar = unknown.getSuggestions();
      terminal.problem(
          "no such command: command=" + unknown.getUnmatched().getFirst(),
          similar.isEmpty() ? help : "perhaps " + similar.getFirst() + "; " + help);
    } else {
      terminal.problem(String.valueOf(e.getMessage()), help);
    }
    return ExitCode.USAGE;
  }

  private static int failed(Exception e, ParseResult parsed, Terminal terminal) {
    Problem problem =
        e instanceof Problem known
            ? known
            : new Problem(ExitCode.INTERNAL, "this program failed: error=" + e, "please report it");
    if (wantsJson(parsed)) {
      ObjectNode node = Subcommand.object();
      node.put("problem", problem.getMessage());
      node.put("fix", problem.fix());
      node.put("exitCode", problem.exitCode());
      terminal.json(node);
    } else {
      terminal.problem(problem.getMessage(), problem.fix());
    }
    return problem.exitCode();
  }

  private static boolean wantsJson(ParseResult parsed) {
    ParseResult deepest = parsed;
    while (deepest.hasSubcommand()) {
      deepest = deepest.subcommand();
    }
    return deepest.hasMatchedOption("--json");
  }

  /// The host's clock. Its zone takes time to find, and few commands tell a time of day.
  private static final class HostClock extends Clock {
    @Override
    public ZoneId getZone() {
      return ZoneId.systemDefault();
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return Clock.system(zone);
    }

    @Override
    public Instant instant() {
      return Instant.now();
    }
  }

  /// The command without a subcommand.
  @Command(
      name = "redoubt",
      mixinStandardHelpOptions = true,
      versionProvider = Version.class,
      synopsisSubcommandLabel = "COMMAND",
      description = {
        "Endpoint security that stays outside the kernel.",
        "",
        "Protects this host from user mode, through engines that cannot take it away."
      },
      footer = {
        "",
        "First steps, as root:",
        "  redoubt run --content bad.sha256   protect this host with a list of your own",
        "  redoubt status                     see what is protected",
        "  redoubt why PATH                   see who denied a program, and why",
        "  redoubt allow add --hash PATH      let it run all the same"
      })
  private static final class Root extends Subcommand {
    Root(Session session) {
      super(session);
    }

    @Override
    public Integer call() {
      commandLine(session()).usage(terminal().out());
      return ExitCode.USAGE;
    }
  }

  /// Tells the version that the build gave the module.
  static final class Version implements IVersionProvider {
    static String text() {
      return Main.class.getModule().getDescriptor() == null
          ? "unknown"
          : Main.class.getModule().getDescriptor().rawVersion().orElse("unknown");
    }

    @Override
    public String[] getVersion() {
      return new String[] {"redoubt " + text()};
    }
  }
}
