package redoubt.core.tuf;

import java.util.LinkedHashMap;
import java.util.Map;

/// What metadata says of a target.
///
/// @param length its length in bytes
/// @param digests its digests
/// @param custom what the vendor adds; empty if nothing
public record TargetFile(long length, Digests digests, Json.Members custom) {
  /// Describes some bytes.
  public static TargetFile of(byte[] bytes) {
    return new TargetFile(bytes.length, Digests.of(bytes), new Json.Members(Map.of()));
  }

  static TargetFile parse(Json.Members form) throws TufException {
    return new TargetFile(
        form.whole("length", 0),
        Digests.parse(form.members("hashes")),
        form.find("custom").isPresent() ? form.members("custom") : new Json.Members(Map.of()));
  }

  /// Whether it describes the same bytes, whatever else it says.
  public boolean isSameFile(TargetFile other) {
    return length == other.length && digests.equals(other.digests);
  }

  /// The description's form.
  public Json.Members form() {
    Map<String, Json> form = new LinkedHashMap<>();
    if (!custom.values().isEmpty()) {
      form.put("custom", custom);
    }
    form.put("hashes", digests.form());
    form.put("length", new Json.Whole(length));
    return new Json.Members(form);
  }
}
