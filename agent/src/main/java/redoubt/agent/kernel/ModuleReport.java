package redoubt.agent.kernel;

import java.util.List;

/// The modules of a kernel, and how much of them could be seen.
///
/// @param availability whether there are any to be seen
/// @param modules those that are loaded, by name
/// @param unreadLines lines of `/proc/modules` that are not in the kernel's form
/// @param folder where the files of this kernel's modules lie, empty if they, or the list of them,
///   are not on this host
/// @param builtIn how many more are built in, 0 if that is not known
/// @param packageDatabase where packages were looked up: `dpkg`, `rpm`, `none`, or `unreadable`
/// @param kernelPackage the package that brought the kernel's image, empty if none did
public record ModuleReport(
    Availability availability,
    List<KernelModule> modules,
    int unreadLines,
    String folder,
    int builtIn,
    String packageDatabase,
    String kernelPackage) {
  /// Whether there are modules to be seen.
  public enum Availability {
    /// They were read.
    LISTED,
    /// This kernel takes no modules: it was built without support for them.
    NOT_SUPPORTED,
    /// `/proc/modules` is there and cannot be read.
    UNREADABLE
  }

  public ModuleReport {
    modules = List.copyOf(modules);
  }

  /// A report without modules.
  static ModuleReport without(Availability availability) {
    return new ModuleReport(availability, List.of(), 0, "", 0, "none", "");
  }

  /// Whether everything is known by which modules are told from those of others.
  public boolean isWhole() {
    return switch (availability) {
      case NOT_SUPPORTED -> true;
      case UNREADABLE -> false;
      case LISTED -> unreadLines == 0 && !folder.isEmpty() && !packageDatabase.equals("unreadable");
    };
  }

  /// Those that count as third-party.
  public List<KernelModule> thirdParty() {
    return modules.stream().filter(KernelModule::isThirdParty).toList();
  }
}
