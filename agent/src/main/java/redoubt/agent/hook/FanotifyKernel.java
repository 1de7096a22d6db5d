package redoubt.agent.hook;

import java.lang.foreign.MemorySegment;
import java.util.function.IntToLongFunction;
import redoubt.core.linux.Descriptors;
import redoubt.core.linux.FanotifyGroup;
import redoubt.core.linux.FanotifyReader;
import redoubt.core.linux.FanotifyResponder;
import redoubt.core.linux.FileLease;
import redoubt.core.linux.FileStatus;
import redoubt.core.linux.LinuxException;
import redoubt.core.linux.MarkScope;
import redoubt.core.linux.Pidfd;
import redoubt.core.linux.Poller;
import redoubt.core.linux.ProcessStatus;
import redoubt.core.linux.Signals;
import redoubt.core.model.EventClass;

/// The Linux kernel through one fanotify group.
///
/// In permission mode operations wait for [#answer]; in observe mode they have already happened,
/// and answers go nowhere. The group belongs to its [HookThreads]: they alone read and answer.
public final class FanotifyKernel implements Kernel {
  private static final int BATCH = 64;
  private static final int WRITABLE_BY_OTHERS = 0022;

  private static final IntToLongFunction UNIQUE_ID = ProcessStatus::uniqueId;

  private final HookThreads threads;
  private final FanotifyGroup group;
  private final boolean permission;
  private final Poller poller;
  private final KeptTimes keptTimes = new KeptTimes();
  private final ThreadLocal<FanotifyResponder> responders;

  /// Kept, because to free memory that threads share the virtual machine stops each of them.
  private final ThreadLocal<FileStatus> statuses = ThreadLocal.withInitial(FileStatus::new);

  private FanotifyKernel(HookThreads threads, FanotifyGroup group, boolean permission) {
    this.threads = threads;
    this.group = group;
    this.permission = permission;
    this.poller = Poller.open();
    this.responders = ThreadLocal.withInitial(() -> new FanotifyResponder(group));
    poller.addEdge(group.descriptor(), 0);
  }

  /// Opens a group. Nothing waits before the first mark.
  ///
  /// @param threads those that will read from it
  /// @param permission whether operations wait for answers; else it only tells what happened
  /// @throws LinuxException if the kernel refuses, or has no permission events
  public static FanotifyKernel open(HookThreads threads, boolean permission) {
    return threads.call(() ->
        new FanotifyKernel(
            threads,
            permission ? FanotifyGroup.openPermission() : FanotifyGroup.openNotification(),
            permission));
  }

  /// The threads that have the hook.
  public HookThreads threads() {
    return threads;
  }

  /// Whether operations wait.
  public boolean isPermission() {
    return permission;
  }

  /// Covers the whole file system that `path` is on, whichever mount and namespace it is reached
  /// by. The calling thread looks up the path, for as long as the file system takes.
  ///
  /// @throws LinuxException if the file system cannot be marked
  public void markFileSystem(String path, boolean opens) {
    mark(MarkScope.FILESYSTEM, path, opens);
  }

  /// Covers one file.
  public void markFile(String path, boolean opens) {
    mark(MarkScope.INODE, path, opens);
  }

  private void mark(MarkScope scope, String path, boolean opens) {
    int place = Descriptors.openPath(path);
    if (place < 0) {
      throw new LinuxException("open", -place, "path=" + path);
    }
    try {
      threads.call(() -> {
        int brought = threads.bring(place);
        try {
          group.mark(scope, mask(opens), Descriptors.link(brought));
          return brought;
        } finally {
          Descriptors.close(brought);
        }
      });
    } catch (LinuxException e) {
      throw new LinuxException(e.call(), e.errno(), "path=" + path);
    } finally {
      Descriptors.close(place);
    }
  }

  private long mask(boolean opens) {
    if (permission) {
      return FanotifyGroup.FAN_OPEN_EXEC_PERM | (opens ? FanotifyGroup.FAN_OPEN_PERM : 0);
    }
    return FanotifyGroup.FAN_OPEN_EXEC | (opens ? FanotifyGroup.FAN_OPEN : 0);
  }

  @Override
  public EventSource openSource() {
    return new Source();
  }

  @Override
  public int answer(int descriptor, boolean allow) {
    return permission ? responders.get().answer(descriptor, allow) : 0;
  }

  @Override
  public void release(int descriptor) {
    if (descriptor >= 0) {
      Descriptors.close(descriptor);
    }
  }

  @Override
  public int describeFile(int descriptor, FileFacts into) {
    return describe(statuses.get(), descriptor, into);
  }

  private int describe(FileStatus status, int descriptor, FileFacts into) {
    int result = status.load(descriptor);
    if (result >= 0) {
      into.set(
          status.device(),
          status.inode(),
          status.changeNanos(),
          status.modifyNanos(),
          status.birthNanos(),
          status.sizeBytes(),
          status.isRegular(),
          status.uid() == 0 && (status.mode() & WRITABLE_BY_OTHERS) == 0,
          keptTimes.on(status.device(), descriptor));
    }
    return result;
  }

  @Override
  public int takeLease(int descriptor) {
    return FileLease.take(descriptor);
  }

  @Override
  public boolean leaseHeld(int descriptor) {
    return FileLease.held(descriptor);
  }

  @Override
  public void releaseLease(int descriptor) {
    FileLease.release(descriptor);
  }

  @Override
  public int read(int descriptor, MemorySegment into, long offset) {
    return Descriptors.pread(descriptor, into, offset);
  }

  @Override
  public String path(int descriptor) {
    return Descriptors.readLink(descriptor);
  }

  @Override
  public String image(int pid) {
    return Descriptors.readLink("/proc/" + pid + "/exe");
  }

  @Override
  public int kill(int pidfd) {
    return Pidfd.signal(pidfd, Signals.SIGKILL);
  }

  /// Lets everybody go on at once. The group's number stays taken, because reading threads may
  /// still be using it, until the process ends.
  @Override
  public void close() {
    threads.call(() -> {
      group.letGo();
      return permission;
    });
  }

  /// One reading thread's buffers.
  private final class Source implements EventSource {
    private final FanotifyReader reader = new FanotifyReader(group, BATCH);
    private final Poller.Wait wait = poller.openWait(1);
    private final FileStatus file = new FileStatus();
    private final ProcessStatus process = new ProcessStatus();

    @Override
    public boolean await(int timeoutMillis) {
      return wait.await(timeoutMillis) > 0;
    }

    @Override
    public int read(int most) {
      return reader.read(Math.min(most, BATCH));
    }

    @Override
    public boolean isOverflow(int i) {
      return (reader.mask(i) & FanotifyGroup.FAN_Q_OVERFLOW) != 0;
    }

    @Override
    public EventClass eventClass(int i) {
      long exec = FanotifyGroup.FAN_OPEN_EXEC_PERM | FanotifyGroup.FAN_OPEN_EXEC;
      return (reader.mask(i) & exec) != 0 ? EventClass.EXEC : EventClass.OPEN;
    }

    @Override
    public int descriptor(int i) {
      return reader.descriptor(i);
    }

    @Override
    public int pidfd(int i) {
      return reader.pidfd(i);
    }

    @Override
    public int pid(int i) {
      return reader.pid(i);
    }

    @Override
    public void describe(int i, Operation into) {
      into.setThreads(threads);
      FanotifyKernel.this.describe(file, reader.descriptor(i), into.file());
      int pidfd = reader.pidfd(i);
      if (pidfd >= 0 && process.load(pidfd) >= 0) {
        into.setProcess(
            UNIQUE_ID,
            process.parentPid(),
            process.uid(),
            process.gid(),
            process.effectiveUid(),
            process.cgroupId());
      }
    }

    @Override
    public void close() {
      wait.close();
      reader.close();
      file.close();
      process.close();
    }
  }
}
