package redoubt.cli;

import java.time.Clock;
import redoubt.agent.journal.JournalReader;
import redoubt.agent.policy.ExceptionsFile;

/// What a subcommand works with.
///
/// @param terminal where it prints
/// @param directories where this host keeps Redoubt's files
/// @param clock the wall clock, with the zone in which people are told times
record Session(Terminal terminal, Directories directories, Clock clock) {
  AgentClient agent() {
    return AgentClient.at(directories.controlSocket());
  }

  JournalReader journal() {
    return new JournalReader(directories.journal());
  }

  ExceptionsFile exceptions() {
    return ExceptionsFile.in(directories.state());
  }
}
