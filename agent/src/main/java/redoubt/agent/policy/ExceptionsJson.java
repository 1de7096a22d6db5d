package redoubt.agent.policy;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import redoubt.agent.json.StrictJson;

/// The text form of `exceptions.json`, version 1. A field that is unknown, missing, repeated or out
/// of range makes the whole text invalid: half an exception could mean the opposite.
///
/// Stateless but for its factory; safe for every thread.
final class ExceptionsJson {
  static final int MAX_BYTES = 4 * 1024 * 1024;
  static final int MAX_ENTRIES = 4096;

  private static final int VERSION = 1;

  private static final JsonFactory FACTORY =
      StrictJson.factory(MAX_BYTES, ExceptionEntry.MAX_PATH_CHARS);

  private ExceptionsJson() {}

  /// What the text holds.
  record Document(long generation, List<ExceptionEntry> entries) {
    Document {
      entries = List.copyOf(entries);
    }
  }

  /// Reads a document.
  ///
  /// @throws IOException if the bytes are no valid document; the message says where and why
  static Document parse(byte[] text) throws IOException {
    try (JsonParser json = FACTORY.createParser(text)) {
      Document document = readDocument(json);
      StrictJson.requireEnd(json);
      return document;
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /// Writes a document so that a person can read it.
  static byte[] format(Document document) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
      json.useDefaultPrettyPrinter();
      json.writeStartObject();
      json.writeNumberField("version", VERSION);
      json.writeNumberField("generation", document.generation());
      json.writeArrayFieldStart("exceptions");
      for (ExceptionEntry entry : document.entries()) {
        writeEntry(json, entry);
      }
      json.writeEndArray();
      json.writeEndObject();
      json.writeRaw('\n');
    }
    return bytes.toByteArray();
  }

  private static void writeEntry(JsonGenerator json, ExceptionEntry entry) throws IOException {
    json.writeStartObject();
    json.writeStringField("id", entry.id());
    json.writeStringField("kind", entry.kind().toString());
    json.writeStringField("value", entry.value());
    json.writeStringField("engine", entry.engine());
    Instant until = entry.until();
    if (until != null) {
      json.writeStringField("until", until.toString());
    }
    json.writeNumberField("addedBy", entry.addedBy());
    json.writeStringField("added", entry.added().toString());
    json.writeStringField("comment", entry.comment());
    if (!entry.files().isEmpty()) {
      json.writeArrayFieldStart("files");
      for (String file : entry.files()) {
        json.writeString(file);
      }
      json.writeEndArray();
    }
    json.writeEndObject();
  }

  private static Document readDocument(JsonParser json) throws IOException {
    StrictJson.require(json, json.nextToken(), JsonToken.START_OBJECT);
    long version = -1;
    long generation = -1;
    List<ExceptionEntry> entries = null;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      json.nextToken();
      switch (name) {
        case "version" -> version = StrictJson.readNumber(json);
        case "generation" -> generation = StrictJson.readNumber(json);
        case "exceptions" -> entries = readEntries(json);
        default -> throw StrictJson.invalid(json, "unknown field: name=" + name);
      }
    }
    if (version != VERSION) {
      throw StrictJson.invalid(json, "not a version that this program reads: version=" + version);
    }
    if (generation < 0 || entries == null) {
      throw StrictJson.invalid(json, "generation or exceptions are missing");
    }
    return new Document(generation, entries);
  }

  private static List<ExceptionEntry> readEntries(JsonParser json) throws IOException {
    StrictJson.require(json, json.currentToken(), JsonToken.START_ARRAY);
    List<ExceptionEntry> entries = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      ExceptionEntry entry = readEntry(json);
      if (entries.size() == MAX_ENTRIES || !ids.add(entry.id())) {
        throw StrictJson.invalid(json, "too many exceptions or a repeated id: id=" + entry.id());
      }
      entries.add(entry);
    }
    return entries;
  }

  private static ExceptionEntry readEntry(JsonParser json) throws IOException {
    StrictJson.require(json, json.currentToken(), JsonToken.START_OBJECT);
    Fields fields = new Fields();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      json.nextToken();
      fields.read(name, json);
    }
    StrictJson.require(json, json.currentToken(), JsonToken.END_OBJECT);
    return fields.entry(json);
  }

  /// The fields of one exception while it is read.
  private static final class Fields {
    private @Nullable String id;
    private @Nullable String kind;
    private @Nullable String value;
    private @Nullable String engine;
    private @Nullable Instant until;
    private long addedBy = -1;
    private @Nullable Instant added;
    private String comment = "";
    private List<String> files = List.of();

    void read(String name, JsonParser json) throws IOException {
      switch (name) {
        case "id" -> id = StrictJson.readText(json);
        case "kind" -> kind = StrictJson.readText(json);
        case "value" -> value = StrictJson.readText(json);
        case "engine" -> engine = StrictJson.readText(json);
        case "until" -> until = Instant.parse(StrictJson.readText(json));
        case "addedBy" -> addedBy = StrictJson.readNumber(json);
        case "added" -> added = Instant.parse(StrictJson.readText(json));
        case "comment" -> comment = StrictJson.readText(json);
        case "files" -> files = readFiles(json);
        default -> throw StrictJson.invalid(json, "unknown field: name=" + name);
      }
    }

    ExceptionEntry entry(JsonParser json) throws IOException {
      if (id == null || kind == null || value == null || engine == null || added == null) {
        throw StrictJson.invalid(json, "an exception lacks id, kind, value, engine or added");
      }
      return new ExceptionEntry(
          id,
          ExceptionEntry.Kind.valueOf(kind.toUpperCase(Locale.ROOT)),
          value,
          engine,
          until,
          Math.toIntExact(Math.clamp(addedBy, -1, Integer.MAX_VALUE)),
          added,
          comment,
          files);
    }

    private static List<String> readFiles(JsonParser json) throws IOException {
      StrictJson.require(json, json.currentToken(), JsonToken.START_ARRAY);
      List<String> read = new ArrayList<>();
      while (json.nextToken() != JsonToken.END_ARRAY) {
        read.add(StrictJson.readText(json));
      }
      return read;
    }
  }
}
