package redoubt.engine.sigma.rule;

import java.util.List;

/// A rule of whatever kind: what is reported of it when it matches.
public sealed interface Rule permits SigmaRule, CorrelationRule {
  /// The rule's UUID; empty if it has none.
  String id();

  /// What correlation rules call it by, beside its id; may be empty.
  String name();

  /// What it is about, in a few words.
  String title();

  /// How bad a match is.
  SigmaRule.Level level();

  /// ATT&CK techniques and other words, as the rule has them.
  List<String> tags();

  /// Where it stands.
  Origin origin();

  /// What others call the rule by: its id, else its name, else its title.
  default String key() {
    return id().isEmpty() ? (name().isEmpty() ? title() : name()) : id();
  }
}
