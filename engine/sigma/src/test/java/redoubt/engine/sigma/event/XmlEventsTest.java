package redoubt.engine.sigma.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redoubt.engine.sigma.Seeds;

class XmlEventsTest {
  private static final String SYSMON =
      """
      <Event xmlns='urn:events'><System><Provider Name='Microsoft-Windows-Sysmon'
        Guid='{5770385f-c22a-43e0-bf4c-06f5698ffbd9}'/><EventID>1</EventID><Version>5</Version>
        <Level>4</Level><Keywords>0x8000000000000000</Keywords>
        <TimeCreated SystemTime='2026-11-27T07:40:10.1653240Z'/><Correlation/>
        <Execution ProcessID='3544' ThreadID='4272'/>
        <Channel>Microsoft-Windows-Sysmon/Operational</Channel><Computer>host</Computer>
        <Security UserID='S-1-5-18'/></System>
        <EventData><Data Name='RuleName'>-</Data><Data Name='Image'>C:\\a &amp; b.exe</Data>
        <Data Name='Command Line'>a &lt;b&gt; &quot;c&quot; &apos;d&apos; &#x20AC;&#33;</Data>
        <Data Name='Empty'></Data><Data Name='Gone'/></EventData></Event>\
      """;

  @TempDir private Path folder;

  private final FieldTable fields = new FieldTable();

  private Event read(String xml, boolean keepUnknown) throws EventFormatException {
    byte[] bytes = xml.getBytes(StandardCharsets.UTF_8);
    Event event = new Event(fields);
    new XmlEvents(fields, keepUnknown).read(bytes, 0, bytes.length, event);
    return event;
  }

  /// The values of a field, which is asked for.
  private List<String> values(String xml, String field) throws EventFormatException {
    int slot = fields.slot(field);
    Event event = read(xml, false);
    List<String> values = new ArrayList<>();
    for (int value = event.first(slot); value != Event.NONE; value = event.next(value)) {
      assertEquals(Event.Kind.TEXT, event.kind(value));
      values.add(event.string(value));
    }
    return values;
  }

  private List<String> ofData(String content) throws EventFormatException {
    return values(
        "<Event><EventData><Data Name='f'>" + content + "</Data></EventData></Event>", "f");
  }

  @Test
  void fieldsHaveTheNamesThatEventLogsGiveThem() throws Exception {
    assertEquals(List.of("Microsoft-Windows-Sysmon"), values(SYSMON, "Provider_Name"));
    assertEquals(List.of("1"), values(SYSMON, "EventID"));
    assertEquals(List.of("Microsoft-Windows-Sysmon/Operational"), values(SYSMON, "Channel"));
    assertEquals(List.of("host"), values(SYSMON, "Computer"));
    assertEquals(List.of("2026-11-27T07:40:10.1653240Z"), values(SYSMON, "TimeCreated_SystemTime"));
    assertEquals(List.of("3544"), values(SYSMON, "Execution_ProcessID"));
    assertEquals(List.of("S-1-5-18"), values(SYSMON, "Security_UserID"));
    assertEquals(List.of("C:\\a & b.exe"), values(SYSMON, "Image"));
    assertEquals(List.of("a <b> \"c\" 'd' €!"), values(SYSMON, "CommandLine"));
    assertEquals(List.of(""), values(SYSMON, "Empty"), "there, without content");
    assertEquals(List.of(""), values(SYSMON, "Gone"), "XML does not tell it from the other");
    assertEquals(List.of(""), values(SYSMON, "Correlation"));
    assertEquals(List.of(), values(SYSMON, "Execution"), "its attributes are fields");
    assertEquals(List.of(), values(SYSMON, "Data"));
    assertEquals(List.of(), values(SYSMON, "System"));
  }

  @Test
  void dataWithoutANameAndOtherElementsAreFields() throws Exception {
    String xml =
        "<Event><EventData><Data>a</Data><Data>b</Data><Binary>0A0B</Binary></EventData>"
            + "<UserData><Any xmlns='urn:any'><Param>c</Param><Inner><Deep>d</Deep></Inner></Any>"
            + "</UserData></Event>";
    assertEquals(List.of("a", "b"), values(xml, "Data"));
    assertEquals(List.of("0A0B"), values(xml, "Binary"));
    assertEquals(List.of("c"), values(xml, "Param"));
    assertEquals(List.of("d"), values(xml, "Deep"));
    assertEquals(List.of(), values(xml, "Any"));
    assertEquals(List.of(), values(xml, "Inner"));
    assertEquals(
        List.of("text"), values("<Event><EventData>text</EventData></Event>", "EventData"));
    assertEquals(List.of(), values("<Event><EventData>\n</EventData></Event>", "EventData"));
  }

  @Test
  void qualifiersAndNamespacesDoNotCount() throws Exception {
    String xml =
        "<e:Event><e:System><e:EventID e:Qualifiers='16384'>7</e:EventID></e:System>"
            + "<x:EventData><x:Data Name='f'>v</x:Data></x:EventData></e:Event>";
    assertEquals(List.of("7"), values(xml, "EventID"));
    assertEquals(List.of("16384"), values(xml, "EventID_Qualifiers"));
    assertEquals(List.of("v"), values(xml, "f"));
  }

  @Test
  void readsTextHoweverItIsWritten() throws Exception {
    assertEquals(List.of("a<b>&amp;c"), ofData("a<![CDATA[<b>&amp;]]>c"));
    assertEquals(List.of("ab"), ofData("a<!-- <x> & -->b"));
    assertEquals(List.of("ab"), ofData("a<?x <y> ?>b"));
    assertEquals(List.of("a\nb\nc"), ofData("a\r\nb\nc"), "as XML has line ends");
    assertEquals(List.of("aü€😀"), ofData("aü&#8364;&#x1F600;"));
  }

  @Test
  void charactersThatXmlForbidsHideNothing() throws Exception {
    assertEquals(List.of("a\uFFFDb"), ofData("a\u0001b"));
    assertEquals(List.of("a\uFFFDb\uFFFD"), ofData("a&#x1;b&#0;"));
    assertEquals(List.of("\uFFFD\uFFFD\uFFFD"), ofData("\uFFFF&#xD800;&#xFFFE;"));
    assertEquals(List.of("\t€&#1;"), ofData("&#9;&#x20ac;&amp;#1;"), "these are allowed");
    byte[] bytes = "<Event><EventData>x</EventData></Event>".getBytes(StandardCharsets.US_ASCII);
    bytes["<Event><EventData>".length()] = (byte) 0xFF;
    int slot = fields.slot("EventData");
    Event event = new Event(fields);
    new XmlEvents(fields, false).read(bytes, 0, bytes.length, event);
    assertEquals("\uFFFD", event.find(slot));
  }

  @Test
  void keepsWhatNobodyAsksForIfItMatters() throws Exception {
    Event event = read(SYSMON, true);
    List<String> values = new ArrayList<>();
    for (int value = 0; value < event.count(); value++) {
      values.add(event.string(value));
    }
    assertTrue(
        values.containsAll(List.of("-", "host", "S-1-5-18", "C:\\a & b.exe")), values.toString());
    assertEquals(0, read(SYSMON, false).count());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "x",
        "<Event",
        "<Event>",
        "<Event></Even>",
        "<Event></Event><Event/>",
        "<Event></Event>x",
        "<Evant/>",
        "<Event><Data></Event>",
        "<Event><EventData><Data Name='f>v</Data></EventData></Event>",
        "<Event><EventData a='1' a='2'/></Event>",
        "<Event>&unknown;</Event>",
        "<Event><EventData><Data Name='&unknown;'/></EventData></Event>",
        "<Event>a & b</Event>",
        "<Event><![CDATA[x</Event>",
        "<Event><!-- x</Event>",
        "<Event><!-- -- --></Event>",
        "<Event><!DOCTYPE x></Event>",
        "<Event>]]></Event>",
        "<Event>&#99999999;</Event>",
        "<Event><1/></Event>"
      })
  void refusesWhatIsNoEvent(String xml) {
    assertThrows(EventFormatException.class, () -> read(xml, true));
    assertThrows(EventFormatException.class, () -> read(xml, false));
  }

  @Test
  void neitherDefinesNorFetchesAnything() throws Exception {
    Path secret = Files.writeString(folder.resolve("secret"), "secret");
    StringBuilder laughs = new StringBuilder("<!DOCTYPE Event [<!ENTITY a0 'ha'>");
    for (int i = 1; i < 30; i++) {
      laughs.append("<!ENTITY a").append(i).append(" '");
      laughs.append(("&a" + (i - 1) + ";").repeat(10)).append("'>");
    }
    String field = "<Event><EventData><Data Name='f'>&a29;&x;</Data></EventData></Event>";
    fields.slot("f");
    for (String type :
        List.of(
            laughs + "]>",
            "<!DOCTYPE Event [<!ENTITY x SYSTEM '" + secret.toUri() + "'>]>",
            "<!DOCTYPE Event SYSTEM '" + secret.toUri() + "'>",
            "<!DOCTYPE Event [<!ENTITY % p SYSTEM '" + secret.toUri() + "'> %p;]>")) {
      assertThrows(EventFormatException.class, () -> read(type + field, true));
      assertThrows(
          EventFormatException.class, () -> read(type + field.replaceAll("&[^;]*;", ""), true));
    }
    String included =
        "<Event><EventData><x:include href='" + secret.toUri() + "'/></EventData></Event>";
    assertEquals(List.of(""), values(included, "include"));
  }

  @Test
  void refusesDeepNesting() {
    String deep = "<a>".repeat(100_000) + "</a>".repeat(100_000);
    assertThrows(EventFormatException.class, () -> read("<Event>" + deep + "</Event>", true));
    assertThrows(EventFormatException.class, () -> read("<Event>" + "<a>".repeat(1_000_000), true));
  }

  @Test
  void leavesOutWhatIsTooMuch() throws Exception {
    String data = "<Data Name='f'>v</Data>".repeat(Event.VALUES_LIMIT + 5);
    Event unasked = read("<Event><EventData>" + data + "</EventData></Event>", true);
    assertEquals(Event.VALUES_LIMIT / 2, unasked.count());
    fields.slot("f");
    Event asked = read("<Event><EventData>" + data + "</EventData></Event>", false);
    assertEquals(Event.VALUES_LIMIT, asked.count());
    assertEquals(5, asked.left());
  }

  @Test
  void readsLongTexts() throws Exception {
    String text = "&lt;x".repeat(32_767);
    assertEquals(List.of("<x".repeat(32_767)), ofData(text), "as long as Windows has them");
    assertEquals(List.of("x".repeat(10_000_000)), ofData("x".repeat(10_000_000)));
  }

  @Test
  void whatIsCutOffIsRefused() {
    byte[] whole = SYSMON.getBytes(StandardCharsets.UTF_8);
    XmlEvents reader = new XmlEvents(fields, true);
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThrows(
          EventFormatException.class, () -> reader.read(cut, 0, cut.length, new Event(fields)));
    }
  }

  /// Whatever stands in the bytes: an event or a problem.
  @Test
  void noBytesMakeTheReaderFail() {
    RandomGenerator random = Seeds.random("noBytesMakeTheReaderFail");
    XmlEvents reader = new XmlEvents(fields, true);
    byte[] whole =
        SYSMON
            .replace("<Data Name='Empty'>", "<?a b?><!-- c --><Data Name='Empty'><![CDATA[]]>")
            .getBytes(StandardCharsets.UTF_8);
    int read = 0;
    int count = Seeds.count(10_000);
    for (int i = count; i > 0; i--) {
      byte[] bytes = whole.clone();
      for (int n = 1 + random.nextInt(4); n > 0; n--) {
        bytes[random.nextInt(bytes.length)] =
            random.nextBoolean()
                ? (byte) random.nextInt()
                : (byte) "<>/&;#x'\"=![]-?: \n".charAt(random.nextInt(18));
      }
      try {
        reader.read(bytes, 0, bytes.length, new Event(fields));
        read++;
      } catch (EventFormatException e) {
        assertTrue(!e.problem().isEmpty() && e.problem().length() < 400, e.problem());
        assertTrue(!e.problem().contains("the parser failed"), e.problem());
      }
    }
    System.out.println("events=" + count + " read=" + read);
    assertTrue(read > 0 && read < count);
  }
}
