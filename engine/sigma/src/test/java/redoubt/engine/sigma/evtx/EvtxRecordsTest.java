package redoubt.engine.sigma.evtx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import redoubt.engine.sigma.Seeds;
import redoubt.engine.sigma.event.Event;
import redoubt.engine.sigma.event.EventFormatException;
import redoubt.engine.sigma.event.FieldTable;
import redoubt.engine.sigma.evtx.LogFile.Value;

class EvtxRecordsTest {
  private final FieldTable fields = new FieldTable();
  private final int channel = fields.slot("Channel");
  private final int eventId = fields.slot("EventID");
  private final int provider = fields.slot("Provider_Name");
  private final int value = fields.slot("Value");

  private EvtxRecords open(byte[] log) {
    return new EvtxRecords(new ByteArrayInputStream(log), fields, false);
  }

  private static List<String> values(Event event, int slot) {
    List<String> values = new ArrayList<>();
    for (int i = event.first(slot); i != Event.NONE; i = event.next(i)) {
      values.add(event.kind(i) + " " + event.string(i));
    }
    return values;
  }

  private List<String> valuesOf(Value data) throws Exception {
    try (EvtxRecords records = open(new LogFile().add("C", 1, Map.of("Value", data)).bytes())) {
      Event event = new Event(fields);
      assertTrue(records.next(event));
      return values(event, value);
    }
  }

  @Test
  void readsTheFrameAndTheDataOfEveryRecordInEveryChunk() throws Exception {
    LogFile log = new LogFile();
    int count = 2_000;
    for (int i = 0; i < count; i++) {
      Map<String, Value> data = new LinkedHashMap<>();
      data.put("Other", Value.text("not asked for"));
      data.put(i % 2 == 0 ? "Value" : "Val ue", Value.text("v" + i));
      log.add("Channel/" + i % 3, i, data);
    }
    byte[] bytes = log.bytes();
    assertTrue(bytes.length > 3 * Chunk.SIZE, "several chunks");
    try (EvtxRecords records = open(bytes)) {
      Event event = new Event(fields);
      for (int i = 0; i < count; i++) {
        event.clear();
        assertTrue(records.next(event));
        assertEquals(List.of("TEXT Channel/" + i % 3), values(event, channel));
        assertEquals(List.of("NUMBER " + i), values(event, eventId));
        assertEquals(List.of("TEXT Test-Provider"), values(event, provider));
        assertEquals(List.of("TEXT v" + i), values(event, value));
      }
      event.clear();
      assertFalse(records.next(event));
    }
  }

  @Test
  void writesValuesAsWindowsShowsThem() throws Exception {
    assertEquals(List.of("TEXT a€😀"), valuesOf(Value.text("a€😀\0\0")));
    assertEquals(
        List.of("TEXT ansi"),
        valuesOf(new Value(ValueType.ANSI_STRING, "ansi\0".getBytes(StandardCharsets.US_ASCII))));
    assertEquals(List.of("NUMBER -1"), valuesOf(Value.of(ValueType.INT8, 1, -1)));
    assertEquals(List.of("NUMBER 255"), valuesOf(Value.of(ValueType.UINT8, 1, -1)));
    assertEquals(List.of("NUMBER -2"), valuesOf(Value.of(ValueType.INT16, 2, -2)));
    assertEquals(List.of("NUMBER 65534"), valuesOf(Value.of(ValueType.UINT16, 2, -2)));
    assertEquals(List.of("NUMBER -3"), valuesOf(Value.of(ValueType.INT32, 4, -3)));
    assertEquals(List.of("NUMBER 4294967293"), valuesOf(Value.of(ValueType.UINT32, 4, -3)));
    assertEquals(List.of("NUMBER -4"), valuesOf(Value.of(ValueType.INT64, 8, -4)));
    assertEquals(
        List.of("NUMBER 18446744073709551612"), valuesOf(Value.of(ValueType.UINT64, 8, -4)));
    assertEquals(
        List.of("NUMBER 1.5"),
        valuesOf(Value.of(ValueType.REAL64, 8, Double.doubleToLongBits(1.5))));
    assertEquals(List.of("BOOLEAN true"), valuesOf(Value.of(ValueType.BOOL, 4, 1)));
    assertEquals(List.of("TEXT 0x3e7"), valuesOf(Value.of(ValueType.HEX_INT64, 8, 0x3E7)));
    assertEquals(List.of("TEXT 0xffffffff"), valuesOf(Value.of(ValueType.HEX_INT32, 4, -1)));
    assertEquals(List.of(), valuesOf(new Value(ValueType.NULL, new byte[0])), "not there");
    assertEquals(List.of("TEXT "), valuesOf(Value.text("")));
    assertEquals(
        List.of("TEXT 2025-11-27T07:40:10.1653240Z"),
        valuesOf(Value.of(ValueType.FILETIME, 8, 134_087_028_101_653_240L)));
    assertEquals(
        List.of("TEXT {5770385F-C22A-43E0-BF4C-06F5698FFBD9}"),
        valuesOf(
            new Value(
                ValueType.GUID, HexFormat.of().parseHex("5f3870572ac2e043bf4c06f5698ffbd9"))));
    assertEquals(
        List.of("TEXT S-1-5-21-1-4294967295"),
        valuesOf(
            new Value(
                ValueType.SID,
                HexFormat.of()
                    .parseHex("0103000000000005" + "15000000" + "01000000" + "ffffffff"))));
    assertEquals(
        List.of("TEXT 0A0BFF"),
        valuesOf(new Value(ValueType.BINARY, HexFormat.of().parseHex("0a0bff"))));
    assertEquals(
        List.of("TEXT a", "TEXT bc"),
        valuesOf(
            new Value(
                ValueType.STRING | ValueType.ARRAY,
                "a\0bc\0".getBytes(StandardCharsets.UTF_16LE))));
    assertEquals(
        List.of("NUMBER 1", "NUMBER 2"),
        valuesOf(
            new Value(ValueType.UINT16 | ValueType.ARRAY, HexFormat.of().parseHex("01000200"))));
  }

  @Test
  void readsRecordsThatNoTemplateWasMadeOf() throws Exception {
    byte[] bytes =
        new LogFile()
            .addDirect("Forwarded", 7, "a")
            .add("C", 2, Map.of("Value", Value.text("b")))
            .addDirect("Forwarded", 8, "c")
            .bytes();
    try (EvtxRecords records = open(bytes)) {
      Event event = new Event(fields);
      assertTrue(records.next(event));
      assertEquals(List.of("TEXT Forwarded"), values(event, channel));
      assertEquals(List.of("TEXT 7"), values(event, eventId));
      assertEquals(List.of("TEXT a"), values(event, value));
      event.clear();
      assertTrue(records.next(event));
      assertEquals(List.of("TEXT b"), values(event, value));
      event.clear();
      assertTrue(records.next(event));
      assertEquals(List.of("TEXT c"), values(event, value));
    }
  }

  @Test
  void refusesTemplatesWithinTemplatesWithoutEnd() throws Exception {
    byte[] bytes =
        new LogFile().addBomb(500, 15).add("C", 1, Map.of("Value", Value.text("x"))).bytes();
    try (EvtxRecords records = open(bytes)) {
      Event event = new Event(fields);
      EventFormatException problem =
          assertThrows(EventFormatException.class, () -> records.next(event));
      assertTrue(problem.problem().contains("too many fields"), problem.problem());
      event.clear();
      assertTrue(records.next(event));
      assertEquals(List.of("TEXT x"), values(event, value));
    }
  }

  @Test
  void goesOnBehindARecordThatCannotBeRead() throws Exception {
    byte[] bytes =
        new LogFile()
            .add("C", 1, Map.of("Value", Value.of(ValueType.BINARY_XML, 1, 0x77)))
            .add("C", 2, Map.of("Value", Value.text("x")))
            .bytes();
    try (EvtxRecords records = open(bytes)) {
      Event event = new Event(fields);
      assertThrows(EventFormatException.class, () -> records.next(event));
      event.clear();
      assertTrue(records.next(event));
      assertEquals(List.of("TEXT x"), values(event, value));
    }
  }

  @Test
  void goesOnBehindAChunkThatIsNone() throws Exception {
    byte[] one = new LogFile().add("C", 1, Map.of("Value", Value.text("x"))).bytes();
    byte[] two = java.util.Arrays.copyOf(one, one.length + Chunk.SIZE);
    System.arraycopy(one, 4_096, two, 4_096 + Chunk.SIZE, Chunk.SIZE);
    two[4_096] = 'X';
    try (EvtxRecords records = open(two)) {
      Event event = new Event(fields);
      assertThrows(EventFormatException.class, () -> records.next(event));
      event.clear();
      assertTrue(records.next(event));
    }
  }

  @Test
  void aLogThatIsCutOffEndsWithAProblemOrInOrder() throws Exception {
    byte[] log = new LogFile().add("C", 1, Map.of("Value", Value.text("x"))).bytes();
    for (int length = 0; length < log.length; length += 97) {
      readAll(java.util.Arrays.copyOf(log, length));
    }
  }

  /// Whatever stands in the bytes: records or problems, and an end.
  @Test
  void noBytesMakeTheReaderFail() throws Exception {
    RandomGenerator random = Seeds.random("noBytesMakeTheReaderFail");
    LogFile file = new LogFile();
    for (int i = 0; i < 20; i++) {
      file.add("C", i, Map.of("Value", Value.text("v" + i), "Other", Value.u16(i)));
    }
    byte[] log = file.bytes();
    int used = 4_096 + 4_000;
    long problems = 0;
    int count = Seeds.count(3_000);
    for (int i = 0; i < count; i++) {
      byte[] broken = log.clone();
      for (int n = 1 + random.nextInt(20); n > 0; n--) {
        broken[4_096 + 0x30 + random.nextInt(used - 4_096 - 0x30)] = (byte) random.nextInt();
      }
      problems += readAll(broken);
    }
    System.out.println("logs=" + count + " problems=" + problems);
    assertTrue(problems > 0);
  }

  private long readAll(byte[] log) throws IOException {
    long problems = 0;
    try (EvtxRecords records = new EvtxRecords(new ByteArrayInputStream(log), fields, true)) {
      Event event = new Event(fields);
      for (int calls = 0; ; calls++) {
        assertTrue(calls < 100_000, "reading does not end");
        event.clear();
        try {
          if (!records.next(event)) {
            return problems;
          }
        } catch (EventFormatException e) {
          problems++;
        }
      }
    }
  }
}
