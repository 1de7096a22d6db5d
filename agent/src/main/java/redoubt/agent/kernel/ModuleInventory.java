package redoubt.agent.kernel;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import redoubt.agent.kernel.KernelModule.Reason;
import redoubt.agent.kernel.ModuleReport.Availability;
import redoubt.agent.kernel.ModuleTable.Row;
import redoubt.core.linux.Taint;

/// Takes stock of the modules: where each came from, and whether it counts as third-party.
///
/// @param places where they are looked for
/// @param lookup who brought their files
record ModuleInventory(KernelPlaces places, PackageLookup lookup) {
  /// @param release the running kernel's, empty if it cannot be had
  ModuleReport look(String release) {
    LoadedModules loaded = new LoadedModules(places);
    LoadedModules.Found found = loaded.look();
    if (found.table().isEmpty() && found.hidden().isEmpty()) {
      boolean unreadable = release.isEmpty() || Files.exists(places.proc().resolve("modules"));
      return ModuleReport.without(
          unreadable ? Availability.UNREADABLE : Availability.NOT_SUPPORTED);
    }
    Origins origins = origins(release, found);
    List<KernelModule> modules =
        Stream.concat(
                found.table().stream()
                    .flatMap(table -> table.rows().stream())
                    .map(row -> describe(row, false, loaded, origins)),
                found.hidden().stream().map(row -> describe(row, true, loaded, origins)))
            .sorted(Comparator.comparing(KernelModule::name))
            .toList();
    return new ModuleReport(
        Availability.LISTED,
        modules,
        found.table().map(ModuleTable::unread).orElse(0),
        origins.files.folder().filter(_ -> origins.files.isKnown()).map(Path::toString).orElse(""),
        origins.files.builtIn().size(),
        origins.packages.database(),
        origins.image);
  }

  /// What is known of the files of all modules.
  ///
  /// @param files depmod's lists
  /// @param byModule the file of each module that has one
  /// @param packages who brought them
  /// @param image the package that brought the kernel's image, empty if none did
  /// @param kernel the packages that belong to the kernel
  private record Origins(
      ModuleFiles files,
      Map<String, Path> byModule,
      PackageLookup.Answer packages,
      String image,
      KernelPackages kernel) {
    /// Whether any package brought the kernel: one that was built on this host has modules of no
    /// package.
    boolean isKernelPackaged() {
      return !image.isEmpty() || packages.packages().values().stream().anyMatch(kernel::isOwn);
    }
  }

  /// All files are looked up at once: that reads the package database a single time.
  private Origins origins(String release, LoadedModules.Found found) {
    ModuleFiles files =
        release.isEmpty()
            ? new ModuleFiles(Optional.empty(), Map.of(), Set.of())
            : ModuleFiles.of(release, places.modules());
    Map<String, Path> byModule = new LinkedHashMap<>();
    Stream.concat(found.table().stream().flatMap(t -> t.rows().stream()), found.hidden().stream())
        .forEach(row -> files.find(row.name()).ifPresent(path -> byModule.put(row.name(), path)));
    List<String> images = images(release, files);
    List<String> asked = new ArrayList<>(images);
    byModule.values().forEach(path -> asked.add(path.toString()));
    PackageLookup.Answer packages = lookup.ask(asked);
    String image =
        images.stream().map(packages::of).filter(name -> !name.isEmpty()).findFirst().orElse("");
    return new Origins(files, byModule, packages, image, KernelPackages.of(release, image));
  }

  private List<String> images(String release, ModuleFiles files) {
    List<String> images = new ArrayList<>();
    if (!release.isEmpty()) {
      images.add(places.boot().resolve("vmlinuz-" + release).toString());
      files.folder().ifPresent(folder -> images.add(folder.resolve("vmlinuz").toString()));
    }
    return images;
  }

  private static KernelModule describe(
      Row row, boolean hidden, LoadedModules loaded, Origins origins) {
    Optional<Path> file = Optional.ofNullable(origins.byModule.get(row.name()));
    String letters = union(row.taintLetters(), loaded.taintLetters(row.name()));
    String packageName = file.map(path -> origins.packages.of(path.toString())).orElse("");
    List<Reason> reasons = new ArrayList<>();
    if (hidden) {
      reasons.add(Reason.HIDDEN);
    }
    if (!letters.isEmpty()) {
      reasons.add(Reason.TAINTS);
    }
    ModuleSignature signature =
        file.map(ModuleFileEnd::read).orElseGet(ModuleSignature.Unknown::new);
    if (origins.kernel.isOwn(packageName) && isContradicted(letters, signature)) {
      reasons.add(Reason.OTHER_FILE);
    }
    if (origins.files.isKnown()) {
      findFlaw(row.name(), file, packageName, origins).ifPresent(reasons::add);
    }
    return new KernelModule(
        row.name(),
        row.sizeBytes(),
        row.references(),
        row.usedBy(),
        row.state(),
        letters,
        loaded.text(row.name(), "version"),
        loaded.text(row.name(), "srcversion"),
        file.map(Path::toString).orElse(""),
        packageName,
        signature,
        reasons);
  }

  /// Whether the file of a kernel's package cannot be what left these flags: it is of the kernel's
  /// tree, and what is signed there the kernel accepts.
  private static boolean isContradicted(String letters, ModuleSignature signature) {
    return holds(letters, Taint.OOT_MODULE)
        || (holds(letters, Taint.UNSIGNED_MODULE) && signature instanceof ModuleSignature.Signed);
  }

  private static boolean holds(String letters, Taint taint) {
    return letters.indexOf(taint.letter()) >= 0;
  }

  /// What keeps a module's file from being one of the kernel's.
  private static Optional<Reason> findFlaw(
      String name, Optional<Path> file, String packageName, Origins origins) {
    if (file.isEmpty()) {
      return Optional.of(origins.files.isBuiltIn(name) ? Reason.BUILT_IN_NAME : Reason.NO_FILE);
    }
    if (!packageName.isEmpty()) {
      return origins.kernel.isOwn(packageName)
          ? Optional.empty()
          : Optional.of(Reason.OTHER_PACKAGE);
    }
    if (origins.packages.isKnown() && origins.isKernelPackaged()) {
      return Optional.of(Reason.NO_PACKAGE);
    }
    return origins.files.isAmongTheKernels(file.get())
        ? Optional.empty()
        : Optional.of(Reason.ELSEWHERE);
  }

  private static String union(String letters, String more) {
    StringBuilder all = new StringBuilder(letters);
    for (int i = 0; i < more.length(); i++) {
      if (letters.indexOf(more.charAt(i)) < 0) {
        all.append(more.charAt(i));
      }
    }
    return all.toString();
  }
}
