package redoubt.engine.sigma.rule;

import java.util.List;

/// A rule of whatever kind: what is reported of it when it matches.
public sealed interface Rule permits SigmaRule, CorrelationRule {
  /// What it says of itself.
  Header header();

  /// The rule's UUID; empty if it has none.
  default String id() {
    return header().id();
  }

  /// What correlation rules call it by, beside its id; may be empty.
  default String name() {
    return header().name();
  }

  /// What it is about, in a few words.
  default String title() {
    return header().title();
  }

  /// What it is about, at length; may be empty.
  default String description() {
    return header().description();
  }

  /// How bad a match is.
  default SigmaRule.Level level() {
    return header().level();
  }

  /// How ripe the rule is, such as `test`; may be empty.
  default String status() {
    return header().status();
  }

  /// ATT&CK techniques and other words, as the rule has them.
  default List<String> tags() {
    return header().tags();
  }

  /// Where it stands.
  default Origin origin() {
    return header().origin();
  }

  /// What others call the rule by: its id, else its name, else its title.
  default String key() {
    return id().isEmpty() ? (name().isEmpty() ? title() : name()) : id();
  }
}
