package redoubt.testing.drills;

import java.util.Locale;
import java.util.regex.Pattern;

/// What stops a bundle on its way, in the order in which it meets them.
public enum Stage {
  /// Nobody whom the owner believes vouches for it now.
  TRUST("not to be trusted|has expired"),

  /// Its engine loads it in a throw-away sandbox and is put to its vectors.
  ADMISSION("at admission"),

  /// It is held against this host's past and present, without a vote.
  TRIAL("at trial"),

  /// It is in force and watched.
  PROBATION(""),

  /// It was good, and its engine fails with it again and again.
  USE("failed \\d+ times within"),

  /// The agent starts again and again without the host having settled.
  START("did not settle");

  private final Pattern said;

  /// @param said what is in the reason of a refusal; empty if that is anything
  Stage(String said) {
    this.said = Pattern.compile(said);
  }

  /// The stage at which something was refused.
  ///
  /// @param reason as the agent keeps it
  static Stage of(String reason) {
    for (Stage stage : values()) {
      if (stage != PROBATION && stage.said.matcher(reason).find()) {
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
