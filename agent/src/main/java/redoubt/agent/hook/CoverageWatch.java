package redoubt.agent.hook;

import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import redoubt.core.linux.Descriptors;
import redoubt.core.linux.FanotifyGroup;
import redoubt.core.linux.FanotifyMountReader;
import redoubt.core.linux.LinuxException;
import redoubt.core.linux.MarkScope;
import redoubt.core.linux.MountWatch;
import redoubt.core.linux.Poller;

/// Follows mounts as they appear, in the agent's mount namespace and in every other from which a
/// process has executed something, and has them covered.
///
/// Where the kernel tells of mounts (`FAN_REPORT_MNT`) the watch sleeps until one appears;
/// elsewhere it looks again at another namespace when a process in it executes something. One
/// thread runs [#followOwnMounts], another [#followNamespaces]; [#executed] may be called by any
/// thread.
public final class CoverageWatch {
  private static final int MOUNT_EVENTS = 1;
  private static final int NEW_PROCESSES = 2;
  private static final int MOST_NAMESPACES = 256;
  private static final int BATCH = 64;

  /// How often at most a namespace is looked at again because of its processes.
  private static final long AGAIN_NANOS = 500_000_000L;

  private final Coverage coverage;
  private final ExecutedProcesses executed = new ExecutedProcesses();
  private final Map<String, Namespace> namespaces = new LinkedHashMap<>();
  private final String own = Descriptors.readLink("/proc/self/ns/mnt");
  private final @Nullable FanotifyGroup mountEvents = openMountEvents();

  /// A mount namespace, one of the processes in it, and when its mounts were last looked at.
  private record Namespace(int pid, long lookedNanos) {}

  public CoverageWatch(Coverage coverage) {
    this.coverage = coverage;
  }

  /// A process was let execute something; if its mount namespace is new, its mounts are covered.
  public void executed(int pid) {
    if (coverage.isLimited() || pid <= 0) {
      return;
    }
    executed.add(pid);
  }

  /// Covers what is mounted in the agent's own namespace, as long as the thread is not interrupted.
  public void followOwnMounts() {
    if (coverage.isLimited()) {
      return;
    }
    try (MountWatch watch = MountWatch.open("/proc/self/mountinfo")) {
      coverage.markAll("/proc/self/mountinfo", ""); // what came before the watch
      while (!Thread.currentThread().isInterrupted()) {
        if (watch.await(-1)) {
          coverage.markAll("/proc/self/mountinfo", "");
        }
      }
    }
  }

  /// Covers what is mounted in other namespaces, as long as the thread is not interrupted.
  public void followNamespaces() {
    if (coverage.isLimited()) {
      return;
    }
    FanotifyGroup events = mountEvents;
    try (Poller poller = Poller.open();
        Poller.Wait wait = poller.openWait(2);
        FanotifyMountReader reader =
            events == null ? null : new FanotifyMountReader(events, BATCH)) {
      poller.add(executed.descriptor(), NEW_PROCESSES);
      if (events != null) {
        poller.add(events.descriptor(), MOUNT_EVENTS);
      }
      while (!Thread.currentThread().isInterrupted()) {
        int ready = wait.await(-1);
        for (int i = 0; i < ready; i++) {
          handle(wait.token(i), reader);
        }
      }
    }
  }

  private void handle(int token, @Nullable FanotifyMountReader reader) {
    if (token == MOUNT_EVENTS && reader != null) {
      int count = reader.read();
      while (count > 0) {
        count = reader.read();
      }
      lookAtNamespaces();
      return;
    }
    executed.takeAll(this::meet);
  }

  private void meet(int pid) {
    String namespace = namespaceOf(pid);
    if (namespace.isEmpty() || namespace.equals(own)) {
      return;
    }
    Namespace known = namespaces.get(namespace);
    // The number of a namespace that has ended is given again: a process in it tells them apart.
    if (known == null || !namespaceOf(known.pid()).equals(namespace)) {
      forgetOldest();
      if (subscribe(pid)) {
        look(namespace, pid);
      }
    } else if (mountEvents == null && System.nanoTime() - known.lookedNanos() > AGAIN_NANOS) {
      look(namespace, pid);
    }
  }

  private void look(String namespace, int pid) {
    namespaces.put(namespace, new Namespace(pid, System.nanoTime()));
    cover(pid);
  }

  private void cover(int pid) {
    try {
      coverage.markAll("/proc/" + pid + "/mountinfo", "/proc/" + pid + "/root");
    } catch (LinuxException | UncheckedIOException _) {
      // The process has ended; the next one of its namespace shows the same mounts.
    }
  }

  private void lookAtNamespaces() {
    for (Map.Entry<String, Namespace> entry : Map.copyOf(namespaces).entrySet()) {
      int pid = entry.getValue().pid();
      if (namespaceOf(pid).equals(entry.getKey())) {
        look(entry.getKey(), pid);
      } else {
        namespaces.remove(entry.getKey());
      }
    }
  }

  private static String namespaceOf(int pid) {
    return Descriptors.readLink("/proc/" + pid + "/ns/mnt");
  }

  private void forgetOldest() {
    if (namespaces.size() >= MOST_NAMESPACES) {
      Iterator<String> oldest = namespaces.keySet().iterator();
      oldest.next();
      oldest.remove();
    }
  }

  private static @Nullable FanotifyGroup openMountEvents() {
    try {
      return FanotifyGroup.openMounts();
    } catch (LinuxException _) {
      return null;
    }
  }

  /// @return false if the process has ended meanwhile: the next of its namespace tries again
  private boolean subscribe(int pid) {
    FanotifyGroup events = mountEvents;
    if (events == null) {
      return true;
    }
    try {
      events.mark(
          MarkScope.MOUNT_NAMESPACE, FanotifyGroup.FAN_MNT_ATTACH, "/proc/" + pid + "/ns/mnt");
      return true;
    } catch (LinuxException _) {
      return false;
    }
  }
}
