package redoubt.core.content;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import redoubt.core.model.EngineId;
import redoubt.core.model.Sha256;

/// What the owner's signature says of a local payload. Its text form is the manifest: six lines
/// that are signed byte by byte, and the signature.
///
/// @param engine the engine that it is for
/// @param name the name of the owner's file, for people, 1 to 128 characters
/// @param sizeBytes the payload's size
/// @param sha256 the payload's digest
/// @param created when it was taken, to the millisecond
record LocalBundle(EngineId engine, String name, long sizeBytes, Sha256 sha256, Instant created) {
  static final int MAX_MANIFEST_BYTES = 4096;
  static final int MAX_NAME_CHARS = 128;

  private static final String FORM = "redoubt-local-bundle 1";
  private static final List<String> FIELDS =
      List.of("engine: ", "name: ", "size: ", "sha256: ", "created: ");
  private static final String SIGNATURE = "signature: ";

  LocalBundle {
    if (name.isEmpty()
        || name.length() > MAX_NAME_CHARS
        || name.codePoints().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException("not a content name: name=" + name);
    }
    if (sizeBytes < 0 || sizeBytes > ContentStore.MAX_PAYLOAD_BYTES) {
      throw new IllegalArgumentException("size out of range: sizeBytes=" + sizeBytes);
    }
  }

  /// Makes a name that fits out of a file name that may not.
  static String nameOf(String fileName) {
    String printable = fileName.replaceAll("\\p{Cntrl}", "?");
    String cut = printable.substring(0, Math.min(printable.length(), MAX_NAME_CHARS));
    return cut.isEmpty() ? "content" : cut;
  }

  /// Returns the signed manifest.
  byte[] sign(OwnerKey key) {
    byte[] signed = signedText().getBytes(StandardCharsets.UTF_8);
    String signature = Base64.getEncoder().encodeToString(key.sign(signed));
    return (signedText() + SIGNATURE + signature + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /// Reads a manifest and checks the signature. Only one spelling of each manifest is accepted.
  ///
  /// @throws ContentException if the bytes are no manifest or `key` did not sign them
  static LocalBundle verify(byte[] manifest, OwnerKey key) throws ContentException {
    String text = decode(manifest);
    int end = text.indexOf(SIGNATURE);
    if (end < 0 || !text.endsWith("\n")) {
      throw new ContentException("the manifest has no signature");
    }
    String signed = text.substring(0, end);
    String signature = text.substring(end + SIGNATURE.length(), text.length() - 1);
    if (!key.signed(signed.getBytes(StandardCharsets.UTF_8), decodeSignature(signature))) {
      throw new ContentException(
          "the manifest is not signed by this host's owner key: key=" + key.id());
    }
    return parse(signed);
  }

  private String signedText() {
    return FORM
        + "\nengine: "
        + engine
        + "\nname: "
        + name
        + "\nsize: "
        + sizeBytes
        + "\nsha256: "
        + sha256
        + "\ncreated: "
        + created.toEpochMilli()
        + "\n";
  }

  private static LocalBundle parse(String signed) throws ContentException {
    List<String> lines = signed.lines().toList();
    if (lines.size() != FIELDS.size() + 1 || !lines.getFirst().equals(FORM)) {
      throw new ContentException("not a manifest of form " + FORM);
    }
    try {
      LocalBundle bundle =
          new LocalBundle(
              new EngineId(field(lines, 1)),
              field(lines, 2),
              Long.parseLong(field(lines, 3)),
              Sha256.parse(field(lines, 4)),
              Instant.ofEpochMilli(Long.parseLong(field(lines, 5))));
      if (!bundle.signedText().equals(signed)) {
        throw new ContentException("the manifest is spelled in a way that is never written");
      }
      return bundle;
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new ContentException("a field of the manifest is out of range", e);
    }
  }

  private static String field(List<String> lines, int number) {
    String line = lines.get(number);
    String label = FIELDS.get(number - 1);
    if (!line.startsWith(label)) {
      throw new IllegalArgumentException("field missing: name=" + label);
    }
    return line.substring(label.length());
  }

  private static String decode(byte[] manifest) throws ContentException {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(manifest)).toString();
    } catch (CharacterCodingException e) {
      throw new ContentException("the manifest is not UTF-8", e);
    }
  }

  private static byte[] decodeSignature(String text) throws ContentException {
    try {
      byte[] signature = Base64.getDecoder().decode(text);
      if (!Base64.getEncoder().encodeToString(signature).equals(text)) {
        throw new ContentException("the signature is spelled in a way that is never written");
      }
      return signature;
    } catch (IllegalArgumentException e) {
      throw new ContentException("the signature is not base64", e);
    }
  }
}
