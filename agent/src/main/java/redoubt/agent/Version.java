package redoubt.agent;

/// The version of this build, as the build put it into the module.
final class Version {
  private Version() {}

  static String text() {
    Module module = Version.class.getModule();
    return module.isNamed() ? module.getDescriptor().rawVersion().orElse("unknown") : "unknown";
  }
}
