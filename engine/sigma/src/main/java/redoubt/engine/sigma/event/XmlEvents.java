package redoubt.engine.sigma.event;

import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.XMLConstants;
import javax.xml.stream.Location;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import redoubt.engine.sigma.rule.FieldName;

/// Reads Windows events from their XML, one element `Event` at a time.
///
/// The fields are those that the same event has in an event log ([XmlPlace]), all of them texts;
/// names count without their namespaces. An element without content has an empty value. A character
/// that XML forbids is read as U+FFFD, also if it is written as a number: Windows writes such
/// characters, and one in a command line must not hide its event. There are no entities but XML's
/// own five, no document types, and nothing is ever fetched. Not thread-safe.
public final class XmlEvents {
  private static final int DEPTH_LIMIT = 32;
  private static final int PROBLEM_LENGTH = 200;
  private static final String EVENT = "Event";

  /// Stands before what is wrong, behind the place, in what the parser says.
  private static final String MESSAGE = "Message: ";

  private static final Pattern REFERENCE =
      Pattern.compile("&#(?:x([0-9A-Fa-f]{1,7})|([0-9]{1,7}));");

  private final FieldTable fields;
  private final boolean keepUnknown;
  private final XMLInputFactory factory = hermeticFactory();

  /// @param fields the fields that are asked for
  /// @param keepUnknown whether the others matter too
  public XmlEvents(FieldTable fields, boolean keepUnknown) {
    this.fields = fields;
    this.keepUnknown = keepUnknown;
  }

  private static XMLInputFactory hermeticFactory() {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, false);
    factory.setProperty(XMLConstants.ACCESS_EXTERNAL_DTD, "");
    // A prefix may be declared outside of the event.
    factory.setProperty(XMLInputFactory.IS_NAMESPACE_AWARE, false);
    factory.setXMLResolver((_, _, _, _) -> {
      throw new XMLStreamException("nothing is fetched");
    });
    return factory;
  }

  /// Reads one element `Event`, in UTF-8.
  ///
  /// @param event empty; holds some of the fields also if reading fails
  /// @throws EventFormatException if the bytes are not exactly that element
  public void read(byte[] bytes, int from, int to, Event event) throws EventFormatException {
    // Decoding replaces what is no UTF-8.
    String text = legal(new String(bytes, from, to - from, StandardCharsets.UTF_8));
    try {
      XMLStreamReader xml = factory.createXMLStreamReader(new StringReader(text));
      if (advance(xml) != XMLStreamConstants.START_ELEMENT
          || !localName(xml.getLocalName()).equals(EVENT)) {
        throw new EventFormatException("not an element Event");
      }
      element(xml, XmlPlace.DOCUMENT, event, 0);
      while (xml.hasNext()) {
        advance(xml);
      }
      xml.close();
    } catch (XMLStreamException e) {
      throw problem(e);
    }
  }

  private static int advance(XMLStreamReader xml) throws XMLStreamException {
    try {
      return xml.next();
    } catch (RuntimeException e) {
      // The parser is not ours: whatever it throws costs this record alone.
      throw new XMLStreamException("the parser failed: " + e, e);
    }
  }

  /// Reads the element whose start was read last, up to its end.
  private void element(XMLStreamReader xml, XmlPlace outer, Event event, int depth)
      throws XMLStreamException, EventFormatException {
    if (depth > DEPTH_LIMIT) {
      throw new EventFormatException("XML is nested too deeply: limit=" + DEPTH_LIMIT);
    }
    String name = localName(xml.getLocalName());
    boolean hasAttributes = xml.getAttributeCount() > 0;
    if (outer == XmlPlace.SYSTEM) {
      addAttributes(xml, name, event);
    }
    int slot = fields.find(outer.hasNames() ? fieldName(xml, name) : name);
    boolean wanted = slot != FieldTable.UNKNOWN || keepUnknown;
    XmlPlace inner = outer.inner(name);
    StringBuilder text = new StringBuilder();
    boolean hasElements = false;
    while (true) {
      switch (advance(xml)) {
        case XMLStreamConstants.START_ELEMENT -> {
          hasElements = true;
          element(xml, inner, event, depth + 1);
        }
        case XMLStreamConstants.END_ELEMENT -> {
          boolean isField = !hasElements && isField(outer, hasAttributes, text);
          if (wanted && isField) {
            event.add(slot, Event.Kind.TEXT, text.toString());
          }
          return;
        }
        case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA, XMLStreamConstants.SPACE -> {
          if (wanted && !hasElements) {
            text.append(xml.getTextCharacters(), xml.getTextStart(), xml.getTextLength());
          }
        }
        case XMLStreamConstants.COMMENT, XMLStreamConstants.PROCESSING_INSTRUCTION -> {
          // Says nothing about the event.
        }
        default -> throw new EventFormatException("an entity or a document type in an event");
      }
    }
  }

  /// Whether an element without elements is a field.
  private static boolean isField(XmlPlace outer, boolean hasAttributes, StringBuilder text) {
    return switch (outer) {
      case DOCUMENT -> false;
      case EVENT -> !text.toString().isBlank();
      case SYSTEM -> !text.isEmpty() || !hasAttributes;
      case EVENT_DATA, ELEMENTS -> true;
    };
  }

  private void addAttributes(XMLStreamReader xml, String element, Event event) {
    for (int i = 0; i < xml.getAttributeCount(); i++) {
      int slot = fields.find(element + "_" + localName(xml.getAttributeLocalName(i)));
      if (slot != FieldTable.UNKNOWN || keepUnknown) {
        event.add(slot, Event.Kind.TEXT, xml.getAttributeValue(i));
      }
    }
  }

  /// The attribute `Name`, else the element's own name.
  private static String fieldName(XMLStreamReader xml, String element) {
    for (int i = 0; i < xml.getAttributeCount(); i++) {
      if (xml.getAttributeLocalName(i).equals("Name")) {
        return FieldName.of(xml.getAttributeValue(i));
      }
    }
    return element;
  }

  private static String localName(String name) {
    return name.substring(name.indexOf(':') + 1);
  }

  // ---- what XML forbids

  private static String legal(String text) {
    Matcher reference = REFERENCE.matcher(text);
    StringBuilder mended = new StringBuilder();
    int copied = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      int end = i;
      if (!isLegal(c)) {
        end = i + 1;
      } else if (c == '&'
          && reference.region(i, text.length()).lookingAt()
          && !isLegalReference(reference)) {
        end = reference.end();
      }
      if (end > i) {
        mended.append(text, copied, i).append('\uFFFD');
        copied = end;
        i = end - 1;
      }
    }
    return copied == 0 ? text : mended.append(text, copied, text.length()).toString();
  }

  private static boolean isLegalReference(Matcher reference) {
    String hexadecimal = reference.group(1);
    int point =
        hexadecimal == null
            ? Integer.parseInt(reference.group(2))
            : Integer.parseInt(hexadecimal, 16);
    boolean surrogate = point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
    return Character.isValidCodePoint(point) && !surrogate && isLegal(point);
  }

  private static boolean isLegal(int point) {
    return point >= ' '
        ? point != 0xFFFE && point != 0xFFFF
        : point == '\t' || point == '\n' || point == '\r';
  }

  private static EventFormatException problem(XMLStreamException e) {
    String said = String.valueOf(e.getMessage());
    int message = said.indexOf(MESSAGE);
    String reason = message < 0 ? said : said.substring(message + MESSAGE.length());
    Location location = e.getLocation();
    String place =
        location == null
            ? ""
            : " line=" + location.getLineNumber() + " column=" + location.getColumnNumber();
    return new EventFormatException(
        "not XML:"
            + place
            + " problem="
            + reason.substring(0, Math.min(PROBLEM_LENGTH, reason.length())));
  }
}
