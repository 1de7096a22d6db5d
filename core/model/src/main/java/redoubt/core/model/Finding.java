package redoubt.core.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What an engine reports beside its verdicts.
///
/// @param timeMillis wall-clock time, milliseconds since the epoch
/// @param engine who reports
/// @param contentVersion the content it judged with
/// @param rule the rule or list entry that matched, at most 256 characters
/// @param title one line for people, at most 256 characters
/// @param level how much it matters
/// @param techniques techniques of MITRE ATT&CK, such as `T1059.004`, at most 16
/// @param reasons what was found where, at most 32
/// @param path the file, empty if none is concerned
/// @param sha256 the file's digest, or null
/// @param lineage the process concerned, the one that made it, and so on; empty if none is
///   concerned
/// @param eventSequence the decision record's sequence number that the finding belongs to, 0 if
///   none
public record Finding(
    long timeMillis,
    EngineId engine,
    String contentVersion,
    String rule,
    String title,
    FindingLevel level,
    List<String> techniques,
    List<Reason> reasons,
    String path,
    @Nullable Sha256 sha256,
    List<ProcessInfo> lineage,
    long eventSequence) {
  public Finding {
    techniques = List.copyOf(techniques);
    reasons = List.copyOf(reasons);
    lineage = List.copyOf(lineage);
  }

  /// The same finding with another lineage; one that is shorter than its own changes nothing.
  public Finding withLineage(List<ProcessInfo> other) {
    return other.size() <= lineage.size()
        ? this
        : new Finding(
            timeMillis,
            engine,
            contentVersion,
            rule,
            title,
            level,
            techniques,
            reasons,
            path,
            sha256,
            other,
            eventSequence);
  }

  /// A part of why an engine reports something.
  ///
  /// @param field the field of the event, empty if it is not one alone; at most 256 characters
  /// @param value what was found there, at most 512 characters
  public record Reason(String field, String value) {}
}
