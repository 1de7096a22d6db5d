package redoubt.core.content;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import redoubt.core.model.Octets;

/// A document with a signature (Ed25519), in the form that tools of the supply chain read: DSSE,
/// the Dead Simple Signing Envelope, version 1.0.2. Immutable and safe for every thread.
///
/// @param type what the document is, a media type
/// @param payload the document
/// @param keyId who signed, for people
/// @param signature of the type and the document
public record SignedDocument(String type, Octets payload, String keyId, Octets signature) {
  /// The longest envelope that is read, bytes.
  public static final int MOST_BYTES = 8 << 20;

  private static final JsonFactory JSON =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  /// Has a key.
  @FunctionalInterface
  public interface Signer {
    /// Signs exactly these bytes.
    byte[] sign(byte[] message);
  }

  /// Signs one.
  ///
  /// @param keyId what people call the key
  public static SignedDocument sign(String keyId, Signer signer, String type, byte[] payload) {
    byte[] signature = signer.sign(encoded(type, payload));
    return new SignedDocument(type, Octets.of(payload), keyId, Octets.of(signature));
  }

  /// What is signed: DSSE's pre-authentication encoding, so that a signature of one kind of
  /// document is good for no other.
  private static byte[] encoded(String type, byte[] payload) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int typeBytes = type.getBytes(StandardCharsets.UTF_8).length;
    String head = "DSSEv1 " + typeBytes + " " + type + " " + payload.length + " ";
    out.writeBytes(head.getBytes(StandardCharsets.UTF_8));
    out.writeBytes(payload);
    return out.toByteArray();
  }

  /// The envelope, as it stands in a file.
  public byte[] json() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.setPrettyPrinter(new DefaultPrettyPrinter());
      json.writeStartObject();
      json.writeStringField("payloadType", type);
      json.writeStringField("payload", Base64.getEncoder().encodeToString(payload.toArray()));
      json.writeArrayFieldStart("signatures");
      json.writeStartObject();
      json.writeStringField("keyid", keyId);
      json.writeStringField("sig", Base64.getEncoder().encodeToString(signature.toArray()));
      json.writeEndObject();
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("memory cannot be written to", e);
    }
    return out.toByteArray();
  }

  /// Reads an envelope. What it does not know in one is skipped.
  ///
  /// @throws IOException if it is none, or has not exactly one signature
  public static SignedDocument parse(byte[] bytes) throws IOException {
    try (JsonParser json = JSON.createParser(bytes)) {
      Draft draft = new Draft();
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new IOException("not an envelope");
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        draft.take(json);
      }
      if (json.nextToken() != null || draft.type.isEmpty() || draft.signatures != 1) {
        throw new IOException("not an envelope with one signature");
      }
      return new SignedDocument(
          draft.type, decoded(draft.payload), draft.keyId, decoded(draft.signature));
    } catch (JsonProcessingException e) {
      throw new IOException("not JSON: " + e.getOriginalMessage(), e);
    } catch (IllegalArgumentException e) {
      throw new IOException("not an envelope: " + e.getMessage(), e);
    }
  }

  private static Octets decoded(String text) {
    return Octets.of(Base64.getDecoder().decode(text));
  }

  /// Whether a key signed it.
  ///
  /// @param publicPem the public half, such as what is in an owner's `owner.pub`
  /// @throws ContentException if that is no such key
  public boolean isSignedBy(byte[] publicPem) throws ContentException {
    return OwnerKey.signed(publicPem, encoded(type, payload.toArray()), signature.toArray());
  }

  /// What has been read of one.
  private static final class Draft {
    private String type = "";
    private String payload = "";
    private String keyId = "";
    private String signature = "";
    private int signatures;

    /// Takes the member whose name the parser stands at.
    void take(JsonParser json) throws IOException {
      String name = json.currentName();
      json.nextToken();
      switch (name) {
        case "payloadType" -> type = text(json);
        case "payload" -> payload = text(json);
        case "signatures" -> {
          requireStart(json, JsonToken.START_ARRAY);
          while (json.nextToken() != JsonToken.END_ARRAY) {
            requireStart(json, JsonToken.START_OBJECT);
            signatures++;
            takeSignature(json);
          }
        }
        default -> json.skipChildren();
      }
    }

    private void takeSignature(JsonParser json) throws IOException {
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        json.nextToken();
        switch (name) {
          case "keyid" -> keyId = text(json);
          case "sig" -> signature = text(json);
          default -> json.skipChildren();
        }
      }
    }

    private static String text(JsonParser json) throws IOException {
      requireStart(json, JsonToken.VALUE_STRING);
      return json.getText();
    }

    private static void requireStart(JsonParser json, JsonToken token) throws IOException {
      if (json.currentToken() != token) {
        throw new IOException("not an envelope");
      }
    }
  }
}
