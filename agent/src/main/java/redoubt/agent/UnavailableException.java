package redoubt.agent;

import redoubt.agent.hook.Coverage;

/// The host does not offer what the agent needs; starting it again would not help.
final class UnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnavailableException(String message) {
    super(message);
  }

  /// A kernel without permission events takes the group and refuses every mark. Better to say so
  /// and end than to seem to protect.
  ///
  /// @throws UnavailableException if nothing is covered
  static void unless(Coverage coverage) {
    if (coverage.fileSystems().stream().noneMatch(Coverage.FileSystem::covered)) {
      throw new UnavailableException(
          "no file system could be covered: redoubt doctor says why; --observe-only may still work");
    }
  }
}
