package redoubt.agent.kernel;

import java.util.Collection;
import java.util.Map;
import redoubt.agent.policy.KnownFiles;
import redoubt.agent.policy.PolicyException;

/// Tells which packages brought files.
@FunctionalInterface
interface PackageLookup {
  /// Looks up many files at once; may take a second.
  Answer ask(Collection<String> paths);

  /// What the package database says.
  ///
  /// @param database its kind: `dpkg`, `rpm`, `none`, or `unreadable`
  /// @param packages the package of each file that one brought
  record Answer(String database, Map<String, String> packages) {
    public Answer {
      packages = Map.copyOf(packages);
    }

    /// The package of a file, empty if none brought it or that cannot be known.
    String of(String path) {
      return packages.getOrDefault(path, "");
    }

    /// Whether there is a database that could be asked.
    boolean isKnown() {
      return !database.equals("none") && !database.equals("unreadable");
    }
  }

  /// Asks the package database of this host.
  static PackageLookup ofHost() {
    KnownFiles files = KnownFiles.ofHost();
    return paths -> {
      try {
        return new Answer(files.packageDatabase(), files.packagesOf(paths));
      } catch (PolicyException _) {
        return new Answer("unreadable", Map.of());
      }
    };
  }

  /// Asks the package database of this host if that takes no other program, as rpm's does: whoever
  /// holds a hook starts none.
  static PackageLookup ofHostByItself() {
    return KnownFiles.ofHost().packageDatabase().equals("rpm")
        ? _ -> new Answer("none", Map.of())
        : ofHost();
  }
}
