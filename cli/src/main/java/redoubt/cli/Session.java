package redoubt.cli;

import java.nio.file.Path;
import java.time.Clock;
import redoubt.agent.journal.JournalChain;
import redoubt.agent.journal.JournalReader;
import redoubt.agent.policy.ExceptionsFile;
import redoubt.agent.policy.KnownFiles;
import redoubt.agent.registry.Register;
import redoubt.agent.seal.SealedInstallation;

/// What a subcommand works with.
///
/// @param terminal where it prints
/// @param directories where this host keeps Redoubt's files
/// @param clock the wall clock, with the zone in which people are told times
record Session(Terminal terminal, Directories directories, Clock clock) {
  AgentClient agent() {
    return AgentClient.at(directories.controlSocket());
  }

  JournalChain journalChain() {
    return new JournalChain(directories.journal());
  }

  JournalReader journal() {
    return new JournalReader(directories.journal());
  }

  Register register() {
    return new Register(
        directories.home(), directories.config(), directories.state(), javaProgram());
  }

  /// The program that runs Java, for engines in Java.
  static Path javaProgram() {
    return Path.of(System.getProperty("java.home"), "bin", "java");
  }

  SealedInstallation installation() {
    return new SealedInstallation(
        directories.home(),
        directories.state(),
        Path.of(System.getProperty("java.home")),
        register(),
        KnownFiles.ofHost()::isManaged);
  }

  ExceptionsFile exceptions() {
    return ExceptionsFile.in(directories.state());
  }

  ExceptionsFile exceptionsOfFleet() {
    return ExceptionsFile.ofFleetIn(directories.state());
  }

  ExceptionsFile trusted() {
    return ExceptionsFile.trustIn(directories.state());
  }
}
