package redoubt.testing.drills;

import java.util.Locale;

/// What stops a bundle on its way, in the order in which it meets them.
public enum Stage {
  /// Its engine loads it in a throw-away sandbox and is put to its vectors.
  ADMISSION("at admission"),

  /// It is held against this host's past and present, without a vote.
  TRIAL("at trial"),

  /// It is in force and watched.
  PROBATION(""),

  /// The agent starts again and again without the host having settled.
  START("did not settle");

  private final String said;

  /// @param said how the reason of a refusal begins or what is in it; empty if that is any
  Stage(String said) {
    this.said = said;
  }

  /// The stage at which something was refused.
  ///
  /// @param reason as the agent keeps it
  static Stage of(String reason) {
    for (Stage stage : values()) {
      if (!stage.said.isEmpty() && reason.contains(stage.said)) {
        return stage;
      }
    }
    return PROBATION;
  }

  /// How people write it.
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
