package redoubt.core.tuf;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Collects golden vectors under their names.
final class GoldenVectors {
  /// One vector.
  ///
  /// @param name of the file, without ending
  /// @param form its content
  record Vector(String name, Json.Members form) {}

  private final List<Vector> vectors = new ArrayList<>();

  /// Every vector of this project.
  static List<Vector> all() {
    GoldenVectors all = new GoldenVectors();
    RootVectors.addTo(all);
    RotationVectors.addTo(all);
    TopLevelVectors.addTo(all);
    ExpiryVectors.addTo(all);
    RollbackVectors.addTo(all);
    DelegationVectors.addTo(all);
    TargetVectors.addTo(all);
    return List.copyOf(all.vectors);
  }

  /// Adds one.
  ///
  /// @param suite the case of the public conformance suite that asks the same, or empty
  void add(String name, String what, String suite, Consumer<Scenario> script) {
    Scenario scenario = new Scenario();
    script.accept(scenario);
    vectors.add(new Vector(name, scenario.form(name, what, suite)));
  }
}
