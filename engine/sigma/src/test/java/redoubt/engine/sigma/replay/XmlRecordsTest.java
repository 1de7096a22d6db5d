package redoubt.engine.sigma.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redoubt.engine.sigma.Seeds;
import redoubt.engine.sigma.event.Event;
import redoubt.engine.sigma.event.EventFormatException;
import redoubt.engine.sigma.event.FieldTable;
import redoubt.engine.sigma.event.XmlEvents;

class XmlRecordsTest {
  private final FieldTable fields = new FieldTable();
  private final int slot = fields.slot("f");

  private static String event(String value) {
    return "<Event xmlns='urn:events'><EventData><Data Name='f'>"
        + value
        + "</Data></EventData></Event>";
  }

  /// The field of each record, or what is wrong with it.
  private List<String> read(InputStream stream) throws IOException {
    List<String> told = new ArrayList<>();
    Event event = new Event(fields);
    try (XmlRecords records = new XmlRecords(new Input(stream), new XmlEvents(fields, false))) {
      while (true) {
        event.clear();
        try {
          if (!records.next(event)) {
            assertFalse(records.next(event), "the end stays the end");
            return told;
          }
          told.add(String.valueOf(event.find(slot)));
        } catch (EventFormatException e) {
          told.add("! " + e.problem());
        }
        assertTrue(told.size() < 100_000, "reading does not end");
      }
    }
  }

  private List<String> read(String xml) throws IOException {
    return read(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{1}{2}",
        "<Events>{1}{2}</Events>",
        "\uFEFF<?xml version='1.0' encoding='utf-8'?>\r\n<Events>\n {1} \r\n {2}\n</Events>\n",
        "<Events xmlns='urn:events' x='>'>{1}<!-- <Event> -->{2}</Events>",
        "<!-- <Event>x</Event> --><?x <Event?>{1}\n\n{2}",
        "<root>{1}{2}</root>",
        "<Events>{1}</Events>\n\uFEFF<?xml version='1.0'?><Events>{2}</Events>",
        "<e:Events xmlns:e='urn:events'>{1}{2}</e:Events>",
        "<Events>{1}{2}"
      })
  void readsEventsWithAndWithoutAnElementAround(String frame) throws Exception {
    String xml = frame.replace("{1}", event("1")).replace("{2}", event("2"));
    assertTrue(XmlRecords.isXml(xml.getBytes(StandardCharsets.UTF_8)));
    assertEquals(List.of("1", "2"), read(xml));
  }

  @Test
  void anEmptyRecordingHasNoRecords() throws Exception {
    for (String xml :
        List.of("", " \n", "<Events/>", "<Events></Events>", "<?xml version='1.0'?>")) {
      assertEquals(List.of(), read(xml), xml);
    }
  }

  @Test
  void findsTheEndOfAnEventWhateverItHolds() throws Exception {
    assertEquals(
        List.of("</Event><Event>", "2"), read(event("<![CDATA[</Event><Event>]]>") + event("2")));
    assertEquals(
        List.of("x", "2"), read(event("<!-- </Event><Event> -->x<?y </Event>?>") + event("2")));
    assertEquals(List.of("null", "null", "2"), read("<Event/><Event a='/>' />" + event("2")));
    assertEquals(
        List.of("1", "2"), read(event("1").replace("</Event>", "</Event\n>") + event("2")));
    assertEquals(
        List.of("1"),
        read(event("1").replace("Data Name", "EventX/><Eventual/><Events/><Data Name")));
  }

  @Test
  void goesOnBehindWhatCannotBeRead() throws Exception {
    List<String> told =
        read(
            "<Events>"
                + event("1")
                + event("&broken;")
                + event("3")
                + "<Event><EventData><Data Name='f'>4"
                + event("5")
                + "<Evemt><EventData/></Evemt>nonsense</Event>"
                + event("7")
                + "</Events>");
    assertEquals(
        List.of("1", "3", "5", "7"), told.stream().filter(t -> !t.startsWith("!")).toList());
    assertEquals(7, told.size(), told.toString());
    assertTrue(told.get(1).contains("an entity"), told.toString());
    assertTrue(told.get(3).startsWith("! not XML: line=1 column="), told.toString());
    assertEquals("! something else where an event should be", told.get(5));
  }

  @Test
  void saysWhatIsNoRecordingOfEvents() throws Exception {
    assertEquals(
        List.of("! something else where an event should be"),
        read("<html><body>no event</body></html>"));
    assertEquals(List.of("! something else where an event should be"), read("<Eve"));
  }

  @Test
  void readsNoFileWithADocumentType() throws Exception {
    String bomb = "<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;&a;'>";
    for (String type :
        List.of(
            "<!DOCTYPE Events [" + bomb + "]>",
            "<?xml version='1.0'?>\n<!DOCTYPE Events SYSTEM 'events.dtd'>")) {
      List<String> told = read(type + "<Events>" + event("&b;") + event("2") + "</Events>");
      assertEquals(1, told.size(), told.toString());
      assertTrue(told.getFirst().startsWith("! a document type (DOCTYPE)"), told.toString());
    }
    List<String> within = read(event("1") + "<!DOCTYPE x>" + event("2"));
    assertEquals(2, within.size(), within.toString());
  }

  @Test
  void saysWhichEncodingsItDoesNotRead() throws Exception {
    assertEquals(
        List.of("! an encoding that is not read: encoding=windows-1252"),
        read("<?xml version=\"1.0\" encoding=\"windows-1252\"?>" + event("1")));
  }

  @Test
  void readsUtf16InEitherOrder() throws Exception {
    String xml = "<?xml version='1.0' encoding='utf-16'?>" + event("ü€😀").repeat(3_000);
    List<String> expected = Collections.nCopies(3_000, "ü€😀");
    for (Charset charset : List.of(StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE)) {
      byte[] bytes = ("\uFEFF" + xml).getBytes(charset);
      assertTrue(Utf16AsUtf8.isMarked(bytes));
      assertEquals(expected, read(new Utf16AsUtf8(new ByteArrayInputStream(bytes))));
      byte[] cut = Arrays.copyOf(bytes, bytes.length - 3);
      assertEquals(3_000, read(new Utf16AsUtf8(new ByteArrayInputStream(cut))).size());
    }
  }

  /// A stream of the same text over and over, between a head and a tail.
  private static InputStream endless(String head, String middle, long times, String tail) {
    byte[] bytes = middle.repeat(10_000).getBytes(StandardCharsets.US_ASCII);
    List<InputStream> parts = new ArrayList<>();
    parts.add(new ByteArrayInputStream(head.getBytes(StandardCharsets.US_ASCII)));
    for (long i = 0; i < times; i += 10_000) {
      parts.add(new ByteArrayInputStream(bytes));
    }
    parts.add(new ByteArrayInputStream(tail.getBytes(StandardCharsets.US_ASCII)));
    return new SequenceInputStream(Collections.enumeration(parts));
  }

  /// Forty megabytes of each, told of once, in little memory.
  @ParameterizedTest
  @ValueSource(strings = {"xxxxxxxxxx", "<a><b c=''>", "<Data Name='f'>", "</a>"})
  void whatIsTooLongIsToldOfAndLeftOut(String middle) throws Exception {
    long times = 40_000_000 / middle.length();
    List<String> within =
        read(endless("<Event><EventData>", middle, times, "</Event>" + event("2")));
    assertEquals(2, within.size(), within.toString());
    assertTrue(within.getFirst().contains("longer than is read"), within.toString());
    assertEquals("2", within.getLast());
    List<String> before = read(endless("<Events>x", middle, times, event("2")));
    assertEquals(List.of("! something else where an event should be", "2"), before);
  }

  @Test
  void whatDoesNotEndTakesTheRestWithItAndIsToldOf() throws Exception {
    String middle = "<!--<![CDATA[<?";
    long times = 40_000_000 / middle.length();
    List<String> within = read(endless(event("1") + "<Event>", middle, times, event("2")));
    assertEquals(2, within.size(), within.toString());
    assertTrue(within.getLast().contains("longer than is read"), within.toString());
    List<String> before = read(endless(event("1"), middle, times, event("2")));
    assertEquals(List.of("1", "! something else where an event should be"), before);
  }

  /// In a time that does not grow with the square of the length: nothing is looked at again.
  @Test
  void readsThroughManyStartsWithoutEnd() throws Exception {
    for (String middle :
        List.of("<Event>", "<Event><!--", "<!--", "<Events", "<Event a='", "</Event")) {
      List<String> told = read(endless("", middle, 10_000, ""));
      assertTrue(told.stream().allMatch(one -> one.startsWith("!")), "nothing is an event");
    }
  }

  @Test
  void whatIsCutOffEndsInOrder() throws Exception {
    byte[] whole =
        ("<?xml version='1.0'?><Events>" + event("1<![CDATA[x]]>") + "<!-- c -->" + event("2"))
            .getBytes(StandardCharsets.UTF_8);
    for (int length = 0; length < whole.length; length++) {
      List<String> told = read(new ByteArrayInputStream(whole, 0, length));
      // What is left of `<EventData` may look like an event.
      assertTrue(told.size() <= 3, told.toString());
    }
    assertEquals(List.of("1x", "2"), read(new ByteArrayInputStream(whole)));
  }

  /// Whatever stands in the bytes: records or problems, and an end.
  @Test
  void noBytesMakeTheReaderFail() throws Exception {
    RandomGenerator random = Seeds.random("noBytesMakeTheReaderFail");
    byte[] whole =
        ("<?xml version='1.0' encoding='utf-8'?><Events>"
                + event("1")
                + "<!-- c -->"
                + event("<![CDATA[2]]>")
                + event("3")
                + "</Events>")
            .getBytes(StandardCharsets.UTF_8);
    long problems = 0;
    int count = Seeds.count(5_000);
    for (int i = count; i > 0; i--) {
      byte[] bytes = whole.clone();
      for (int n = 1 + random.nextInt(5); n > 0; n--) {
        bytes[random.nextInt(bytes.length)] =
            random.nextBoolean()
                ? (byte) random.nextInt()
                : (byte) "<>/&;#x'\"=![]-?E \n".charAt(random.nextInt(18));
      }
      problems +=
          read(new ByteArrayInputStream(bytes)).stream().filter(one -> one.startsWith("!")).count();
    }
    System.out.println("recordings=" + count + " problems=" + problems);
    assertTrue(problems > 0);
  }
}
