package redoubt.core.linux;

/// Tells when the mount table of a mount namespace has changed, on any kernel.
///
/// One thread waits; another may not close it meanwhile.
public final class MountWatch implements AutoCloseable {
  private final OwnedDescriptor descriptor;

  private MountWatch(int descriptor) {
    this.descriptor = new OwnedDescriptor(descriptor);
  }

  /// Watches from now on.
  ///
  /// @param mountinfoPath such as `/proc/self/mountinfo`; the namespace is that of the process now,
  ///   and stays watched after it ended
  /// @throws LinuxException ENOENT and others if it cannot be opened
  public static MountWatch open(String mountinfoPath) {
    int descriptor = Descriptors.openReadOnly(mountinfoPath);
    return new MountWatch(SystemCall.OPENAT.require(descriptor, "path=" + mountinfoPath));
  }

  /// Waits until something was mounted, unmounted or moved since the last call that returned true.
  ///
  /// @param timeoutMillis how long at most; 0 asks only, -1 waits for ever
  /// @return whether something changed
  public boolean await(int timeoutMillis) {
    return DescriptorWait.await(descriptor.number(), DescriptorWait.POLLPRI, timeoutMillis) > 0;
  }

  @Override
  public void close() {
    descriptor.close();
  }
}
