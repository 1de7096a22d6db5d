package redoubt.engine.sigma.rule;

import java.util.List;

/// A rule about single events.
///
/// @param id the rule's UUID; empty if it has none
/// @param level how bad a match is
/// @param tags ATT&CK techniques and other words, as the rule has them
/// @param selection what an event must be like
/// @param origin where the rule stands
public record SigmaRule(
    String id,
    String name,
    String title,
    String description,
    String author,
    Level level,
    String status,
    List<String> tags,
    List<String> falsePositives,
    LogSource logSource,
    Selection selection,
    Origin origin)
    implements Rule {
  /// How bad a match is; [#UNKNOWN] if the rule does not say.
  public enum Level {
    UNKNOWN,
    INFORMATIONAL,
    LOW,
    MEDIUM,
    HIGH,
    CRITICAL
  }

  public SigmaRule {
    tags = List.copyOf(tags);
    falsePositives = List.copyOf(falsePositives);
  }

  /// The same rule about other events.
  public SigmaRule withLogSource(LogSource other) {
    return with(other, selection);
  }

  /// The same rule, looking for something else.
  public SigmaRule withSelection(Selection other) {
    return with(logSource, other);
  }

  private SigmaRule with(LogSource otherSource, Selection otherSelection) {
    return new SigmaRule(
        id,
        name,
        title,
        description,
        author,
        level,
        status,
        tags,
        falsePositives,
        otherSource,
        otherSelection,
        origin);
  }
}
