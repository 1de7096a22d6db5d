package redoubt.agent.registry;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import redoubt.agent.json.StrictJson;
import redoubt.core.model.EngineId;

/// The text form of `grants.json`, version 1. A field that is unknown, missing, repeated or out of
/// range makes the whole text invalid: half a grant could mean more than the owner meant.
/// Stateless.
final class GrantsJson {
  static final int MAX_BYTES = 256 * 1024;
  private static final int VERSION = 1;
  private static final int MAX_GRANTS = 256;
  private static final int MAX_RIGHTS = 64;
  private static final int MAX_TEXT_CHARS = 512;

  private static final JsonFactory FACTORY = StrictJson.factory(MAX_BYTES, MAX_TEXT_CHARS);

  private GrantsJson() {}

  /// Reads a document.
  ///
  /// @throws IOException if the bytes are no valid document; the message says where and why
  static Map<String, Grant> parse(byte[] text) throws IOException {
    try (JsonParser json = FACTORY.createParser(text)) {
      Map<String, Grant> grants = readDocument(json);
      StrictJson.requireEnd(json);
      return grants;
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /// Writes a document so that a person can read it.
  static byte[] format(Collection<Grant> grants) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
      json.useDefaultPrettyPrinter();
      json.writeStartObject();
      json.writeNumberField("version", VERSION);
      json.writeArrayFieldStart("grants");
      for (Grant grant : grants) {
        json.writeStartObject();
        json.writeStringField("engine", grant.engine().value());
        json.writeArrayFieldStart("rights");
        for (String word : grant.rights().words()) {
          json.writeString(word);
        }
        json.writeEndArray();
        json.writeNumberField("by", grant.by());
        json.writeStringField("at", grant.at().toString());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
      json.writeRaw('\n');
    }
    return bytes.toByteArray();
  }

  private static Map<String, Grant> readDocument(JsonParser json) throws IOException {
    StrictJson.require(json, json.nextToken(), JsonToken.START_OBJECT);
    long version = -1;
    Map<String, Grant> grants = null;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      json.nextToken();
      switch (name) {
        case "version" -> version = StrictJson.readNumber(json);
        case "grants" -> grants = readGrants(json);
        default -> throw StrictJson.invalid(json, "unknown field: name=" + name);
      }
    }
    if (version != VERSION || grants == null) {
      throw StrictJson.invalid(json, "not a version that this program reads: version=" + version);
    }
    return grants;
  }

  private static Map<String, Grant> readGrants(JsonParser json) throws IOException {
    StrictJson.require(json, json.currentToken(), JsonToken.START_ARRAY);
    Map<String, Grant> grants = new TreeMap<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      Grant grant = readGrant(json);
      if (grants.size() == MAX_GRANTS || grants.put(grant.engine().value(), grant) != null) {
        throw StrictJson.invalid(
            json, "too many grants or two for one engine: engine=" + grant.engine());
      }
    }
    return grants;
  }

  private static Grant readGrant(JsonParser json) throws IOException {
    StrictJson.require(json, json.currentToken(), JsonToken.START_OBJECT);
    String engine = null;
    EngineRights rights = null;
    long by = -1;
    Instant at = null;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      json.nextToken();
      switch (name) {
        case "engine" -> engine = StrictJson.readText(json);
        case "rights" -> rights = readRights(json);
        case "by" -> by = StrictJson.readNumber(json);
        case "at" -> at = Instant.parse(StrictJson.readText(json));
        default -> throw StrictJson.invalid(json, "unknown field: name=" + name);
      }
    }
    if (engine == null || rights == null || at == null) {
      throw StrictJson.invalid(json, "a grant lacks engine, rights or at");
    }
    return new Grant(new EngineId(engine), rights, Math.clamp(by, -1, Integer.MAX_VALUE), at);
  }

  private static EngineRights readRights(JsonParser json) throws IOException {
    StrictJson.require(json, json.currentToken(), JsonToken.START_ARRAY);
    List<String> words = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      if (words.size() == MAX_RIGHTS) {
        throw StrictJson.invalid(json, "too many rights: most=" + MAX_RIGHTS);
      }
      words.add(StrictJson.readText(json));
    }
    return EngineRights.of(words);
  }
}
