package redoubt.core.tuf;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Changes of JSON that only a test would make. Stateless.
final class Edits {
  private Edits() {}

  /// Sets the member at the end of a way of names.
  static Json.Members set(Json.Members in, Json value, String... way) {
    Map<String, Json> members = new LinkedHashMap<>(in.values());
    String name = way[0];
    if (way.length == 1) {
      members.put(name, value);
    } else {
      String[] rest = List.of(way).subList(1, way.length).toArray(String[]::new);
      members.put(name, set((Json.Members) at(in, name), value, rest));
    }
    return new Json.Members(members);
  }

  /// Takes the member at the end of a way of names away.
  static Json.Members remove(Json.Members in, String... way) {
    Map<String, Json> members = new LinkedHashMap<>(in.values());
    String name = way[0];
    if (way.length == 1) {
      members.remove(name);
    } else {
      String[] rest = List.of(way).subList(1, way.length).toArray(String[]::new);
      members.put(name, remove((Json.Members) at(in, name), rest));
    }
    return new Json.Members(members);
  }

  /// The value at the end of a way of names.
  static Json at(Json in, String... way) {
    Json value = in;
    for (String name : way) {
      value = Objects.requireNonNull(((Json.Members) value).values().get(name), name);
    }
    return value;
  }

  /// The first signature of a signed file, in hexadecimal.
  static String signature(byte[] file) {
    Json.Items signatures = (Json.Items) at(read(file), "signatures");
    return ((Json.Text) at(signatures.values().getFirst(), "sig")).value();
  }

  /// Parses a file that is sound.
  static Json.Members read(byte[] file) {
    try {
      return JsonReader.read(file);
    } catch (TufException e) {
      throw new AssertionError(e);
    }
  }

  /// Replaces the signature of a key id in a signed file, or adds one.
  static byte[] withSignature(byte[] file, String keyId, String hex) {
    return CanonicalJson.writeFile(signatures(file, keyId, hex, true));
  }

  /// Adds a signature, also if that key id has one.
  static byte[] withExtraSignature(byte[] file, String keyId, String hex) {
    return CanonicalJson.writeFile(signatures(file, keyId, hex, false));
  }

  private static Json.Members signatures(byte[] file, String keyId, String hex, boolean replace) {
    Json.Members members = read(file);
    List<Json> kept = new ArrayList<>();
    for (Json each : ((Json.Items) at(members, "signatures")).values()) {
      if (!replace || !at(each, "keyid").equals(new Json.Text(keyId))) {
        kept.add(each);
      }
    }
    kept.add(new Json.Members(Map.of("keyid", new Json.Text(keyId), "sig", new Json.Text(hex))));
    return set(members, new Json.Items(kept), "signatures");
  }
}
