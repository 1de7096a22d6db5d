package redoubt.cli;

import picocli.CommandLine.Command;

/// `redoubt trust` and what is below it: what the owner trusts beside what packages brought.
final class TrustCommands {
  /// The engine of application control.
  static final String ENGINE = "allowlist";

  private TrustCommands() {}

  /// `redoubt trust`.
  @Command(
      name = "trust",
      synopsisSubcommandLabel = "add|list|remove|why|learn",
      description = {
        "Say which programs and scripts may run beside those that packages brought.",
        "",
        "For application control (redoubt run --app-control). Counts at once, also without a network"
            + " and without a running agent. Changing it needs root. What another engine denies,"
            + " redoubt allow lets run."
      })
  static final class Trust extends CommandGroup {
    Trust(Session session) {
      super(
          session,
          "what to do with trust: add, list, remove, why or learn",
          "redoubt trust --help");
    }
  }

  /// `redoubt trust add`.
  @Command(
      name = "add",
      description = {
        "Trust a program, a directory or a package.",
        "",
        "By hash it follows the content anywhere. By path it needs a file or directory that only"
            + " root can write; a directory stands for everything below it. By package it covers the"
            + " package's files even where their content was changed."
      })
  static final class Add extends EntryCommands.Add {
    Add(Session session) {
      super(session, session.trusted());
    }
  }

  /// `redoubt trust list`.
  @Command(name = "list", description = "Show what is trusted, and whether it can have an effect.")
  static final class ListAll extends EntryCommands.ListAll {
    ListAll(Session session) {
      super(session, session.trusted(), null, "entries: packages alone are trusted");
    }
  }

  /// `redoubt trust remove`.
  @Command(name = "remove", description = "Trust something no longer, by id or by what it names.")
  static final class Remove extends EntryCommands.Remove {
    Remove(Session session) {
      super(session, session.trusted());
    }
  }
}
