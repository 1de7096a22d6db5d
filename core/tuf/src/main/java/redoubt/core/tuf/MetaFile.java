package redoubt.core.tuf;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// What metadata says of another metadata file.
///
/// @param version its version
/// @param length its length in bytes, if stated
/// @param digests its digests, if stated
public record MetaFile(long version, OptionalLong length, Optional<Digests> digests) {
  /// A file of which only the version is said.
  public static MetaFile of(long version) {
    return new MetaFile(version, OptionalLong.empty(), Optional.empty());
  }

  static MetaFile parse(Json.Members form) throws TufException {
    OptionalLong length =
        form.find("length").isPresent()
            ? OptionalLong.of(form.whole("length", 1))
            : OptionalLong.empty();
    Optional<Digests> digests =
        form.find("hashes").isPresent()
            ? Optional.of(Digests.parse(form.members("hashes")))
            : Optional.empty();
    return new MetaFile(form.whole("version", 1), length, digests);
  }

  /// Reads a `meta` member: files by name, such as `targets.json`.
  static Map<String, MetaFile> parseAll(Json.Members meta) throws TufException {
    Map<String, MetaFile> files = new LinkedHashMap<>();
    for (String name : meta.values().keySet()) {
      files.put(name, parse(meta.members(name)));
    }
    return files;
  }

  /// Insists on the stated length and digests (TUF 5.5.2, 5.6.2).
  ///
  /// @throws TufException if the bytes have others
  public void requireBytes(byte[] file, String step) throws TufException {
    if ((length.isPresent() && length.getAsLong() != file.length)
        || (digests.isPresent() && !digests.get().match(file))) {
      throw new TufException(
          TufException.Reason.MISMATCH, step, "not the bytes that were announced");
    }
  }

  /// Insists on the stated version (TUF 5.5.4, 5.6.4).
  ///
  /// @throws TufException if it is another
  public void requireVersion(Signed signed, String step) throws TufException {
    if (signed.version() != version) {
      throw new TufException(
          TufException.Reason.MISMATCH,
          step,
          "not the version that was announced: type="
              + signed.type()
              + " announced="
              + version
              + " found="
              + signed.version());
    }
  }

  /// The description's form.
  public Json.Members form() {
    Map<String, Json> form = new LinkedHashMap<>();
    digests.ifPresent(known -> form.put("hashes", known.form()));
    length.ifPresent(bytes -> form.put("length", new Json.Whole(bytes)));
    form.put("version", new Json.Whole(version));
    return new Json.Members(form);
  }
}
