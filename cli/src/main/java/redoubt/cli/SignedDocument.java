package redoubt.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import redoubt.core.content.ContentException;
import redoubt.core.content.OwnerKey;
import redoubt.core.model.Octets;

/// A document with its owner's signature, in the form that tools of the supply chain read: DSSE,
/// the Dead Simple Signing Envelope, version 1.0.2.
///
/// @param type what the document is, a media type
/// @param payload the document
/// @param keyId who signed, for people
/// @param signature of the type and the document
record SignedDocument(String type, Octets payload, String keyId, Octets signature) {
  /// The longest that is read.
  static final int MOST_BYTES = 8 << 20;

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  static SignedDocument sign(OwnerKey key, String type, byte[] payload) {
    byte[] signature = key.sign(encoded(type, payload));
    return new SignedDocument(type, Octets.of(payload), key.id(), Octets.of(signature));
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

  ObjectNode json() {
    ObjectNode node = Subcommand.object();
    node.put("payloadType", type);
    node.put("payload", Base64.getEncoder().encodeToString(payload.toArray()));
    node.putArray("signatures")
        .addObject()
        .put("keyid", keyId)
        .put("sig", Base64.getEncoder().encodeToString(signature.toArray()));
    return node;
  }

  /// Reads one.
  ///
  /// @throws IOException if it is none, or has not exactly one signature
  static SignedDocument parse(byte[] bytes) throws IOException {
    try {
      JsonNode node = JSON.readTree(bytes);
      JsonNode signatures = node.path("signatures");
      if (!node.path("payloadType").isTextual() || signatures.size() != 1) {
        throw new IOException("not an envelope with one signature");
      }
      return new SignedDocument(
          node.path("payloadType").asText(),
          decoded(node.path("payload")),
          signatures.path(0).path("keyid").asText(),
          decoded(signatures.path(0).path("sig")));
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw new IOException("not an envelope", e);
    }
  }

  private static Octets decoded(JsonNode text) {
    return Octets.of(Base64.getDecoder().decode(text.asText()));
  }

  /// Whether an owner's key signed it.
  ///
  /// @param publicPem what is in that owner's `owner.pub`
  /// @throws ContentException if that is no such key
  boolean isSignedBy(byte[] publicPem) throws ContentException {
    return OwnerKey.signed(publicPem, encoded(type, payload.toArray()), signature.toArray());
  }
}
