package redoubt.agent.updates;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import redoubt.agent.json.StrictJson;
import redoubt.core.model.EngineId;

/// The text form of `updates.json`, version 1. A field that is unknown, missing, repeated or out of
/// range makes the whole text invalid. Stateless.
final class UpdatesJson {
  static final int MAX_BYTES = 64 * 1024;
  static final int MOST_ENGINES = 64;

  private static final int VERSION = 1;
  private static final int MAX_TEXT_CHARS = 128;
  private static final JsonFactory FACTORY = StrictJson.factory(MAX_BYTES, MAX_TEXT_CHARS);

  private UpdatesJson() {}

  /// Reads a document.
  ///
  /// @throws IOException if the bytes are no valid document; the message says where and why
  static SortedMap<EngineId, UpdatePolicy> parse(byte[] text) throws IOException {
    try (JsonParser json = FACTORY.createParser(text)) {
      SortedMap<EngineId, UpdatePolicy> policies = readDocument(json);
      StrictJson.requireEnd(json);
      return policies;
    } catch (IllegalArgumentException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /// Writes a document so that a person can read it.
  static byte[] format(Collection<UpdatePolicy> policies) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
      json.useDefaultPrettyPrinter();
      json.writeStartObject();
      json.writeNumberField("version", VERSION);
      json.writeArrayFieldStart("engines");
      for (UpdatePolicy policy : policies) {
        write(json, policy);
      }
      json.writeEndArray();
      json.writeEndObject();
      json.writeRaw('\n');
    }
    return bytes.toByteArray();
  }

  private static void write(JsonGenerator json, UpdatePolicy policy) throws IOException {
    json.writeStartObject();
    json.writeStringField("engine", policy.engine().value());
    json.writeStringField("vendor", policy.vendor());
    json.writeStringField("name", policy.name());
    json.writeArrayFieldStart("channels");
    for (String channel : policy.channels()) {
      json.writeString(channel);
    }
    json.writeEndArray();
    json.writeNumberField("behind", policy.behind());
    json.writeArrayFieldStart("windows");
    for (UpdateWindow window : policy.windows()) {
      json.writeString(window.toString());
    }
    json.writeEndArray();
    json.writeBooleanField("frozen", policy.frozen());
    if (policy.pin().isPresent()) {
      json.writeNumberField("pin", policy.pin().getAsLong());
    }
    json.writeEndObject();
  }

  private static SortedMap<EngineId, UpdatePolicy> readDocument(JsonParser json)
      throws IOException {
    StrictJson.require(json, json.nextToken(), JsonToken.START_OBJECT);
    long version = -1;
    SortedMap<EngineId, UpdatePolicy> policies = null;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      json.nextToken();
      switch (name) {
        case "version" -> version = StrictJson.readNumber(json);
        case "engines" -> policies = readPolicies(json);
        default -> throw StrictJson.invalid(json, "unknown field: name=" + name);
      }
    }
    if (version != VERSION || policies == null) {
      throw StrictJson.invalid(json, "not a version that this program reads: version=" + version);
    }
    return policies;
  }

  private static SortedMap<EngineId, UpdatePolicy> readPolicies(JsonParser json)
      throws IOException {
    StrictJson.require(json, json.currentToken(), JsonToken.START_ARRAY);
    SortedMap<EngineId, UpdatePolicy> policies = new TreeMap<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      UpdatePolicy policy = readPolicy(json);
      if (policies.size() == MOST_ENGINES || policies.put(policy.engine(), policy) != null) {
        throw StrictJson.invalid(json, "too many engines or one twice: engine=" + policy.engine());
      }
    }
    return policies;
  }

  private static UpdatePolicy readPolicy(JsonParser json) throws IOException {
    StrictJson.require(json, json.currentToken(), JsonToken.START_OBJECT);
    String engine = null;
    String vendor = null;
    String content = null;
    List<String> channels = List.of();
    List<UpdateWindow> windows = List.of();
    long behind = 0;
    boolean frozen = false;
    OptionalLong pin = OptionalLong.empty();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      json.nextToken();
      switch (name) {
        case "engine" -> engine = StrictJson.readText(json);
        case "vendor" -> vendor = StrictJson.readText(json);
        case "name" -> content = StrictJson.readText(json);
        case "channels" -> channels = readTexts(json);
        case "behind" -> behind = StrictJson.readNumber(json);
        case "windows" -> windows = readTexts(json).stream().map(UpdateWindow::parse).toList();
        case "frozen" -> frozen = StrictJson.readFlag(json);
        case "pin" -> pin = OptionalLong.of(StrictJson.readNumber(json));
        default -> throw StrictJson.invalid(json, "unknown field: name=" + name);
      }
    }
    return new UpdatePolicy(
        new EngineId(required(json, engine)),
        required(json, vendor),
        required(json, content),
        new TreeSet<>(channels),
        Math.toIntExact(Math.clamp(behind, -1, Integer.MAX_VALUE)),
        windows,
        frozen,
        pin);
  }

  private static String required(JsonParser json, @Nullable String text) throws IOException {
    if (text == null) {
      throw StrictJson.invalid(json, "an engine lacks engine, vendor or name");
    }
    return text;
  }

  private static List<String> readTexts(JsonParser json) throws IOException {
    StrictJson.require(json, json.currentToken(), JsonToken.START_ARRAY);
    List<String> texts = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      if (texts.size() == UpdatePolicy.MOST_PARTS) {
        throw StrictJson.invalid(json, "too many: most=" + UpdatePolicy.MOST_PARTS);
      }
      texts.add(StrictJson.readText(json));
    }
    return texts;
  }
}
