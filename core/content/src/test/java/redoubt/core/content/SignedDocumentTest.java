package redoubt.core.content;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SignedDocumentTest {
  private static final String TYPE = "http:/" + "/example.com/HelloWorld";
  private static final byte[] PAYLOAD = "hello world".getBytes(UTF_8);

  @TempDir Path state;
  private OwnerKey key;
  private byte[] open;

  @BeforeEach
  void makeKey() throws Exception {
    key = OwnerKey.loadOrCreate(state);
    open = Files.readAllBytes(state.resolve("owner.pub"));
  }

  private SignedDocument signed() {
    return SignedDocument.sign(key.id(), key::sign, TYPE, PAYLOAD);
  }

  /// The vector of the specification of DSSE, with a key of ours in the place of its own.
  @Test
  void theSignatureIsThatOfTheStandard() {
    byte[] encoded = ("DSSEv1 29 " + TYPE + " 11 hello world").getBytes(UTF_8);
    assertTrue(key.signed(encoded, signed().signature().toArray()));
  }

  @Test
  void whatIsWrittenIsRead() throws Exception {
    SignedDocument read = SignedDocument.parse(signed().json());
    assertEquals(signed(), read);
    assertTrue(read.isSignedBy(open));
    assertFalse(
        new SignedDocument("other", read.payload(), read.keyId(), read.signature())
            .isSignedBy(open),
        "a signature of one kind is good for no other");
  }

  @Test
  void whatOthersAddIsSkipped() throws Exception {
    String text = new String(signed().json(), UTF_8).replaceFirst("\\{", "{\"more\":[{\"a\":1}],");
    assertEquals(signed(), SignedDocument.parse(text.getBytes(UTF_8)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{}",
        "{\"payloadType\":\"a\",\"payload\":\"\",\"signatures\":[]}",
        "{\"payloadType\":\"a\",\"payload\":\"\",\"signatures\":[{},{}]}",
        "{\"payloadType\":7,\"payload\":\"\",\"signatures\":[{}]}",
        "{\"payloadType\":\"a\",\"payload\":\"*\",\"signatures\":[{}]}",
        "{\"payloadType\":\"a\",\"payloadType\":\"b\",\"payload\":\"\",\"signatures\":[{}]}",
        "{\"payloadType\":\"a\",\"payload\":\"\",\"signatures\":[{}]} {}",
        "{\"payloadType\":\"a\",\"payload\":\"\",\"signatures\":[{}]"
      })
  void whatIsNoEnvelopeIsRefused(String text) {
    assertThrows(IOException.class, () -> SignedDocument.parse(text.getBytes(UTF_8)));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void noChangeGoesUnnoticed(long seed) {
    byte[] whole = signed().json();
    Random random = new Random(seed);
    for (int round = 0; round < 500; round++) {
      byte[] bytes = whole.clone();
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      try {
        SignedDocument read = SignedDocument.parse(bytes);
        if (read.isSignedBy(open)) {
          // What is not signed may differ: spaces, and the name of the key.
          assertEquals(signed().payload(), read.payload());
          assertEquals(TYPE, read.type());
        }
      } catch (IOException | ContentException e) {
        assertFalse(String.valueOf(e.getMessage()).isEmpty());
      }
    }
  }
}
