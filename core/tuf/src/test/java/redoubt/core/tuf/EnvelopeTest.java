package redoubt.core.tuf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Metadata of which nothing is parsed before its signatures are right.
class EnvelopeTest {
  private final SimulatedRepository repo = MetadataFuzzTest.repository();

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private RoleKeys keys(byte[] file) throws TufException {
    return MetadataFuzzTest.keys(repo, Metadata.parse(file, Signed.class));
  }

  private String rootWithPem() {
    return repo.metadata.entrySet().stream()
        .filter(each -> each.getKey().endsWith("root.json"))
        .map(each -> new String(each.getValue(), StandardCharsets.UTF_8))
        .filter(text -> text.contains("\\u000a"))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void whatWeWriteIsReadAlikeInBothWays() throws Exception {
    for (byte[] file : repo.metadata.values()) {
      RoleKeys keys = keys(file);
      assertEquals(
          MetadataReader.ANY_FORM.read(file, Signed.class, keys, ""),
          MetadataReader.SIGNATURES_FIRST.read(file, Signed.class, keys, ""));
    }
  }

  @Test
  void controlCharactersMayBeEscapedInAnyWay() throws Exception {
    String root = rootWithPem();
    RoleKeys keys = keys(bytes(root));
    Metadata<Signed> read = Metadata.parse(bytes(root), Signed.class);
    for (String same : List.of(root.replace("\\u000a", "\\n"), root + "\n")) {
      assertEquals(read, MetadataReader.SIGNATURES_FIRST.read(bytes(same), Signed.class, keys, ""));
    }
  }

  @Test
  void otherFormsAreRefused() throws Exception {
    String root = rootWithPem();
    RoleKeys keys = keys(bytes(root));
    for (String other :
        List.of(
            "",
            "{}",
            " " + root,
            root + " ",
            root + "\n\n",
            root.replace(",\"signed\":", ", \"signed\":"),
            root.replace("{\"keyid\":", "{\"more\":1,\"keyid\":"),
            root.replace("\\u000a", "\n"),
            root.replace("\\u000a", "\\u000a\\/"),
            root.substring(0, root.length() - 1))) {
      assertThrows(
          TufException.class,
          () -> MetadataReader.SIGNATURES_FIRST.read(bytes(other), Signed.class, keys, ""),
          other);
    }
  }

  @Test
  void nothingIsParsedThatNobodySigned() throws Exception {
    String root = rootWithPem();
    RoleKeys keys = keys(bytes(root));
    String deep = root.substring(0, root.indexOf("\"signed\":") + 9) + "[".repeat(100_000) + "]}";
    TufException refused =
        assertThrows(
            TufException.class,
            () -> MetadataReader.SIGNATURES_FIRST.read(bytes(deep), Signed.class, keys, "5.3.4"));
    assertEquals(TufException.Reason.UNSIGNED, refused.reason());
    assertEquals("5.3.4", refused.step());
  }

  @Test
  void twoSignaturesOfOneKeyAreRefused() throws Exception {
    String root = rootWithPem();
    int from = root.indexOf("{\"keyid\"");
    int to = root.indexOf("}", from) + 1;
    String twice = root.substring(0, to) + "," + root.substring(from);
    assertThrows(TufException.class, () -> Envelope.split(bytes(twice)));
    assertArrayEquals(
        CanonicalJson.write(JsonReader.read(bytes(root)).members("signed")),
        Envelope.split(bytes(root)).signedBytes().toArray());
  }

  /// What is changed by chance is refused, or is what it was.
  @Test
  void whatIsChangedByChanceIsRefusedOrTheSame() throws Exception {
    long seed = Long.getLong("redoubt.fuzz.seed", System.nanoTime());
    int count = Integer.getInteger("redoubt.fuzz.count", 5_000);
    System.out.println("EnvelopeTest: -Dredoubt.fuzz.seed=" + seed);
    SplittableRandom random = new SplittableRandom(seed);
    List<byte[]> files = new ArrayList<>(repo.metadata.values());
    int refused = 0;
    for (int i = 0; i < count; i++) {
      byte[] original = files.get(random.nextInt(files.size()));
      byte[] mutated = MetadataFuzzTest.mutate(original, random);
      RoleKeys keys = keys(original);
      try {
        Metadata<Signed> read =
            MetadataReader.SIGNATURES_FIRST.read(mutated, Signed.class, keys, "");
        assertEquals(
            Metadata.parse(original, Signed.class).signedBytes(),
            read.signedBytes(),
            "seed=" + seed + " round=" + i);
        assertEquals(MetadataReader.ANY_FORM.read(mutated, Signed.class, keys, ""), read);
      } catch (TufException _) {
        refused++;
      }
    }
    assertTrue(refused > count / 2, "refused=" + refused);
  }
}
