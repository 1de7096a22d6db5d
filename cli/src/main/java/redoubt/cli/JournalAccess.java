package redoubt.cli;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/// Says clearly why the journal cannot be read.
final class JournalAccess {
  private JournalAccess() {}

  /// Insists that there is a journal this user may read.
  static void require(Session session) {
    Path journal = session.directories().journal();
    if (Files.isDirectory(journal) && Files.isReadable(journal) && Files.isExecutable(journal)) {
      return;
    }
    throw Files.exists(journal) || isHidden(journal) ? forbidden(journal) : missing(journal);
  }

  static Problem problem(Session session, IOException error) {
    Path journal = session.directories().journal();
    if (error instanceof AccessDeniedException) {
      return forbidden(journal);
    }
    if (error instanceof NoSuchFileException) {
      return missing(journal);
    }
    return new Problem(
        ExitCode.INTERNAL,
        "the journal cannot be read: directory=" + journal + " error=" + error,
        "see whether the disk is sound");
  }

  /// A directory above it that may not be searched hides whether it exists.
  private static boolean isHidden(Path journal) {
    return !Files.notExists(journal);
  }

  private static Problem forbidden(Path journal) {
    return new Problem(
        ExitCode.PERMISSION,
        "this user may not read the journal: directory=" + journal,
        "run as root, or join the group that owns it");
  }

  private static Problem missing(Path journal) {
    return new Problem(
        ExitCode.NO_AGENT,
        "there is no journal: directory=" + journal,
        "start the agent, which writes it: redoubt run");
  }
}
