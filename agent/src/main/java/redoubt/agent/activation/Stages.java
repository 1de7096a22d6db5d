package redoubt.agent.activation;

import java.time.Duration;
import java.util.Set;

/// What a bundle goes through on this host. Immutable.
///
/// @param trial how long it is tried without a vote; zero for this host's past alone
/// @param probation how long it is watched once it is in force
/// @param skipped what the owner leaves out
public record Stages(Duration trial, Duration probation, Set<Stage> skipped) {
  /// What may be left out.
  public enum Stage {
    /// Its own vectors.
    ADMISSION,
    /// This host's past and present.
    TRIAL,
    /// What its engine does once it is in force.
    PROBATION
  }

  public Stages {
    skipped = Set.copyOf(skipped);
  }

  /// Whether a stage is gone through.
  public boolean has(Stage stage) {
    return !skipped.contains(stage);
  }
}
