package redoubt.agent.seal;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;

/// What a check of the sealed files found. Immutable.
///
/// @param files how many were looked at
/// @param flaws what is wrong, by path
public record SealReport(int files, List<Flaw> flaws) {
  public SealReport {
    flaws = List.copyOf(flaws);
  }

  /// Whether everything is as it was sealed.
  public boolean isWhole() {
    return flaws.isEmpty();
  }

  /// Whether nothing at or below any of these paths is another than what was sealed.
  boolean vouchesFor(Collection<Path> paths) {
    return flaws.stream()
        .filter(flaw -> flaw.kind().changesFile())
        .noneMatch(flaw -> paths.stream().anyMatch(flaw.file()::startsWith));
  }
}
