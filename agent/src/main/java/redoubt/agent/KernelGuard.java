package redoubt.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;
import redoubt.agent.health.Notices;
import redoubt.agent.health.TimeSource;
import redoubt.agent.kernel.KernelFingerprint;
import redoubt.agent.kernel.KernelInventory;
import redoubt.agent.kernel.KernelMeasure;
import redoubt.agent.kernel.KernelModule;
import redoubt.agent.kernel.KernelProgram;
import redoubt.agent.kernel.KernelReport;
import redoubt.agent.kernel.KernelSettings;
import redoubt.core.linux.KernelFile;
import redoubt.core.model.PlatformNotice;

/// Does what the owner wants about code in the kernel that did not come with it. Called by one
/// thread at a time, every few seconds; may wait for the disk.
final class KernelGuard {
  /// So long after the boot a host has loaded what it needs.
  static final Duration BOOT = Duration.ofMinutes(3);

  /// The whole look reads `/proc` of every process; more often than this it is not taken.
  private static final long LOOK_EVERY_NANOS = 30_000_000_000L;

  /// So many are reported one by one.
  private static final int MOST_REPORTED = 20;

  private static final int MOST_KNOWN = 4_096;
  private static final String MODULE = "module ";

  private final Set<KernelMeasure> measures;
  private final Supplier<KernelReport> look;
  private final Supplier<String> fingerprint;
  private final Path proc;
  private final Notices notices;
  private final TimeSource time;

  private final Set<String> known = new HashSet<>();
  private String seen = "";
  private boolean looked;
  private long lookedNanos;
  private boolean locked;

  /// @param look takes stock of the kernel
  /// @param fingerprint differs when something has come or gone; cheap
  /// @param proc where `procfs` is
  KernelGuard(
      Set<KernelMeasure> measures,
      Supplier<KernelReport> look,
      Supplier<String> fingerprint,
      Path proc,
      Notices notices,
      TimeSource time) {
    this.measures = Set.copyOf(measures);
    this.look = look;
    this.fingerprint = fingerprint;
    this.proc = proc;
    this.notices = notices;
    this.time = time;
  }

  /// That of this host.
  static KernelGuard ofHost(Set<KernelMeasure> measures, Notices notices, TimeSource time) {
    return new KernelGuard(
        measures,
        () -> KernelInventory.ofHostByItself().look(Instant.ofEpochMilli(time.wallMillis())),
        KernelFingerprint::take,
        Path.of("/proc"),
        notices,
        time);
  }

  /// Does what is due.
  void check() {
    if (measures.contains(KernelMeasure.ALERT)) {
      alert();
    }
    if (measures.contains(KernelMeasure.LOCK) && !locked) {
      lock();
    }
  }

  private void alert() {
    long now = time.nanos();
    String current = fingerprint.get();
    if (looked && (current.equals(seen) || now - lookedNanos < LOOK_EVERY_NANOS)) {
      return;
    }
    boolean first = !looked;
    looked = true;
    lookedNanos = now;
    seen = current;
    Set<String> found = thirdParty(look.get());
    int reported = 0;
    for (String code : found) {
      if (known.add(code) && !first && reported++ < MOST_REPORTED) {
        report(code);
      }
    }
    // A module that goes and comes back is reported again; service managers load and unload the
    // same programs all the time.
    known.removeIf(code -> code.startsWith(MODULE) && !found.contains(code));
    if (known.size() > MOST_KNOWN) {
      known.retainAll(found);
    }
    if (first && !found.isEmpty()) {
      report(found.size() + " pieces of third-party code are there already: redoubt kernel");
    } else if (reported > MOST_REPORTED) {
      report((reported - MOST_REPORTED) + " more pieces of third-party code: redoubt kernel");
    }
  }

  private static Set<String> thirdParty(KernelReport report) {
    Set<String> all = new HashSet<>();
    for (KernelModule module : report.modules().thirdParty()) {
      all.add(
          MODULE
              + module.name()
              + ": "
              + module.reasons().stream()
                  .map(KernelModule.Reason::meaning)
                  .reduce((one, other) -> one + ", " + other)
                  .orElse("")
              + (module.file().isEmpty() ? "" : " file=" + module.file()));
    }
    for (KernelProgram program : report.programs().programs()) {
      all.add(
          "eBPF program of type "
              + program.type()
              + " name="
              + program.name()
              + " tag="
              + program.tag()
              + " loaded by user="
              + (program.user().isEmpty() ? Integer.toString(program.uid()) : program.user()));
    }
    return all;
  }

  /// Asks the kernel to take no more modules, which only a boot undoes.
  private void lock() {
    Path setting = proc.resolve("sys/kernel/modules_disabled");
    try {
      if (!Files.exists(setting)) {
        locked = true;
        report("nothing to lock: this kernel takes no modules");
      } else if (KernelFile.read(setting.toString()).strip().equals("1")) {
        locked = true;
        report("the kernel takes no modules until the next boot: it was locked before");
      } else if (uptime().compareTo(BOOT) >= 0) {
        Files.writeString(setting, "1", StandardOpenOption.WRITE);
        locked = true;
        report("locked: the kernel takes no more modules until the next boot");
      }
    } catch (IOException e) {
      locked = true;
      report("could not be locked: " + e.getMessage());
    }
  }

  private Duration uptime() throws IOException {
    String text = KernelFile.read(proc.resolve("uptime").toString());
    return KernelSettings.parseUptime(text)
        .orElseThrow(() -> new IOException("uptime not understood: text=" + text.strip()));
  }

  private void report(String message) {
    notices.report(PlatformNotice.Kind.KERNEL_CODE, "kernel", message);
  }
}
