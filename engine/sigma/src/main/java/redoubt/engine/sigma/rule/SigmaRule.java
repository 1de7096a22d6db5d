package redoubt.engine.sigma.rule;

import java.util.List;

/// A rule about single events.
///
/// @param falsePositives what else matches, for whoever looks into a match
/// @param logSource which events it is for
/// @param selection what an event must be like
public record SigmaRule(
    Header header, List<String> falsePositives, LogSource logSource, Selection selection)
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
    return new SigmaRule(header, falsePositives, otherSource, otherSelection);
  }
}
