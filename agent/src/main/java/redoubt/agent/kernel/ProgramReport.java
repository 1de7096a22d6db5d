package redoubt.agent.kernel;

import java.util.List;

/// The eBPF programs of a kernel, and how much of them could be seen.
///
/// @param programs those that are loaded, by number
/// @param refusal the name of the error with which the kernel refused to list them, such as
///   `EPERM`; empty if it did not
/// @param cut whether there are more, or more who hold them, than were looked at
public record ProgramReport(List<KernelProgram> programs, String refusal, boolean cut) {
  public ProgramReport {
    programs = List.copyOf(programs);
  }

  /// Whether all that are loaded were listed.
  public boolean isWhole() {
    return refusal.isEmpty() && !cut;
  }
}
