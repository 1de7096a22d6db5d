package redoubt.testing.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import redoubt.core.content.ContentException;
import redoubt.testing.drills.DrillBundles;

/// Writes the bundles that `make activation-bench` brings into force one after the other: for an
/// engine that has a vote, each with one rule more than the one before.
///
///     ActivationBundles FOLDER COUNT
public final class ActivationBundles {
  private ActivationBundles() {}

  /// Writes them and ends.
  public static void main(String[] arguments) throws IOException, ContentException {
    DrillBundles bundles = new DrillBundles(Path.of(arguments[0]));
    StringBuilder rules = new StringBuilder();
    for (int version = 1; version <= Integer.parseInt(arguments[1]); version++) {
      rules.append("deny rule-").append(version).append(" /never/").append(version).append('\n');
      bundles.version(version, rules.toString());
    }
  }
}
