package redoubt.agent.kernel;

import java.nio.file.Path;

/// Where modules of the running kernel lie on disk, by their names. Thread-safe; reads the kernel's
/// lists anew each time, since packages change them.
public final class ModulePaths {
  private ModulePaths() {}

  /// The file in which a module of that name lies; empty if there is none that is known.
  public static String find(String module) {
    KernelPlaces places = KernelPlaces.ofHost();
    return ModuleFiles.of(places.release(), places.modules())
        .find(module)
        .map(Path::toString)
        .orElse("");
  }
}
