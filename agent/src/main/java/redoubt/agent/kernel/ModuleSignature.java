package redoubt.agent.kernel;

/// Whether the file of a module has a signature appended. Whether that is valid only the kernel can
/// say, which leaves the taint `E` if it loads what it would not vouch for.
public sealed interface ModuleSignature {
  /// A signature is there.
  ///
  /// @param kind its form: `PKCS#7` for all kernels since 4.3
  /// @param lengthBytes how long it is
  record Signed(String kind, int lengthBytes) implements ModuleSignature {}

  /// None is there.
  record Unsigned() implements ModuleSignature {}

  /// The file says that it has one, and where that should be it cannot be.
  record Broken() implements ModuleSignature {}

  /// The file is compressed, and was not looked into.
  ///
  /// @param how `gz`, `xz` or `zst`
  record Compressed(String how) implements ModuleSignature {}

  /// There is no file, or it could not be read.
  record Unknown() implements ModuleSignature {}

  /// The word for it: `signed`, `unsigned`, `broken`, `compressed` or `unknown`.
  default String word() {
    return switch (this) {
      case Signed _ -> "signed";
      case Unsigned _ -> "unsigned";
      case Broken _ -> "broken";
      case Compressed _ -> "compressed";
      case Unknown _ -> "unknown";
    };
  }
}
