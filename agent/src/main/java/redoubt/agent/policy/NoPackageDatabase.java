package redoubt.agent.policy;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/// A host without a package database that we can read: only well-known paths are protected.
record NoPackageDatabase() implements PackageDatabase {
  @Override
  public String name() {
    return "none";
  }

  @Override
  public boolean answersInProcess() {
    return true;
  }

  @Override
  public List<String> criticalPackages(Predicate<String> critical) {
    return List.of();
  }

  @Override
  public List<Path> filesOf(Collection<String> packageNames, Predicate<String> wanted) {
    return List.of();
  }

  @Override
  public Map<String, String> ownersOf(Collection<String> paths) {
    return Map.of();
  }

  @Override
  public long stamp() {
    return 0;
  }
}
