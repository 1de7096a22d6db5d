package redoubt.agent.kernel;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import redoubt.agent.health.TimeSource;
import redoubt.agent.process.UserNames;
import redoubt.core.linux.Taint;

/// Takes stock of what is in a kernel.
///
/// For one thread. Needs no agent; without root it sees no eBPF programs, and says so.
public final class KernelInventory {
  private final KernelPlaces places;
  private final PackageLookup packages;
  private final Supplier<ProgramSource> programs;
  private final IntFunction<String> users;

  KernelInventory(
      KernelPlaces places,
      PackageLookup packages,
      Supplier<ProgramSource> programs,
      IntFunction<String> users) {
    this.places = places;
    this.packages = packages;
    this.programs = programs;
    this.users = users;
  }

  /// That of this host.
  public static KernelInventory ofHost() {
    return ofHost(PackageLookup.ofHost());
  }

  /// That of this host, for whoever may start no program: where packages can only be asked for with
  /// one, modules are told by the folder that they lie in.
  public static KernelInventory ofHostByItself() {
    return ofHost(PackageLookup.ofHostByItself());
  }

  private static KernelInventory ofHost(PackageLookup packages) {
    return new KernelInventory(
        KernelPlaces.ofHost(),
        packages,
        ProgramSource::ofHost,
        new UserNames(Path.of("/etc/passwd"), TimeSource.system())::of);
  }

  /// Looks at everything once. Takes a tenth of a second to some seconds: `/proc` of every process
  /// and the package database are read.
  ///
  /// @param now the wall clock
  public KernelReport look(Instant now) {
    String release = places.release();
    KernelSettings settings = settings();
    ModuleReport modules = new ModuleInventory(places, packages).look(release);
    return new KernelReport(
        release, settings, modules, programs(now), lostTaint(settings, modules));
  }

  private KernelSettings settings() {
    return new KernelSettings(
        KernelSettings.parseMask(places.findProc("sys/kernel/tainted").orElse("")),
        KernelSettings.parseNumber(places.findProc("sys/kernel/modules_disabled").orElse("")),
        KernelSettings.parseAnswer(
            places.findSys("module/module/parameters/sig_enforce").orElse("")),
        KernelSettings.parseChoice(places.findSys("kernel/security/lockdown").orElse("")),
        KernelSettings.parseNumber(
            places.findProc("sys/kernel/unprivileged_bpf_disabled").orElse("")));
  }

  private ProgramReport programs(Instant now) {
    Optional<Instant> started =
        places
            .findProc("uptime")
            .flatMap(KernelSettings::parseUptime)
            .map(uptime -> now.minus(uptime));
    return new ProgramInventory(programs.get(), started, users, packages).look();
  }

  /// What only modules leave, and none that is listed has left.
  static long lostTaint(KernelSettings settings, ModuleReport modules) {
    long lost = 0;
    for (Taint taint : Taint.of(settings.taint().orElse(0))) {
      boolean explained =
          modules.modules().stream()
              .anyMatch(module -> module.taintLetters().indexOf(taint.letter()) >= 0);
      if (taint.isLeftByModules() && !explained) {
        lost |= 1L << taint.bit();
      }
    }
    return lost;
  }
}
