package redoubt.agent.seal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import redoubt.agent.json.StrictJson;
import redoubt.core.model.Sha256;

/// The text form of `seal.json`, version 1. A field that is unknown, missing, repeated or out of
/// range makes the whole text invalid. Stateless.
final class SealJson {
  static final int MAX_BYTES = 4 * 1024;
  private static final int VERSION = 1;
  private static final int MAX_TEXT_CHARS = 128;
  private static final HexFormat HEX = HexFormat.of();

  private static final JsonFactory FACTORY = StrictJson.factory(MAX_BYTES, MAX_TEXT_CHARS);

  private SealJson() {}

  /// Reads a document.
  ///
  /// @throws IOException if the bytes are no valid document; the message says where and why
  static Seal parse(byte[] text) throws IOException {
    try (JsonParser json = FACTORY.createParser(text)) {
      Seal seal = readDocument(json);
      StrictJson.requireEnd(json);
      return seal;
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /// Writes a document so that a person can read it.
  static byte[] format(Seal seal) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
      json.useDefaultPrettyPrinter();
      json.writeStartObject();
      json.writeNumberField("version", VERSION);
      json.writeStringField("sealedAt", seal.at().toString());
      json.writeNumberField("by", seal.by());
      json.writeStringField("digests", seal.digests().toString());
      json.writeBooleanField("immutable", seal.immutable());
      if (seal.passphrase().isPresent()) {
        Passphrase passphrase = seal.passphrase().get();
        json.writeObjectFieldStart("passphrase");
        json.writeNumberField("rounds", passphrase.rounds());
        json.writeStringField("salt", HEX.formatHex(passphrase.salt()));
        json.writeStringField("hash", HEX.formatHex(passphrase.hash()));
        json.writeEndObject();
      }
      json.writeEndObject();
      json.writeRaw('\n');
    }
    return bytes.toByteArray();
  }

  private static Seal readDocument(JsonParser json) throws IOException {
    StrictJson.require(json, json.nextToken(), JsonToken.START_OBJECT);
    long version = -1;
    Instant at = null;
    long by = -1;
    Sha256 digests = null;
    Boolean immutable = null;
    Passphrase passphrase = null;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      json.nextToken();
      switch (name) {
        case "version" -> version = StrictJson.readNumber(json);
        case "sealedAt" -> at = Instant.parse(StrictJson.readText(json));
        case "by" -> by = StrictJson.readNumber(json);
        case "digests" -> digests = Sha256.parse(StrictJson.readText(json));
        case "immutable" -> immutable = StrictJson.readFlag(json);
        case "passphrase" -> passphrase = readPassphrase(json);
        default -> throw StrictJson.invalid(json, "unknown field: name=" + name);
      }
    }
    if (version != VERSION || at == null || digests == null || immutable == null) {
      throw StrictJson.invalid(json, "a seal lacks version 1, sealedAt, digests or immutable");
    }
    return new Seal(
        at,
        Math.clamp(by, -1, Integer.MAX_VALUE),
        digests,
        immutable,
        Optional.ofNullable(passphrase));
  }

  private static Passphrase readPassphrase(JsonParser json) throws IOException {
    StrictJson.require(json, json.currentToken(), JsonToken.START_OBJECT);
    long rounds = 0;
    byte[] salt = new byte[0];
    byte[] hash = new byte[0];
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      json.nextToken();
      switch (name) {
        case "rounds" -> rounds = StrictJson.readNumber(json);
        case "salt" -> salt = HEX.parseHex(StrictJson.readText(json));
        case "hash" -> hash = HEX.parseHex(StrictJson.readText(json));
        default -> throw StrictJson.invalid(json, "unknown field: name=" + name);
      }
    }
    return new Passphrase(Math.clamp(rounds, 0, Integer.MAX_VALUE), salt, hash);
  }
}
