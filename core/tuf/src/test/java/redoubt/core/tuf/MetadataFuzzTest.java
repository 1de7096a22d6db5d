package redoubt.core.tuf;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Metadata that was changed by chance: it is read or refused with a reason, and a signature never
/// survives a change of what was signed.
class MetadataFuzzTest {
  private static final List<String> PIECES =
      List.of(
          "{",
          "}",
          "[",
          "]",
          "\"",
          ",",
          ":",
          "\\u0000",
          "\\ud800",
          "null",
          "true",
          "-1",
          "0",
          "1e9",
          "99999999999999999999",
          "\"signed\"",
          "\"_type\"",
          "\"keys\"",
          "\"version\"",
          "\"keyid\"",
          "\"threshold\":0",
          "\"paths\":[]",
          "\u0000",
          "\uFEFF",
          "/*x*/",
          "é");

  @Test
  void whatIsChangedByChanceIsReadOrRefused() {
    long seed = Long.getLong("redoubt.fuzz.seed", System.nanoTime());
    int count = Integer.getInteger("redoubt.fuzz.count", 5_000);
    System.out.println("MetadataFuzzTest: -Dredoubt.fuzz.seed=" + seed);
    SplittableRandom random = new SplittableRandom(seed);
    SimulatedRepository repo = repository();
    List<byte[]> files = new ArrayList<>(repo.metadata.values());
    int refused = 0;
    for (int i = 0; i < count; i++) {
      byte[] original = files.get(random.nextInt(files.size()));
      byte[] mutated = mutate(original, random);
      refused += survives(repo, original, mutated, "seed=" + seed + " round=" + i) ? 0 : 1;
    }
    assertTrue(refused > count / 2, "refused=" + refused);
  }

  static SimulatedRepository repository() {
    SimulatedRepository repo = new SimulatedRepository();
    repo.addKey("root", TestKeys.of(KeyScheme.ECDSA_P256, 1));
    repo.addKey("root", TestKeys.of(KeyScheme.RSA_PSS, 1));
    repo.delegate("targets", "a", true, "a/*");
    repo.delegate("targets", "b", false, new PathRule.DigestPrefixes(List.of("0", "f")));
    repo.addTarget("a", "a/x", "content");
    repo.publish("a", "b", "root", "targets", "snapshot", "timestamp");
    return repo;
  }

  private static boolean survives(
      SimulatedRepository repo, byte[] original, byte[] mutated, String where) {
    try {
      Metadata<Signed> metadata = Metadata.parse(mutated, Signed.class);
      Metadata<Signed> before = Metadata.parse(original, Signed.class);
      boolean same = metadata.signedBytes().equals(before.signedBytes());
      RoleKeys keys = keys(repo, before);
      assertTrue(same || keys.signers(metadata).isEmpty(), where);
      return same && !keys.signers(metadata).isEmpty();
    } catch (TufException _) {
      return false;
    } catch (RuntimeException e) {
      throw new AssertionError(where + " " + new String(mutated, StandardCharsets.UTF_8), e);
    }
  }

  static RoleKeys keys(SimulatedRepository repo, Metadata<Signed> metadata) {
    List<String> ids = List.copyOf(metadata.signatures().keySet());
    Map<String, VerifyingKey> known = new HashMap<>();
    repo.roles
        .values()
        .forEach(role -> role.signers.forEach(key -> known.put(key.keyId(), key.verifying())));
    known.keySet().retainAll(ids);
    return new RoleKeys(ids, known, 1);
  }

  static byte[] mutate(byte[] original, SplittableRandom random) {
    byte[] bytes = original.clone();
    for (int changes = random.nextInt(1, 4); changes > 0; changes--) {
      int at = random.nextInt(bytes.length);
      bytes =
          switch (random.nextInt(5)) {
            case 0 -> set(bytes, at, (byte) random.nextInt(256));
            case 1 ->
                splice(bytes, at, Math.min(bytes.length, at + random.nextInt(20)), new byte[0]);
            case 2 -> splice(bytes, at, at, piece(random));
            case 3 -> splice(bytes, at, Math.min(bytes.length, at + 1), piece(random));
            default -> {
              int from = random.nextInt(bytes.length);
              int to = Math.min(bytes.length, from + random.nextInt(100));
              yield splice(bytes, at, at, Arrays.copyOfRange(bytes, from, to));
            }
          };
      if (bytes.length == 0) {
        return bytes;
      }
    }
    return bytes;
  }

  private static byte[] piece(SplittableRandom random) {
    return PIECES.get(random.nextInt(PIECES.size())).getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] set(byte[] bytes, int at, byte value) {
    byte[] changed = bytes.clone();
    changed[at] = value;
    return changed;
  }

  private static byte[] splice(byte[] bytes, int from, int to, byte[] middle) {
    byte[] changed = Arrays.copyOf(bytes, from + middle.length + bytes.length - to);
    System.arraycopy(middle, 0, changed, from, middle.length);
    System.arraycopy(bytes, to, changed, from + middle.length, bytes.length - to);
    return changed;
  }
}
