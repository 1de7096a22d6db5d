package redoubt.agent.seal;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/// What a check of the sealed files found. Immutable.
///
/// @param seal the seal that was checked
/// @param sealed what the owner vouched for
/// @param flaws what is wrong, by path
public record SealReport(Seal seal, Set<Path> sealed, List<Flaw> flaws) {
  public SealReport {
    sealed = Set.copyOf(sealed);
    flaws = List.copyOf(flaws);
  }

  /// Whether everything is as it was sealed.
  public boolean isWhole() {
    return flaws.isEmpty();
  }

  /// How many files are sealed.
  public int files() {
    return sealed.size();
  }

  /// Whether a manifest was sealed, and nothing at or below any of the paths is another than what
  /// was.
  boolean vouchesFor(Path manifest, Collection<Path> paths) {
    return sealed.contains(manifest)
        && flaws.stream()
            .filter(flaw -> flaw.kind().changesFile())
            .noneMatch(flaw -> paths.stream().anyMatch(path -> touches(flaw.file(), path)));
  }

  private static boolean touches(Path flawed, Path path) {
    return flawed.startsWith(path) || path.startsWith(flawed);
  }
}
