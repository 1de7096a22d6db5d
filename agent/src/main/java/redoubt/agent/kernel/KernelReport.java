package redoubt.agent.kernel;

/// What one look at a kernel found.
///
/// @param release the kernel's release, such as `6.12.9-amd64`
/// @param settings what it says of itself
/// @param modules its modules
/// @param programs its eBPF programs
/// @param lostTaint the mask of taints that only a module leaves and that no module in the list
///   has: one was there that has been unloaded since, or that hides
public record KernelReport(
    String release,
    KernelSettings settings,
    ModuleReport modules,
    ProgramReport programs,
    long lostTaint) {
  /// Whether anything in this kernel did not come with it, as far as could be seen.
  public boolean hasThirdParty() {
    return !modules.thirdParty().isEmpty()
        || modules.unreadLines() > 0
        || lostTaint != 0
        || !programs.programs().isEmpty();
  }

  /// Whether everything that this look is for could be looked at.
  public boolean isWhole() {
    return modules.isWhole() && settings.taint().isPresent() && programs.isWhole();
  }
}
