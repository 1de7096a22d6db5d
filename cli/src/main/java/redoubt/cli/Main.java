package redoubt.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Clock;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
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
  private Main() {}

  /// Runs the command line and ends the process with one of [ExitCode]. With `--train` it rehearses
  /// instead, so that a start-up cache can be written.
  public static void main(String[] arguments) throws IOException {
    if (arguments.length == 1 && arguments[0].equals("--train")) {
      System.exit(Training.run());
    }
    Map<String, String> environment = System.getenv();
    Session session =
        new Session(
            Terminal.ofProcess(environment),
            Directories.of(environment),
            Clock.system(ZoneId.systemDefault()));
    System.exit(run(session, arguments));
  }

  /// Runs the command line and returns the exit status.
  static int run(Session session, String... arguments) {
    int status = commandLine(session).execute(arguments);
    session.terminal().out().flush();
    session.terminal().err().flush();
    return status;
  }

  static CommandLine commandLine(Session session) {
    CommandLine root = new CommandLine(new Root(session));
    for (Object command : subcommands(session)) {
      root.addSubcommand(command);
    }
    root.addSubcommand(new AutoComplete.GenerateCompletion());
    Terminal terminal = session.terminal();
    return root.setOut(terminal.out())
        .setErr(terminal.err())
        .setColorScheme(
            CommandLine.Help.defaultColorScheme(
                terminal.colours() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler((e, _) -> misused(e, terminal))
        .setExecutionExceptionHandler((e, _, parsed) -> failed(e, parsed, terminal));
  }

  private static List<Object> subcommands(Session session) {
    return List.of(
        new RunCommand(session),
        new StatusCommand(session),
        engines(session),
        new TopCommand(session),
        new MetricsCommand(session),
        new EventsCommand(session),
        new WhyCommand(session),
        journal(session),
        seal(session),
        new ScanCommand(session),
        new ModeCommand(session),
        new FrozenCommand(session),
        new ThawCommand(session),
        allow(session),
        new ReplayCommand(session),
        rules(session),
        new DoctorCommand(session),
        new KernelCommand(session),
        new StopCommand(session),
        new RescueCommand(session),
        new VersionCommand(session),
        new ManPagesCommand(session));
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

  private static CommandLine rules(Session session) {
    return new CommandLine(new RuleCommands.Group(session))
        .addSubcommand(new RuleCommands.Check(session))
        .addSubcommand(new RuleCommands.ListAll(session))
        .addSubcommand(new RuleExplainCommand(session))
        .addSubcommand(new RuleTestCommand(session));
  }

  private static CommandLine allow(Session session) {
    return new CommandLine(new AllowCommands.Allow(session))
        .addSubcommand(new AllowCommands.Add(session))
        .addSubcommand(new AllowCommands.ListAll(session))
        .addSubcommand(new AllowCommands.Remove(session));
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
