package redoubt.agent.kernel;

/// What the owner wants to be done about code in the kernel that did not come with it.
public enum KernelMeasure {
  /// Such code is reported when it appears.
  ALERT,
  /// Nobody opens a file that has a module's name, on no file system that is covered.
  DENY,
  /// Once the host has booted, the kernel takes no more modules until the next boot.
  LOCK
}
