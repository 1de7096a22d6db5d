package redoubt.core.tuf;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// The digests that metadata states of a file, those of a kind that we know: `sha256` and `sha512`.
/// Others are left out; bytes of which only others are stated match nothing, since nothing can be
/// checked.
///
/// @param values lower-case hexadecimal by kind, `sha256` first
public record Digests(Map<String, String> values) {
  private static final Set<String> KINDS = Set.of("sha256", "sha512");

  /// Insists on known kinds.
  public Digests {
    values = Collections.unmodifiableMap(new TreeMap<>(values));
    if (!KINDS.containsAll(values.keySet())) {
      throw new IllegalArgumentException("digests of an unknown kind: kinds=" + values.keySet());
    }
  }

  /// Reads the member `hashes` of a file's description.
  ///
  /// @throws TufException if one of a known kind is no digest
  static Digests parse(Json.Members hashes) throws TufException {
    Map<String, String> known = new LinkedHashMap<>();
    for (String kind : hashes.values().keySet()) {
      String digest = hashes.text(kind);
      if (KINDS.contains(kind)) {
        known.put(kind, requireHex(kind, digest));
      }
    }
    return new Digests(known);
  }

  /// Computes both digests of some bytes.
  public static Digests of(byte[] bytes) {
    Map<String, String> values = new LinkedHashMap<>();
    KINDS.forEach(
        kind -> values.put(kind, HexFormat.of().formatHex(digester(nameOf(kind)).digest(bytes))));
    return new Digests(values);
  }

  /// Computes the SHA-256 of some bytes, as hexadecimal.
  public static String sha256(byte[] bytes) {
    return HexFormat.of().formatHex(digester("SHA-256").digest(bytes));
  }

  /// Whether all of them are those of these bytes.
  public boolean match(byte[] bytes) {
    Check check = check();
    check.update(bytes, 0, bytes.length);
    return check.matches();
  }

  /// Starts a check of bytes that come in parts.
  public Check check() {
    return new Check();
  }

  /// The digest that stands before a target's name where snapshots are consistent, or nothing if
  /// none is of a known kind.
  public Optional<String> findPreferred() {
    return values.values().stream().findFirst();
  }

  /// The description's form.
  public Json.Members form() {
    Map<String, Json> form = new LinkedHashMap<>();
    values.forEach((kind, digest) -> form.put(kind, new Json.Text(digest)));
    return new Json.Members(form);
  }

  private static String requireHex(String kind, String digest) throws TufException {
    int digits = kind.equals("sha256") ? 64 : 128;
    if (!digest.matches("[0-9a-f]{" + digits + "}")) {
      throw TufException.malformed("not a digest: kind=" + kind);
    }
    return digest;
  }

  private static MessageDigest digester(String name) {
    try {
      return MessageDigest.getInstance(name);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has " + name, e);
    }
  }

  /// Digests bytes as they come, by one thread.
  public final class Check {
    private final Map<String, MessageDigest> running = new LinkedHashMap<>();

    private Check() {
      values.keySet().forEach(kind -> running.put(kind, digester(nameOf(kind))));
    }

    /// Takes the next bytes.
    public void update(byte[] bytes, int from, int count) {
      running.values().forEach(digester -> digester.update(bytes, from, count));
    }

    /// Whether the bytes so far have all the digests. Ends the check.
    public boolean matches() {
      return !running.isEmpty()
          && running.entrySet().stream()
              .allMatch(each ->
                  HexFormat.of()
                      .formatHex(each.getValue().digest())
                      .equals(values.get(each.getKey())));
    }
  }

  private static String nameOf(String kind) {
    return kind.equals("sha256") ? "SHA-256" : "SHA-512";
  }
}
