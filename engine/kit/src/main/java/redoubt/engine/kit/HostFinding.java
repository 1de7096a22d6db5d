package redoubt.engine.kit;

import java.util.List;
import java.util.Set;
import redoubt.core.model.Finding.Reason;
import redoubt.core.model.FindingLevel;
import redoubt.core.model.ResponseAction;

/// What an engine found in what happens on the host. What is longer than the protocol takes is cut.
///
/// @param rule what matched, such as the id of a rule
/// @param title one line for people, at least one character
/// @param level how much it matters
/// @param techniques techniques of MITRE ATT&CK, such as `T1059.004`
/// @param reasons what was found where
/// @param wishes what should be done about the event's process; what the owner has not granted is
///   not done
/// @param generations whom the wishes are about: how many generations above that process, 0 for
///   itself, at most 8
public record HostFinding(
    String rule,
    String title,
    FindingLevel level,
    List<String> techniques,
    List<Reason> reasons,
    Set<ResponseAction> wishes,
    int generations) {
  public HostFinding {
    techniques = List.copyOf(techniques);
    reasons = List.copyOf(reasons);
    wishes = Set.copyOf(wishes);
  }
}
