package redoubt.testing.drills;

/// An outage that happened, as a bundle for the engine `drill`, or of the platform itself, and what
/// happens on the host once it is in force. Immutable.
///
/// @param name by which it is asked for
/// @param outage what happened, to whom and when
/// @param stage where it is to be stopped
/// @param form how the bundle is made
/// @param content what the engine is to do beside its rules, or the agent first; `@SCRATCH` stands
///   for the place of the drill, `@DAY+N` for the beginning of the day in so many days
/// @param then what happens once it is in force
public record Drill(String name, String outage, Stage stage, Form form, String content, Then then) {
  /// How a bundle is made.
  public enum Form {
    /// With vectors that show each of its rules and that nothing else is meant.
    CAREFUL,
    /// With vectors that show what it finds, and none that shows what it leaves alone.
    CARELESS,
    /// For another version of its engine.
    OTHER_SCHEMA,
    /// The last part of the file is missing.
    HALF_WRITTEN,
    /// A release of the platform itself.
    RELEASE,
    /// From a repository: with the vendor's signature, whose key was stolen, and no trial runner's.
    STOLEN_VENDOR_KEY,
    /// From a repository that nobody has renewed in time.
    EXPIRED,
    /// From a repository of which the newest state is signed with a key that was taken out.
    RETIRED_KEY,
    /// From a mirror that shows an older state, in which it was not yet withdrawn.
    OLDER_STATE;

    /// Whether it comes from a repository, for whose signatures it is.
    boolean isForged() {
      return compareTo(STOLEN_VENDOR_KEY) >= 0;
    }
  }

  /// What happens on the host once it is in force.
  public enum Then {
    /// What happens all the time: programs start that start there all the time.
    WORK,
    /// The same, until the day comes that its content is about.
    ITS_DAY,
    /// A program starts that never did before.
    NEW_PROGRAM,
    /// Many programs start that never did before.
    NEW_PROGRAMS,
    /// The agent dies, twice, before the host has settled.
    AGENT_DIES
  }
}
