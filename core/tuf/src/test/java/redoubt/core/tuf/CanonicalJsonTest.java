package redoubt.core.tuf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The canonical form, and the only way of writing JSON that is read.
class CanonicalJsonTest {
  @Test
  void membersAreSortedByCodePoints() throws TufException {
    // U+FFFD sorts before U+1F600, and after it as UTF-16.
    assertEquals(
        "{\"B\":1,\"a\":2,\"\uFFFD\":3,\"\uD83D\uDE00\":4}",
        canonical("{ \"\uD83D\uDE00\":4, \"\uFFFD\":3, \"a\":2, \"B\":1 }"));
  }

  @Test
  void textsEscapeQuotesAndBackslashesOnly() throws TufException {
    assertEquals(
        "{\"a\":\"\\\"\\\\/\n\t\b\f\r\u0001é\"}",
        canonical("{\"a\":\"\\\"\\\\\\/\\n\\t\\b\\f\\r\\u0001\\u00e9\"}"));
  }

  @Test
  void numbersWordsAndEmptyThings() throws TufException {
    assertEquals(
        "{\"a\":[],\"b\":{},\"c\":[true,false,null,-5,9223372036854775807]}",
        canonical("{\"c\":[true, false, null, -5, 9223372036854775807], \"b\":{}, \"a\":[]}"));
  }

  @Test
  void aFileReadsBackAsTheSame() throws TufException {
    Json.Members value = JsonReader.read(utf8("{\"a\\nb\":\"\\u0000\\u001f \\\" \\\\\"}"));
    assertEquals(value, JsonReader.read(CanonicalJson.writeFile(value)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{",
        "{}x",
        "{} {}",
        "{\"a\":1,\"a\":1}",
        "{\"a\":{\"b\":1,\"b\":2}}",
        "{\"a\":1.0}",
        "{\"a\":1e2}",
        "{\"a\":9223372036854775808}",
        "{\"a\":NaN}",
        "{\"a\":'b'}",
        "{a:1}",
        "{\"a\":1,}",
        "// c\n{}",
        "{\"a\":\"\n\"}",
        "{\"a\":\"\\ud800\"}",
        "{\"\\udc00\":1}",
        "\uFEFF{}"
      })
  void anythingElseIsRefused(String text) {
    assertThrows(TufException.class, () -> JsonReader.read(utf8(text)), text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-32", "ISO-8859-1"})
  void anotherEncodingIsRefused(String encoding) {
    byte[] bytes = "{\"é\":1}".getBytes(Charset.forName(encoding));
    assertThrows(TufException.class, () -> JsonReader.read(bytes));
  }

  @Test
  void depthIsBounded() throws TufException {
    assertEquals("[".repeat(30) + "]".repeat(30), nested(30));
    assertThrows(TufException.class, () -> nested(5_000));
  }

  private static String nested(int depth) throws TufException {
    String list = "[".repeat(depth) + "]".repeat(depth);
    String canonical = canonical("{\"a\":" + list + "}");
    return canonical.substring(5, canonical.length() - 1);
  }

  private static String canonical(String text) throws TufException {
    return new String(CanonicalJson.write(JsonReader.read(utf8(text))), StandardCharsets.UTF_8);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
