package redoubt.core.linux;

import java.io.IOException;
import java.util.Optional;

/// What this kernel offers to this process. An absent feature, or one that this process may not
/// use, is an answer.
///
/// @param release the kernel's release, such as `6.12.9-amd64`
/// @param permissionEvents whether openers can be held until answered
/// @param pidfdReports whether permission events carry a pidfd (Linux 5.15)
/// @param descriptorErrors whether they say why a file could not be opened for us (Linux 6.13)
/// @param nameEvents whether creation, deletion and renames are reported by name (Linux 5.17)
/// @param mountEvents whether mounts are reported (Linux 6.15)
/// @param ignoreMarks whether files can be ignored without pinning them (Linux 6.0)
/// @param processInfo whether a pidfd tells parent, users and cgroup (Linux 6.13)
/// @param uniquePidfds whether a pidfd's inode names the process for the whole boot (Linux 6.9)
/// @param procConnector whether process events can be listened to
/// @param overlayLowerEvents whether an open through an overlay raises an event below it; empty if
///   that could not be tried
/// @param landlockAbi the version of Landlock, empty if it is off
/// @param ioUring whether this process may use io_uring
/// @param memfdNoexec the sysctl `vm.memfd_noexec` (0 to 2), empty if the kernel has none
/// @param watchdogSeconds the sysctl `fs.fanotify.watchdog_timeout`, empty if the kernel has none
public record KernelFeatures(
    String release,
    boolean permissionEvents,
    boolean pidfdReports,
    boolean descriptorErrors,
    boolean nameEvents,
    boolean mountEvents,
    boolean ignoreMarks,
    boolean processInfo,
    boolean uniquePidfds,
    boolean procConnector,
    Optional<Boolean> overlayLowerEvents,
    Optional<Integer> landlockAbi,
    boolean ioUring,
    Optional<Integer> memfdNoexec,
    Optional<Integer> watchdogSeconds) {

  private static final int LANDLOCK_CREATE_RULESET_VERSION = 1;
  private static final int PROC_CONNECTOR_BYTES = 64 * 1024;

  /// Tries each feature on objects of our own that no other process can reach, so nobody is ever
  /// held up. Takes milliseconds; opens files and descriptors.
  public static KernelFeatures probe() {
    return new KernelFeatures(
        System.getProperty("os.version", ""),
        offers(KernelFeatures::tryPermissionMark),
        reports(FanotifyGroup::reportsPidfd),
        reports(FanotifyGroup::reportsDescriptorErrors),
        offers(() -> FanotifyGroup.openNames(true).close()),
        offers(() -> FanotifyGroup.openMounts().close()),
        offers(KernelFeatures::tryIgnoreMark),
        hasProcessInfo(),
        hasUniquePidfds(),
        offers(() -> ProcConnector.open(PROC_CONNECTOR_BYTES).close()),
        OverlayProbe.lowerEventsReported(),
        landlock(),
        hasIoUring(),
        readSetting("/proc/sys/vm/memfd_noexec"),
        readSetting("/proc/sys/fs/fanotify/watchdog_timeout"));
  }

  /// One thing to try.
  private interface Trial {
    void run();
  }

  private interface Question {
    boolean ask(FanotifyGroup group);
  }

  private static boolean offers(Trial trial) {
    try {
      trial.run();
      return true;
    } catch (LinuxException _) {
      return false;
    }
  }

  private static boolean reports(Question question) {
    try (FanotifyGroup group = FanotifyGroup.openPermission()) {
      return question.ask(group);
    } catch (LinuxException _) {
      return false;
    }
  }

  /// A kernel built without permission events takes the group and refuses the mark.
  private static void tryPermissionMark() {
    try (FanotifyGroup group = FanotifyGroup.openPermission()) {
      withMemory(file -> {
        group.mark(MarkScope.INODE, FanotifyGroup.FAN_OPEN_PERM, file, "");
        group.mark(MarkScope.INODE, FanotifyGroup.FAN_OPEN_EXEC_PERM, file, "");
      });
    }
  }

  private static void tryIgnoreMark() {
    try (FanotifyGroup group = FanotifyGroup.openNotification()) {
      withMemory(file ->
          SystemCall.FANOTIFY_MARK.require(
              group.ignoreEvictable(file, FanotifyGroup.FAN_OPEN), "flags=evictable"));
    }
  }

  private static void withMemory(java.util.function.IntConsumer use) {
    int file = Descriptors.sealedMemory("redoubt-probe", new byte[0]);
    try {
      use.accept(file);
    } finally {
      Descriptors.close(file);
    }
  }

  private static boolean hasProcessInfo() {
    try (Pidfd self = openSelf();
        ProcessStatus status = new ProcessStatus()) {
      return status.load(self.descriptor()) == 0;
    } catch (LinuxException _) {
      return false;
    }
  }

  private static boolean hasUniquePidfds() {
    try (Pidfd self = openSelf()) {
      return self.uniqueId() != 0;
    } catch (LinuxException _) {
      return false;
    }
  }

  private static Pidfd openSelf() {
    return Pidfd.open((int) ProcessHandle.current().pid()).orElseThrow();
  }

  private static Optional<Integer> landlock() {
    int version = SystemCall.LANDLOCK_CREATE_RULESET.call(0, 0, LANDLOCK_CREATE_RULESET_VERSION);
    return version > 0 ? Optional.of(version) : Optional.empty();
  }

  /// Without parameters the call fails with EFAULT where it exists and may be used.
  private static boolean hasIoUring() {
    return SystemCall.IO_URING_SETUP.call(1, 0) == -Errno.EFAULT;
  }

  private static Optional<Integer> readSetting(String path) {
    try {
      return Optional.of(Integer.parseInt(KernelFile.read(path).strip()));
    } catch (IOException | NumberFormatException _) {
      return Optional.empty();
    }
  }
}
