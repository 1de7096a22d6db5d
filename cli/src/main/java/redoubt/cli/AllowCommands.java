package redoubt.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import redoubt.agent.policy.ExceptionEntry;

/// `redoubt allow` and what is below it: the owner's exceptions.
final class AllowCommands {
  private AllowCommands() {}

  /// `redoubt allow`.
  @Command(
      name = "allow",
      synopsisSubcommandLabel = "add|list|remove",
      description = {
        "Let something run whatever an engine says: the owner's exceptions.",
        "",
        "They count at once, also without a network and without a running agent, and outweigh every"
            + " DENY. Changing them needs root."
      })
  static final class Allow extends CommandGroup {
    Allow(Session session) {
      super(session, "what to do with exceptions: add, list or remove", "redoubt allow --help");
    }
  }

  /// `redoubt allow add`.
  @Command(
      name = "add",
      description = {
        "Add an exception.",
        "",
        "By hash it follows the content anywhere. By path it needs a file or directory that only"
            + " root can write. By package it covers the package's files."
      })
  static final class Add extends EntryCommands.Add {
    @Option(
        names = "--engine",
        paramLabel = "E",
        defaultValue = ExceptionEntry.EVERY_ENGINE,
        description = "Only against this engine. Default: every engine.")
    private String engine = ExceptionEntry.EVERY_ENGINE;

    Add(Session session) {
      super(session, session.exceptions());
    }

    @Override
    String engine() {
      return engine;
    }
  }

  /// `redoubt allow list`.
  @Command(
      name = "list",
      description = {
        "Show the exceptions, and whether each can have an effect.",
        "",
        "Those from the fleet this host belongs to are its owner's to change: redoubt fleet allow."
      })
  static final class ListAll extends EntryCommands.ListAll {
    ListAll(Session session) {
      super(session, session.exceptions(), session.exceptionsOfFleet(), "exceptions");
    }
  }

  /// `redoubt allow remove`.
  @Command(name = "remove", description = "Remove exceptions, by id or by what they name.")
  static final class Remove extends EntryCommands.Remove {
    Remove(Session session) {
      super(session, session.exceptions());
    }
  }
}
