package redoubt.cli;

import java.util.ArrayList;
import java.util.List;
import redoubt.core.linux.Conflicts;
import redoubt.core.linux.KernelFeatures;

/// What the doctor says of the kernel and of other products that hook it.
final class KernelChecks {
  private KernelChecks() {}

  /// @param agentPid our own agent, which is no conflict; 0 if none runs
  static List<Check> run(int agentPid) {
    KernelFeatures kernel = KernelFeatures.probe();
    List<Check> checks = new ArrayList<>();
    checks.add(Check.ok("kernel", kernel.release()));
    checks.add(permissionEvents(kernel));
    if (kernel.permissionEvents()) {
      checks.addAll(details(kernel));
    }
    checks.add(behaviour(kernel));
    checks.add(memfd(kernel));
    checks.add(watchdog(kernel));
    checks.addAll(conflicts(agentPid));
    return checks;
  }

  private static Check permissionEvents(KernelFeatures kernel) {
    if (kernel.permissionEvents()) {
      return Check.ok("blocking", "operations can be held until they are judged");
    }
    if (!ProcessUser.isRoot()) {
      return Check.warn(
          "blocking", "cannot be tried without root", "run the doctor as root to know");
    }
    return Check.fail(
        "blocking",
        "this kernel offers no permission events (CONFIG_FANOTIFY_ACCESS_PERMISSIONS)",
        "nothing can be denied on this kernel or in this container; events can be watched only");
  }

  private static List<Check> details(KernelFeatures kernel) {
    return List.of(
        Check.expect(
            kernel.pidfdReports(),
            "identity",
            "events name the process beyond doubt (pidfd)",
            "events name processes by number only",
            "a process id that is used again can be mistaken; Linux 5.15 ends that"),
        Check.expect(
            kernel.processInfo() && kernel.uniquePidfds(),
            "process",
            "user, parent and cgroup come with the pidfd",
            "user, parent and cgroup must be read from /proc",
            "a process that ends early may lack them in its record; Linux 6.13 ends that"),
        Check.expect(
            kernel.descriptorErrors(),
            "descriptors",
            "a file that cannot be opened for judging is reported one by one",
            "one file that cannot be opened hides the rest of a read",
            "such operations are denied by the kernel itself and only counted; Linux 6.13 helps"),
        Check.expect(
            kernel.mountEvents(),
            "mounts",
            "new file systems are reported at once",
            "new file systems are found by watching the mount table",
            "a new file system is judged a moment later; Linux 6.14 ends that"),
        overlay(kernel));
  }

  private static Check overlay(KernelFeatures kernel) {
    return kernel
        .overlayLowerEvents()
        .map(below ->
            Check.ok(
                "containers",
                below
                    ? "what runs on an overlay is judged through its layers"
                    : "overlays are marked one by one"))
        .orElseGet(() ->
            Check.warn(
                "containers",
                "overlays could not be tried",
                "what runs on an overlay may be judged twice or, in new ones, late"));
  }

  private static Check behaviour(KernelFeatures kernel) {
    return Check.expect(
        kernel.procConnector(),
        "behaviour",
        "processes can be followed (proc connector)",
        "processes cannot be followed",
        ProcessUser.isRoot()
            ? "--rules and engines for behaviour hear nothing: that needs CONFIG_PROC_EVENTS and the"
                + " initial namespaces"
            : "run the doctor as root to know");
  }

  private static Check memfd(KernelFeatures kernel) {
    int setting = kernel.memfdNoexec().orElse(0);
    return Check.expect(
        setting > 0,
        "memory files",
        "vm.memfd_noexec=" + setting,
        "programs can run from memory files, which raise no event",
        "to close that: sysctl vm.memfd_noexec=1, or 2 to forbid it outright");
  }

  private static Check watchdog(KernelFeatures kernel) {
    return kernel
        .watchdogSeconds()
        .map(seconds -> Check.ok("watchdog", "fs.fanotify.watchdog_timeout=" + seconds))
        .orElse(Check.ok("watchdog", "this kernel has none; ours does not depend on it"));
  }

  private static List<Check> conflicts(int agentPid) {
    List<Check> checks = new ArrayList<>();
    for (Conflicts.Owner owner : Conflicts.find()) {
      if (owner.pid() != agentPid) {
        checks.add(
            Check.warn(
                "conflict",
                owner.comm() + " (pid " + owner.pid() + ") holds operations up too",
                "the kernel asks one after the other, and two such products can stop a host;"
                    + " keep one of them"));
      }
    }
    if (checks.isEmpty()) {
      checks.add(
          ProcessUser.isRoot()
              ? Check.ok("conflict", "no other product holds operations up")
              : Check.warn(
                  "conflict",
                  "other users' processes cannot be looked at",
                  "run the doctor as root to know"));
    }
    return checks;
  }
}
