package redoubt.core.linux;

import java.lang.foreign.Arena;

/// A mounted file system that is in no mount namespace: only its descriptor leads to it, and it is
/// gone when that is closed (`fsopen`, Linux 5.2).
///
/// May be shared by threads; none may use it after [#close()].
public final class DetachedMount implements AutoCloseable {
  private static final int FSOPEN_CLOEXEC = 1;
  private static final int FSCONFIG_SET_STRING = 1;
  private static final int FSCONFIG_CMD_CREATE = 6;
  private static final int FSMOUNT_CLOEXEC = 1;
  private static final int MOUNT_ATTR_NOSUID_NODEV_NOEXEC = 0x2 | 0x4 | 0x8;
  private static final int MOVE_MOUNT_F_EMPTY_PATH = 0x4;
  private static final int CLONE_NEWNS = 0x20000;
  private static final int MS_REC = 0x4000;
  private static final int MS_PRIVATE = 0x40000;
  private static final int O_WRONLY_CREATE = 0x1 | 0x40;
  private static final int DIRECTORY_MODE = 0700;
  private static final int FILE_MODE = 0600;
  private static final String UPPER_LAYER = "upper";
  private static final String LOWER_LAYER = "lower";

  private final OwnedDescriptor descriptor;

  private DetachedMount(int descriptor) {
    this.descriptor = new OwnedDescriptor(descriptor);
  }

  /// An empty file system in memory.
  ///
  /// @throws LinuxException ENOSYS before Linux 5.2, EPERM without `CAP_SYS_ADMIN`
  public static DetachedMount tmpfs() {
    return mount("tmpfs", "source", "redoubt");
  }

  /// The kernel's tracing.
  ///
  /// @throws LinuxException ENODEV without it, EPERM without `CAP_SYS_ADMIN` or where it is locked
  ///   away
  static DetachedMount tracefs() {
    return mount("tracefs", "source", "redoubt");
  }

  /// A read-only overlay of two new directories of `layers`, `upper` over `lower`.
  ///
  /// @throws LinuxException EINVAL on kernels (before Linux 6.15) that want the layers to be in a
  ///   mount namespace, ENODEV without overlayfs
  public static DetachedMount overlay(DetachedMount layers) {
    layers.makeDirectory(UPPER_LAYER);
    layers.makeDirectory(LOWER_LAYER);
    String root = "/proc/self/fd/" + layers.descriptor.number() + "/";
    return mount("overlay", "lowerdir", root + UPPER_LAYER + ":" + root + LOWER_LAYER);
  }

  private static DetachedMount mount(String type, String option, String value) {
    try (Arena arena = Arena.ofConfined()) {
      String details = "type=" + type;
      int context =
          SystemCall.FSOPEN.require(
              SystemCall.FSOPEN.call(CString.allocate(arena, type).address(), FSOPEN_CLOEXEC),
              details);
      try {
        long key = CString.allocate(arena, option).address();
        long setting = CString.allocate(arena, value).address();
        SystemCall.FSCONFIG.require(
            SystemCall.FSCONFIG.call(context, FSCONFIG_SET_STRING, key, setting, 0), details);
        SystemCall.FSCONFIG.require(
            SystemCall.FSCONFIG.call(context, FSCONFIG_CMD_CREATE, 0, 0, 0), details);
        return new DetachedMount(
            SystemCall.FSMOUNT.require(
                SystemCall.FSMOUNT.call(context, FSMOUNT_CLOEXEC, MOUNT_ATTR_NOSUID_NODEV_NOEXEC),
                details));
      } finally {
        Descriptors.close(context);
      }
    }
  }

  /// The root directory, as a place (`O_PATH`).
  public int descriptor() {
    return descriptor.number();
  }

  /// Puts the mount into a mount namespace of the calling thread's own, over `/tmp`, where no other
  /// thread or process sees it. The namespace is gone when the thread has ended and the descriptors
  /// that lead into it are closed.
  ///
  /// Only for a platform thread that ends soon afterwards: it sees the host's mounts as they are
  /// now, and not what changes later.
  ///
  /// @throws LinuxException EPERM without `CAP_SYS_ADMIN`
  void attachToOwnNamespace() {
    try (Arena arena = Arena.ofConfined()) {
      SystemCall.UNSHARE.require(SystemCall.UNSHARE.call(CLONE_NEWNS), "namespace=mount");
      // first of all, or the next step would be copied to the host's namespace
      long root = CString.allocate(arena, "/").address();
      SystemCall.MOUNT.require(SystemCall.MOUNT.call(0, root, 0, MS_REC | MS_PRIVATE, 0), "path=/");
      long empty = CString.allocate(arena, "").address();
      long place = CString.allocate(arena, "/tmp").address();
      SystemCall.MOVE_MOUNT.require(
          SystemCall.MOVE_MOUNT.call(
              descriptor.number(), empty, Descriptors.AT_FDCWD, place, MOVE_MOUNT_F_EMPTY_PATH),
          "path=/tmp");
    }
  }

  /// Makes a directory.
  ///
  /// @param path relative to the root
  void makeDirectory(String path) {
    try (Arena arena = Arena.ofConfined()) {
      SystemCall.MKDIRAT.require(
          SystemCall.MKDIRAT.call(
              descriptor.number(), CString.allocate(arena, path).address(), DIRECTORY_MODE),
          "path=" + path);
    }
  }

  /// Makes an empty file in the lower layer of an overlay over this mount.
  void makeLowerFile(String name) {
    Descriptors.close(open(LOWER_LAYER + "/" + name, O_WRONLY_CREATE));
  }

  /// Opens a file for reading and closes it.
  ///
  /// @param path relative to the root
  void touch(String path) {
    Descriptors.close(open(path, 0));
  }

  private int open(String path, int flags) {
    try (Arena arena = Arena.ofConfined()) {
      return SystemCall.OPENAT.require(
          SystemCall.OPENAT.call(
              descriptor.number(),
              CString.allocate(arena, path).address(),
              flags | Descriptors.O_CLOEXEC,
              FILE_MODE),
          "path=" + path);
    }
  }

  /// Lets the file system go; files still open in it stay usable.
  @Override
  public void close() {
    descriptor.close();
  }
}
