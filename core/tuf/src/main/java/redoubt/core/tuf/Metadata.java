package redoubt.core.tuf;

import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import redoubt.core.model.Octets;

/// One metadata file as it was received, read but not verified.
///
/// @param signed what it says
/// @param signedBytes the bytes over which signatures are made
/// @param signatures by key id; one that is no hexadecimal is there, empty
/// @param <T> its kind
public record Metadata<T extends Signed>(
    T signed, Octets signedBytes, Map<String, Octets> signatures) {
  private static final int MOST_SIGNATURES = 1024;

  /// Copies the map.
  public Metadata {
    signatures = Map.copyOf(signatures);
  }

  /// Reads a file of one kind.
  ///
  /// @throws TufException if it is of another kind or no metadata, or has two signatures of one key
  ///   id (TUF 4.2.1: key ids are unique there)
  public static <T extends Signed> Metadata<T> parse(byte[] file, Class<T> kind)
      throws TufException {
    Json.Members members = JsonReader.read(file);
    Json.Members form = members.members("signed");
    return new Metadata<>(
        kindOf(form, kind), Octets.of(CanonicalJson.write(form)), signatures(members));
  }

  /// Reads what an envelope has, whose signatures were right.
  ///
  /// @throws TufException if it is of another kind or no metadata, or not what was signed
  static <T extends Signed> Metadata<T> parse(Envelope envelope, Class<T> kind)
      throws TufException {
    Json.Members form = JsonReader.read(envelope.json().toArray());
    if (!Octets.of(CanonicalJson.write(form)).equals(envelope.signedBytes())) {
      throw TufException.malformed("not what was signed");
    }
    return new Metadata<>(kindOf(form, kind), envelope.signedBytes(), envelope.signatures());
  }

  private static <T extends Signed> T kindOf(Json.Members form, Class<T> kind) throws TufException {
    Signed signed = Signed.parse(form);
    if (!kind.isInstance(signed)) {
      throw TufException.malformed(
          "another kind: wanted=" + kind.getSimpleName() + " found=" + signed.type());
    }
    return kind.cast(signed);
  }

  private static Map<String, Octets> signatures(Json.Members file) throws TufException {
    Map<String, Octets> signatures = new LinkedHashMap<>();
    for (Json.Members each : file.objects("signatures")) {
      if (signatures.put(each.text("keyid"), bytes(each.text("sig"))) != null) {
        throw TufException.malformed("two signatures of one key: keyid=" + each.text("keyid"));
      }
    }
    requireFew(signatures);
    return signatures;
  }

  /// Insists that nobody is kept busy with signatures.
  ///
  /// @throws TufException if there are too many
  static void requireFew(Map<String, Octets> signatures) throws TufException {
    if (signatures.size() > MOST_SIGNATURES) {
      throw TufException.malformed("too many signatures: limit=" + MOST_SIGNATURES);
    }
  }

  /// A signature; empty if it is no hexadecimal.
  static Octets bytes(String hex) {
    try {
      return Octets.of(HexFormat.of().parseHex(hex));
    } catch (IllegalArgumentException _) {
      // a signature that verifies nothing; others may suffice
      return Octets.of(new byte[0]);
    }
  }
}
