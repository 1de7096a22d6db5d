package redoubt.agent.process;

import java.io.IOException;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import redoubt.agent.bounded.BoundedMap;
import redoubt.core.linux.KernelFile;

/// Which container a process is in, by the names that runtimes give to its control groups. Not
/// thread-safe; remembers what it has found for a group, so that nothing is read of most processes.
///
/// Source: the folders that Docker, containerd, CRI-O and Podman make (64 hexadecimal digits), LXC
/// (`lxc.payload.NAME`) and systemd-nspawn (`machine-NAME.scope`), with both versions of control
/// groups.
public final class ContainerNames {
  private static final int MOST = 1_024;
  private static final int LONGEST = 64;
  private static final Pattern CONTAINER =
      Pattern.compile(
          "(?:^|[/-])(?:([0-9a-f]{64})(?:\\.scope)?(?=/|$)"
              + "|lxc(?:\\.payload[./]|/)([^/\\n]+)"
              + "|machine-([^/\\n]+)\\.scope(?=/|$))",
          Pattern.MULTILINE);

  private final Map<Long, String> byGroup = BoundedMap.forgettingUnused(MOST);

  /// Knows nothing yet.
  public ContainerNames() {}

  /// The container's id; empty if the process is in none that is known.
  ///
  /// @param cgroupId the process's group in the unified hierarchy, 0 if unknown
  public String of(int pid, long cgroupId) {
    String known = cgroupId == 0 ? null : byGroup.get(cgroupId);
    if (known != null) {
      return known;
    }
    String found;
    try {
      found = parse(KernelFile.read("/proc/" + pid + "/cgroup"));
    } catch (IOException _) {
      return ""; // It has ended.
    }
    if (cgroupId != 0) {
      byGroup.put(cgroupId, found);
    }
    return found;
  }

  /// @param groups a `/proc/PID/cgroup`
  static String parse(String groups) {
    Matcher matcher = CONTAINER.matcher(groups);
    if (!matcher.find()) {
      return "";
    }
    for (int i = 1; i <= matcher.groupCount(); i++) {
      if (matcher.group(i) != null) {
        return matcher.group(i).substring(0, Math.min(LONGEST, matcher.group(i).length()));
      }
    }
    return "";
  }
}
