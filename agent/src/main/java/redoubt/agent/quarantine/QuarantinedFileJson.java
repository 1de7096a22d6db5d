package redoubt.agent.quarantine;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import redoubt.agent.json.StrictJson;
import redoubt.core.linux.FileMetadata;
import redoubt.core.model.Octets;
import redoubt.core.model.Sha256;

/// The text form of a record in the vault, version 1. A field that is unknown, missing, repeated or
/// out of range makes it invalid: a file is better not given back than given back wrongly. Bytes
/// are in Base64, since names need not be text. Stateless.
final class QuarantinedFileJson {
  static final int MAX_BYTES = 1 << 20;
  private static final int VERSION = 1;
  private static final int MAX_TEXT_CHARS = 96 * 1024;

  private static final JsonFactory FACTORY = StrictJson.factory(MAX_BYTES, MAX_TEXT_CHARS);

  private QuarantinedFileJson() {}

  static byte[] format(QuarantinedFile file) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
      json.useDefaultPrettyPrinter();
      json.writeStartObject();
      json.writeNumberField("version", VERSION);
      json.writeNumberField("id", file.id());
      json.writeStringField("state", file.state().name());
      json.writeBooleanField("copied", file.copied());
      json.writeStringField("shown", file.pathText());
      json.writeStringField("path", text(file.path()));
      if (file.sha256() != null) {
        json.writeStringField("sha256", file.sha256().toString());
      }
      json.writeNumberField("bytes", file.bytes());
      json.writeNumberField("inode", file.inode());
      json.writeNumberField("birthNanos", file.birthNanos());
      json.writeNumberField("otherNames", file.otherNames());
      write(json, file.properties());
      json.writeStringField("aside", file.aside());
      json.writeStringField("target", text(file.target()));
      json.writeNumberField("arrivingInode", file.arriving().inode());
      json.writeNumberField("arrivingBirthNanos", file.arriving().birthNanos());
      json.writeStringField("engine", file.cause().engine());
      json.writeStringField("rule", file.cause().rule());
      json.writeStringField("reason", file.cause().reason());
      json.writeNumberField("uid", file.cause().uid());
      json.writeStringField("at", file.cause().at().toString());
      json.writeEndObject();
      json.writeRaw('\n');
    }
    return bytes.toByteArray();
  }

  private static void write(JsonGenerator json, FileProperties properties) throws IOException {
    json.writeNumberField("mode", properties.mode());
    json.writeNumberField("owner", properties.uid());
    json.writeNumberField("group", properties.gid());
    json.writeNumberField("accessNanos", properties.accessNanos());
    json.writeNumberField("modifyNanos", properties.modifyNanos());
    json.writeNumberField("flags", properties.flags());
    json.writeArrayFieldStart("attributes");
    for (Map.Entry<String, Octets> attribute : new TreeMap<>(properties.attributes()).entrySet()) {
      json.writeStartObject();
      json.writeStringField("name", attribute.getKey());
      json.writeStringField("value", text(attribute.getValue()));
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static String text(Octets bytes) {
    return Base64.getEncoder().encodeToString(bytes.toArray());
  }

  /// Reads a record.
  ///
  /// @throws IOException if the bytes are no valid record; the message says where and why
  static QuarantinedFile parse(byte[] text) throws IOException {
    try (JsonParser json = FACTORY.createParser(text)) {
      Reader reader = new Reader();
      StrictJson.require(json, json.nextToken(), JsonToken.START_OBJECT);
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        json.nextToken();
        reader.read(name, json);
      }
      StrictJson.requireEnd(json);
      return reader.result(json);
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private static final class Reader {
    private static final Set<String> NUMBERS =
        Set.of(
            "version",
            "id",
            "bytes",
            "inode",
            "birthNanos",
            "otherNames",
            "mode",
            "owner",
            "group",
            "accessNanos",
            "modifyNanos",
            "flags",
            "arrivingInode",
            "arrivingBirthNanos",
            "uid");
    private static final Set<String> TEXTS =
        Set.of(
            "state", "shown", "path", "sha256", "aside", "target", "engine", "rule", "reason",
            "at");

    /// Earlier records say nothing of an arrival.
    private static final Set<String> OPTIONAL =
        Set.of("sha256", "arrivingInode", "arrivingBirthNanos");

    private final Map<String, Long> numbers = new TreeMap<>();
    private final Map<String, String> texts = new TreeMap<>();
    private final Map<String, Octets> attributes = new TreeMap<>();
    private @Nullable Boolean copied;

    void read(String name, JsonParser json) throws IOException {
      if (NUMBERS.contains(name)) {
        numbers.put(name, StrictJson.readNumber(json));
      } else if (TEXTS.contains(name)) {
        texts.put(name, StrictJson.readText(json));
      } else if (name.equals("copied")) {
        copied = StrictJson.readFlag(json);
      } else if (name.equals("attributes")) {
        readAttributes(json);
      } else {
        throw StrictJson.invalid(json, "unknown field: name=" + name);
      }
    }

    private void readAttributes(JsonParser json) throws IOException {
      StrictJson.require(json, json.currentToken(), JsonToken.START_ARRAY);
      while (json.nextToken() != JsonToken.END_ARRAY) {
        StrictJson.require(json, json.currentToken(), JsonToken.START_OBJECT);
        Map<String, String> pair = new TreeMap<>();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
          String name = json.currentName();
          json.nextToken();
          pair.put(name, StrictJson.readText(json));
        }
        String name = pair.get("name");
        String value = pair.get("value");
        if (name == null
            || value == null
            || pair.size() != 2
            || attributes.size() == FileMetadata.MOST_ATTRIBUTES
            || attributes.put(name, bytes(value)) != null) {
          throw StrictJson.invalid(json, "not an attribute, or too many");
        }
      }
    }

    QuarantinedFile result(JsonParser json) throws IOException {
      Set<String> missing = new HashSet<>(NUMBERS);
      missing.addAll(TEXTS);
      missing.removeAll(numbers.keySet());
      missing.removeAll(texts.keySet());
      missing.removeAll(OPTIONAL);
      if (!missing.isEmpty() || copied == null || number("version", VERSION) != VERSION) {
        throw StrictJson.invalid(json, "not a record that this program reads: missing=" + missing);
      }
      String digest = texts.get("sha256");
      Octets path = bytes(text("path"));
      requireAbsolute(json, path);
      Octets target = bytes(text("target"));
      if (target.length() > 0) {
        requireAbsolute(json, target);
      }
      if (!text("aside").matches("[A-Za-z0-9.-]{1,64}")) {
        throw StrictJson.invalid(json, "not a name: aside=" + text("aside"));
      }
      return new QuarantinedFile(
          number("id", Long.MAX_VALUE),
          QuarantinedFile.State.valueOf(text("state")),
          copied,
          path,
          digest == null ? null : Sha256.parse(digest),
          number("bytes", Long.MAX_VALUE),
          signed("inode"),
          signed("birthNanos"),
          (int) number("otherNames", Integer.MAX_VALUE),
          new FileProperties(
              (int) number("mode", 07777),
              (int) signed("owner"),
              (int) signed("group"),
              signed("accessNanos"),
              signed("modifyNanos"),
              signed("flags"),
              attributes),
          text("aside"),
          target,
          new QuarantinedFile.Arrival(signed("arrivingInode"), signed("arrivingBirthNanos")),
          new QuarantineCause(
              text("engine"),
              text("rule"),
              text("reason"),
              (int) signed("uid"),
              Instant.parse(text("at"))));
    }

    private static void requireAbsolute(JsonParser json, Octets path) throws IOException {
      byte[] bytes = path.toArray();
      boolean hasNul = false;
      for (byte each : bytes) {
        hasNul |= each == 0;
      }
      if (bytes.length < 2 || bytes[0] != '/' || bytes[bytes.length - 1] == '/' || hasNul) {
        throw StrictJson.invalid(json, "not the path of a file");
      }
    }

    private String text(String name) {
      return texts.getOrDefault(name, "");
    }

    private long signed(String name) {
      return numbers.getOrDefault(name, 0L);
    }

    private long number(String name, long most) {
      long number = signed(name);
      if (number < 0 || number > most) {
        throw new IllegalArgumentException("out of range: " + name + "=" + number);
      }
      return number;
    }

    private static Octets bytes(String text) {
      return Octets.of(Base64.getDecoder().decode(text));
    }
  }
}
