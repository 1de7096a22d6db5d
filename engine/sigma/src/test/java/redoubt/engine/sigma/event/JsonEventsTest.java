package redoubt.engine.sigma.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redoubt.engine.sigma.Seeds;

/// Our reader and Jackson's read the same.
class JsonEventsTest {
  private static final JsonMapper JACKSON = new JsonMapper();
  private static final String CHARACTERS = "ab .\"\\/\b\f\n\r\t\u0001ü€😀";

  private final FieldTable fields = new FieldTable();

  private Event read(String json, boolean keepUnknown) throws EventFormatException {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    Event event = new Event(fields);
    new JsonEvents(fields, keepUnknown).read(bytes, 0, bytes.length, event);
    return event;
  }

  private static List<String> values(Event event, int slot) {
    List<String> values = new ArrayList<>();
    for (int value = event.first(slot); value != Event.NONE; value = event.next(value)) {
      values.add(event.kind(value) + " " + event.string(value));
    }
    return values;
  }

  @Test
  void readsEveryKindOfValue() throws Exception {
    int slot = fields.slot("f");
    Event event =
        read(
            "{\"f\": [\"a\\u00fc\\ud83d\\ude00\\n\", -1.5e+3, 0, true, false, null, [], {}, \"\"]}",
            false);
    assertEquals(
        List.of(
            "TEXT aü😀\n",
            "NUMBER -1.5e+3",
            "NUMBER 0",
            "BOOLEAN true",
            "BOOLEAN false",
            "NULL ",
            "NULL ",
            "NULL ",
            "TEXT "),
        values(event, slot));
  }

  @Test
  void replacesWhatIsNoCharacter() throws Exception {
    int slot = fields.slot("f");
    assertEquals(List.of("TEXT \uFFFDx"), values(read("{\"f\": \"\\ud83dx\"}", false), slot));
    byte[] bytes = {'{', '"', 'f', '"', ':', '"', (byte) 0xFF, 'x', '"', '}'};
    Event event = new Event(fields);
    new JsonEvents(fields, false).read(bytes, 0, bytes.length, event);
    assertEquals(List.of("TEXT \uFFFDx"), values(event, slot));
  }

  @Test
  void understandsTheXmlOfWindowsInJson() throws Exception {
    int provider = fields.slot("Provider_Name");
    int id = fields.slot("EventID");
    int image = fields.slot("Image");
    int data = fields.slot("Data");
    int param = fields.slot("Param");
    Event event =
        read(
            "{\"Event\": {\"#attributes\": {\"xmlns\": \"x\"}, \"System\": {\"Provider\":"
                + " {\"#attributes\": {\"Name\": \"P\"}}, \"EventID\": {\"#attributes\":"
                + " {\"Qualifiers\": 1}, \"#text\": 7}}, \"EventData\": {\"Image\": \"I\","
                + " \"Data\": {\"#text\": [\"a\", \"b\"]}}, \"UserData\": {\"Any\": {\"Param\":"
                + " 9}}}}",
            false);
    assertEquals(List.of("TEXT P"), values(event, provider));
    assertEquals(List.of("NUMBER 7"), values(event, id));
    assertEquals(List.of("TEXT I"), values(event, image));
    assertEquals(List.of("TEXT a", "TEXT b"), values(event, data));
    assertEquals(List.of("NUMBER 9"), values(event, param));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "[]",
        "x",
        "{",
        "{\"a\"",
        "{\"a\":",
        "{\"a\":1",
        "{\"a\":1,",
        "{\"a\":1,}",
        "{a:1}",
        "{\"a\":01}",
        "{\"a\":1.}",
        "{\"a\":1e}",
        "{\"a\":-}",
        "{\"a\":tru}",
        "{\"a\":\"\\x\"}",
        "{\"a\":\"\\u12\"}",
        "{\"a\":\"",
        "{\"a\":\"\n\"}",
        "{\"a\n\":1}",
        "{\"a\":[1 2]}",
        "{\"a\":[1",
        "{\"a\":+1}",
        "{\"a\":\"x\\"
      })
  void refusesWhatIsNoObject(String json) {
    fields.slot("a");
    assertThrows(EventFormatException.class, () -> read(json, true));
    // What is wrong with escapes in a field that nobody asks for is not looked at.
    if (!json.contains("\\x") && !json.contains("\\u")) {
      String unasked = json.replace("\"a\"", "\"b\"");
      assertThrows(EventFormatException.class, () -> read(unasked, false));
    }
  }

  @Test
  void refusesDeepNesting() {
    assertThrows(
        EventFormatException.class,
        () -> read("{\"a\":".repeat(100_000) + "1" + "}".repeat(100_000), true));
  }

  @Test
  void leavesOutWhatIsTooMuch() throws Exception {
    String json = "{\"a\": [" + "1,".repeat(Event.VALUES_LIMIT) + "1]}";
    Event unasked = read(json, true);
    assertEquals(Event.VALUES_LIMIT / 2, unasked.count());
    assertEquals(Event.VALUES_LIMIT / 2 + 1, unasked.left());
    fields.slot("a");
    Event asked = read(json, true);
    assertEquals(Event.VALUES_LIMIT, asked.count());
    assertEquals(1, asked.left());
  }

  @Test
  void readsWhatJacksonReads() throws Exception {
    RandomGenerator random = Seeds.random("readsWhatJacksonReads");
    int slot = fields.slot("a.b");
    for (int i = Seeds.count(20_000); i > 0; i--) {
      ObjectNode node = JsonNodeFactory.instance.objectNode();
      List<String> expected = new ArrayList<>();
      for (int n = random.nextInt(4); n > 0; n--) {
        add(node.withArray("/a/b"), random, expected);
        node.put(Seeds.text(random, CHARACTERS, 3) + "x", Seeds.text(random, CHARACTERS, 9));
      }
      String json = random.nextBoolean() ? node.toString() : node.toPrettyString();
      assertEquals(expected, values(read(json, random.nextBoolean()), slot), json);
    }
  }

  private static void add(
      com.fasterxml.jackson.databind.node.ArrayNode array,
      RandomGenerator random,
      List<String> expected) {
    if (random.nextBoolean()) {
      String text = Seeds.text(random, CHARACTERS, 12);
      array.add(text);
      expected.add("TEXT " + text);
    } else {
      array.add(random.nextInt());
      expected.add("NUMBER " + array.get(array.size() - 1).asText());
    }
  }

  /// Broken documents are refused by both, whole ones by none; and nothing else is ever thrown.
  @Test
  void refusesWhatJacksonRefuses() {
    RandomGenerator random = Seeds.random("refusesWhatJacksonRefuses");
    fields.slot("a");
    int whole = 0;
    for (int i = Seeds.count(100_000); i > 0; i--) {
      byte[] bytes =
          "{\"a\": [\"x\\u0041\\n\", -12.5e3, true, null, {\"b\": {}}], \"c\": \"d\"}"
              .getBytes(StandardCharsets.UTF_8);
      for (int n = random.nextInt(3); n > 0; n--) {
        bytes[random.nextInt(bytes.length)] =
            (byte) "{}[]\",:0a\\ut-.e\n ".charAt(random.nextInt(17));
      }
      boolean read;
      try {
        int end = new JsonEvents(fields, true).read(bytes, 0, bytes.length, new Event(fields));
        read = new String(bytes, end, bytes.length - end, StandardCharsets.UTF_8).isBlank();
      } catch (EventFormatException e) {
        read = false;
      }
      assertEquals(jacksonReads(bytes), read, () -> new String(bytes, StandardCharsets.UTF_8));
      whole += read ? 1 : 0;
    }
    assertTrue(whole > 0);
  }

  private static boolean jacksonReads(byte[] bytes) {
    try (com.fasterxml.jackson.core.JsonParser parser = JACKSON.createParser(bytes)) {
      JsonNode node = parser.readValueAsTree();
      return node != null && node.isObject() && parser.nextToken() == null;
    } catch (java.io.IOException e) {
      return false;
    }
  }
}
