package redoubt.agent;

/// The version of this build.
final class Version {
  private static final String DEVELOPMENT = "0.1.0-dev";

  private Version() {}

  static String text() {
    return java.util.Objects.requireNonNullElse(
        Version.class.getPackage().getImplementationVersion(), DEVELOPMENT);
  }
}
