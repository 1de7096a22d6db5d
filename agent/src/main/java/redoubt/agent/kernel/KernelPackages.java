package redoubt.agent.kernel;

import java.util.HashSet;
import java.util.Set;

/// Which packages bring the running kernel and the modules that belong to it. Immutable.
final class KernelPackages {
  private final Set<String> own;

  private KernelPackages(Set<String> own) {
    this.own = own;
  }

  /// @param release the kernel's release
  /// @param image the package that brought its image, empty if none did or that is not known
  static KernelPackages of(String release, String image) {
    Set<String> own = new HashSet<>();
    addDebian(release, own);
    if (!image.isEmpty()) {
      own.add(image);
      addRpm(image, own);
    }
    return new KernelPackages(own);
  }

  /// Debian has one package for image and modules, Ubuntu one for each.
  private static void addDebian(String release, Set<String> own) {
    own.add("linux-image-" + release);
    own.add("linux-image-" + release + "-unsigned");
    own.add("linux-image-unsigned-" + release);
    own.add("linux-modules-" + release);
    own.add("linux-modules-extra-" + release);
  }

  /// Fedora, RHEL and SUSE: what stands beside `kernel-core` or `kernel-default`.
  private static void addRpm(String image, Set<String> own) {
    if (!image.startsWith("kernel")) {
      return;
    }
    String family =
        image.endsWith("-core") ? image.substring(0, image.length() - "-core".length()) : image;
    own.add(family);
    for (String part :
        new String[] {
          "core",
          "base",
          "extra",
          "optional",
          "modules",
          "modules-core",
          "modules-extra",
          "modules-internal"
        }) {
      own.add(family + "-" + part);
    }
  }

  /// Whether a package belongs to the kernel.
  boolean isOwn(String packageName) {
    return own.contains(packageName);
  }
}
