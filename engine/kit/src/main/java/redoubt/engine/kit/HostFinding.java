package redoubt.engine.kit;

import java.util.List;
import redoubt.core.model.Finding.Reason;
import redoubt.core.model.FindingLevel;

/// What an engine found in what happens on the host. What is longer than the protocol takes is cut.
///
/// @param rule what matched, such as the id of a rule
/// @param title one line for people, at least one character
/// @param level how much it matters
/// @param techniques techniques of MITRE ATT&CK, such as `T1059.004`
/// @param reasons what was found where
public record HostFinding(
    String rule, String title, FindingLevel level, List<String> techniques, List<Reason> reasons) {
  public HostFinding {
    techniques = List.copyOf(techniques);
    reasons = List.copyOf(reasons);
  }
}
