package redoubt.agent.hook;

import redoubt.core.model.FileIdentity;

/// What the kernel says of a file at one moment: a mutable holder, so that the answer path fills it
/// without allocating. Not thread-safe.
public final class FileFacts {
  private long device;
  private long inode;
  private long changeNanos;
  private long modifyNanos;
  private long birthNanos;
  private long sizeBytes;
  private boolean regular;
  private boolean privileged;
  private boolean cacheable;

  /// Holds nothing yet: an irregular file without identity.
  public FileFacts() {}

  /// Sets every field at once.
  ///
  /// @param privileged whether only root may write the file, by its owner and mode
  /// @param cacheable whether the file system keeps change times on which a cache may rely
  public void set(
      long device,
      long inode,
      long changeNanos,
      long modifyNanos,
      long birthNanos,
      long sizeBytes,
      boolean regular,
      boolean privileged,
      boolean cacheable) {
    this.device = device;
    this.inode = inode;
    this.changeNanos = changeNanos;
    this.modifyNanos = modifyNanos;
    this.birthNanos = birthNanos;
    this.sizeBytes = sizeBytes;
    this.regular = regular;
    this.privileged = privileged;
    this.cacheable = cacheable;
  }

  public long device() {
    return device;
  }

  public long inode() {
    return inode;
  }

  public long changeNanos() {
    return changeNanos;
  }

  public long birthNanos() {
    return birthNanos;
  }

  public long sizeBytes() {
    return sizeBytes;
  }

  /// Whether the file is a regular one; nothing else is judged.
  public boolean regular() {
    return regular;
  }

  /// Whether only root may write the file, by its owner and mode.
  public boolean privileged() {
    return privileged;
  }

  /// Whether a verdict on this file may be kept: its file system keeps change times.
  public boolean cacheable() {
    return cacheable;
  }

  /// Whether these facts are of the same content as `identity`.
  public boolean matches(FileIdentity identity) {
    return inode == identity.inode()
        && device == identity.device()
        && changeNanos == identity.changeNanos()
        && modifyNanos == identity.modifyNanos()
        && birthNanos == identity.birthNanos()
        && sizeBytes == identity.sizeBytes();
  }

  /// Returns the identity as a value; allocates.
  public FileIdentity identity() {
    return new FileIdentity(device, inode, changeNanos, modifyNanos, birthNanos, sizeBytes);
  }
}
