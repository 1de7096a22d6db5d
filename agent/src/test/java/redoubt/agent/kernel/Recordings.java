package redoubt.agent.kernel;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/// Texts of kernels that are not this one, in the resources of these tests. All but the first are
/// written after what such kernels show.
final class Recordings {
  /// `/proc/modules` of Debian's 6.1.0-50-cloud-amd64, recorded on it: `veth` without its
  /// signature, and `dummy` without that and without the mark of the kernel's tree.
  static final String RECORDED = "debian-6.1.0-50-modules.txt";

  /// `/proc/modules` of a virtual machine with nothing but the kernel's own modules.
  static final String PLAIN = "debian-6.1-modules.txt";

  /// `/proc/modules` of a desktop with a graphics driver, a file system, a sensor and a live patch
  /// of others, as it is shown without root.
  static final String BUSY = "debian-6.1-modules-nvidia-zfs.txt";

  static final String DEPENDENCIES = "debian-6.1-modules.dep";
  static final String BUILT_IN = "debian-6.1-modules.builtin";

  private Recordings() {}

  static String read(String name) throws IOException {
    try (InputStream resource =
        Objects.requireNonNull(Recordings.class.getResourceAsStream(name), name)) {
      return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
