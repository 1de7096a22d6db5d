package redoubt.core.content;

import redoubt.core.model.EngineId;
import redoubt.core.model.Sha256;

/// What makes a bundle one of the platform itself: agent, engines and command, as a release that
/// takes the place of another.
///
/// Its content is a tar archive of an installation, its vectors are none: each host tries a release
/// by letting it protect a file system of its own.
public final class PlatformRelease {
  /// What stands in the engine's place.
  public static final EngineId ENGINE = new EngineId("platform");

  /// What the supervisor and a release expect of each other; changes when that does.
  public static final String SCHEMA = Sha256.ofText("redoubt platform 1").toString();

  /// The file in a release that has the digest of the bundle that it came in.
  public static final String DIGEST_FILE = "release";

  /// The file in the run directory that names the home of the release that protects.
  public static final String PROTECTING_FILE = "protecting";

  private PlatformRelease() {}
}
