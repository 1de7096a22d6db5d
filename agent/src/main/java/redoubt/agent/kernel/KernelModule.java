package redoubt.agent.kernel;

import java.util.List;

/// A module in the kernel. Texts are as the kernel and the files have them: whoever wrote the
/// module chose them.
///
/// @param name its name
/// @param sizeBytes what it takes up in memory, 0 if that is not known
/// @param references how often it is in use, -1 if that is not known
/// @param usedBy the modules that use it
/// @param state `Live`, `Loading` or `Unloading`
/// @param taintLetters the letters of the flags of the kernel that it left, in the kernel's order
/// @param version what it calls its version, empty for none
/// @param sourceVersion the digest of its source as it was built in, empty for none
/// @param file the file that it most likely came from, empty if there is none
/// @param packageName the package that brought the file, empty if none did or that is not known
/// @param signature whether the file has a signature
/// @param reasons why it counts as third-party, empty if it does not
public record KernelModule(
    String name,
    long sizeBytes,
    int references,
    List<String> usedBy,
    String state,
    String taintLetters,
    String version,
    String sourceVersion,
    String file,
    String packageName,
    ModuleSignature signature,
    List<Reason> reasons) {
  /// What makes a module third-party.
  public enum Reason {
    /// It is loaded, and `/proc/modules` does not list it: it hides.
    HIDDEN("hides from /proc/modules"),
    /// It left a taint.
    TAINTS("taints the kernel"),
    /// The file of its name is the kernel's own, and could not have left the taint that it has: it
    /// was loaded from another.
    OTHER_FILE("not from the kernel's file of its name"),
    /// The list of modules has no file of its name, or that is gone.
    NO_FILE("no file has its name"),
    /// It has the name of something that this kernel has built in.
    BUILT_IN_NAME("has the name of what is built in"),
    /// No package brought its file, while a package did bring the kernel.
    NO_PACKAGE("of no package"),
    /// Another package than the kernel's brought its file.
    OTHER_PACKAGE("not of the kernel's package"),
    /// Its file lies outside of those that were built with the kernel, and no package can say more.
    ELSEWHERE("not among the kernel's files");

    private final String meaning;

    Reason(String meaning) {
      this.meaning = meaning;
    }

    /// The reason in words, to come after the module's name.
    public String meaning() {
      return meaning;
    }
  }

  public KernelModule {
    usedBy = List.copyOf(usedBy);
    reasons = List.copyOf(reasons);
  }

  /// Whether it did not come with the kernel, or the kernel does not vouch for it.
  public boolean isThirdParty() {
    return !reasons.isEmpty();
  }
}
