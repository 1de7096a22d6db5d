package redoubt.cli;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import redoubt.agent.journal.JournalLine;
import redoubt.agent.policy.ExceptionEntry;
import redoubt.agent.policy.PolicyException;
import redoubt.core.model.Sha256;

/// The owner's exceptions that would count if the same were asked again now.
///
/// @param entries the exceptions
/// @param problem why they cannot be told, if they cannot
record Applying(List<ExceptionEntry> entries, Optional<String> problem) {
  static Applying find(Session session, JournalLine line, SubjectFile file) {
    try {
      return new Applying(
          session
              .exceptions()
              .read()
              .applying(digestOf(line, file), file.path(), session.clock().instant()),
          Optional.empty());
    } catch (PolicyException e) {
      return new Applying(List.of(), Optional.of("unknown: " + e.getMessage()));
    }
  }

  /// Whether one of them outweighs a DENY of that engine's.
  boolean covers(String engine) {
    return entries.stream()
        .anyMatch(entry ->
            entry.engine().equals(ExceptionEntry.EVERY_ENGINE) || entry.engine().equals(engine));
  }

  /// The file as it is now counts; where it cannot be read, what was decided about.
  private static @Nullable Sha256 digestOf(JournalLine line, SubjectFile file) {
    if (file.sha256() != null) {
      return file.sha256();
    }
    return line.sha256().matches("[0-9a-fA-F]{64}") ? Sha256.parse(line.sha256()) : null;
  }
}
