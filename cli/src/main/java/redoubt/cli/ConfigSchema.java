package redoubt.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/// The JSON schema of the configuration, made of the settings themselves.
final class ConfigSchema {
  private ConfigSchema() {}

  /// In the form of JSON Schema 2020-12.
  static ObjectNode of(List<ConfigKey> keys) {
    ObjectNode schema = Subcommand.object();
    schema.put("$schema", "https:/" + "/json-schema.org/draft/2020-12/schema");
    schema.put("title", "The configuration of Redoubt, redoubt.yaml");
    schema.put("type", "object");
    schema.put("additionalProperties", false);
    ObjectNode properties = schema.putObject("properties");
    for (ConfigKey key : keys) {
      ObjectNode property = properties.putObject(key.name());
      property.put("description", key.description());
      if (key.isRepeatable()) {
        ObjectNode one = describe(Subcommand.object(), key);
        ObjectNode several = Subcommand.object().put("type", "array");
        several.set("items", describe(Subcommand.object(), key));
        property.putArray("anyOf").add(one).add(several);
      } else {
        describe(property, key);
      }
    }
    return schema;
  }

  private static ObjectNode describe(ObjectNode node, ConfigKey key) {
    switch (key.kind()) {
      case FLAG -> node.put("type", "boolean");
      case NUMBER -> {
        node.put("type", "integer");
        key.range().ifPresent(range -> node.put("minimum", range[0]).put("maximum", range[1]));
      }
      case PATH -> node.put("type", "string").put("pattern", "^/");
      case TEXT -> {
        node.put("type", "string");
        if (!key.words().isEmpty()) {
          key.words().forEach(node.putArray("enum")::add);
        }
      }
    }
    return node;
  }
}
