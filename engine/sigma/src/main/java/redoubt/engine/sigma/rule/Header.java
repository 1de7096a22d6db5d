package redoubt.engine.sigma.rule;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;
import redoubt.engine.sigma.rule.RuleProblem.Kind;

/// What rules of every kind say of themselves.
///
/// @param id the rule's UUID; empty if it has none
/// @param name what correlation rules call it by, beside its id; may be empty
/// @param title what it is about, in a few words
/// @param level how bad a match is
/// @param tags ATT&CK techniques and other words, as the rule has them
/// @param origin where it stands
public record Header(
    String id,
    String name,
    String title,
    String description,
    String author,
    SigmaRule.Level level,
    String status,
    List<String> tags,
    Origin origin) {
  public Header {
    tags = List.copyOf(tags);
  }

  static Header read(Map<String, Node> entries, Origin origin) throws RuleException {
    String title = Yaml.text(entries.get("title"), "title");
    if (title.isEmpty()) {
      throw new RuleException(Kind.STRUCTURE, 0, "the rule has no title");
    }
    return new Header(
        Yaml.text(entries.get("id"), "id"),
        Yaml.text(entries.get("name"), "name"),
        title,
        Yaml.text(entries.get("description"), "description").strip(),
        Yaml.text(entries.get("author"), "author"),
        level(entries.get("level")),
        Yaml.text(entries.get("status"), "status"),
        Yaml.texts(entries.get("tags"), "tags"),
        origin);
  }

  private static SigmaRule.Level level(@Nullable Node node) throws RuleException {
    String word = Yaml.text(node, "level");
    if (word.isEmpty()) {
      return SigmaRule.Level.UNKNOWN;
    }
    try {
      return SigmaRule.Level.valueOf(word.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      int line = node == null ? 0 : Yaml.line(node);
      throw new RuleException(Kind.STRUCTURE, line, "no such level: level=" + word);
    }
  }
}
