package redoubt.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import redoubt.agent.journal.JournalLine;
import redoubt.core.content.FileDigest;
import redoubt.core.model.Sha256;

/// The file that somebody asks why about.
///
/// @param path its real path, or what was asked where there is no such file
/// @param sha256 its digest now, or null if it cannot be read
record SubjectFile(Path path, @Nullable Sha256 sha256) {
  /// Looks at the file and reads it whole, if it is there and readable.
  static SubjectFile of(String text) {
    try {
      Path asked = Path.of(text).toAbsolutePath().normalize();
      Path real = Files.exists(asked) ? asked.toRealPath() : asked;
      return new SubjectFile(real, Files.isRegularFile(real) ? digest(real) : null);
    } catch (InvalidPathException e) {
      throw new Problem(ExitCode.USAGE, "not a path: path=" + text, "name a file or a process id");
    } catch (IOException _) {
      return new SubjectFile(Path.of(text).toAbsolutePath().normalize(), null);
    }
  }

  /// Whether a decision was about this path, or about the content that is now there.
  boolean isMeant(JournalLine line) {
    return isNamedBy(line) || (sha256 != null && line.sha256().equals(sha256.toString()));
  }

  boolean isNamedBy(JournalLine line) {
    return line.path().equals(path.toString());
  }

  /// Whether it is known that the file holds something else now than what was decided about.
  boolean differsFrom(JournalLine line) {
    return sha256 != null && !line.sha256().isEmpty() && !line.sha256().equals(digestText());
  }

  String digestText() {
    return String.valueOf(sha256);
  }

  private static @Nullable Sha256 digest(Path file) {
    try {
      return FileDigest.of(file);
    } catch (IOException _) {
      // denied or unreadable: the path alone must do
      return null;
    }
  }
}
