package redoubt.engine.sigma.evtx;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import redoubt.engine.sigma.event.Event;
import redoubt.engine.sigma.event.EventFormatException;
import redoubt.engine.sigma.event.FieldTable;
import redoubt.engine.sigma.event.XmlPlace;
import redoubt.engine.sigma.evtx.Template.Constant;
import redoubt.engine.sigma.evtx.Template.Field;
import redoubt.engine.sigma.evtx.Template.Part;
import redoubt.engine.sigma.evtx.Template.Substitution;
import redoubt.engine.sigma.rule.FieldName;

/// Makes templates of binary XML, \[MS-EVEN6\] 2.2.12.
final class TemplateCompiler {
  private static final int DEPTH_LIMIT = 32;
  private static final int FIELDS_LIMIT = 4_096;

  // Tokens; the bit 0x40 says that more of the kind follows.
  private static final int MORE = 0x40;
  private static final int END_OF_STREAM = 0x00;
  private static final int OPEN_START_ELEMENT = 0x01;
  private static final int CLOSE_START_ELEMENT = 0x02;
  private static final int CLOSE_EMPTY_ELEMENT = 0x03;
  private static final int END_ELEMENT = 0x04;
  private static final int VALUE = 0x05;
  private static final int ATTRIBUTE = 0x06;
  private static final int CDATA = 0x07;
  private static final int CHARACTER_REFERENCE = 0x08;
  private static final int ENTITY_REFERENCE = 0x09;
  private static final int PI_TARGET = 0x0A;
  private static final int PI_DATA = 0x0B;
  private static final int NORMAL_SUBSTITUTION = 0x0D;
  private static final int OPTIONAL_SUBSTITUTION = 0x0E;
  private static final int FRAGMENT_HEADER = 0x0F;

  private static final Map<String, String> ENTITIES =
      Map.of("amp", "&", "lt", "<", "gt", ">", "quot", "\"", "apos", "'");

  private final Chunk chunk;
  private final FieldTable names;
  private final boolean keepUnknown;
  private final Map<Integer, String> knownNames = new HashMap<>();
  private List<Field> fields = new ArrayList<>();
  private int at;
  private int end;
  private int dependencyIdLength;

  /// @param names the fields that are asked for
  /// @param keepUnknown whether the others matter too
  TemplateCompiler(Chunk chunk, FieldTable names, boolean keepUnknown) {
    this.chunk = chunk;
    this.names = names;
    this.keepUnknown = keepUnknown;
  }

  /// Forgets what another chunk held.
  void clear() {
    knownNames.clear();
  }

  /// Compiles the elements between two offsets.
  ///
  /// @param direct whether they stand in the record itself instead of a template: such elements
  ///   have no dependency identifier
  Template compile(int from, int to, XmlPlace place, boolean direct) throws EventFormatException {
    at = from;
    end = to;
    dependencyIdLength = direct ? 0 : 2;
    fields = new ArrayList<>();
    while (at < end) {
      int token = chunk.u8(at) & ~MORE;
      switch (token) {
        case FRAGMENT_HEADER -> at += 4;
        case OPEN_START_ELEMENT -> element(place, 0);
        case PI_TARGET, PI_DATA -> instruction();
        case END_OF_STREAM -> end = at;
        default -> throw unexpected(token);
      }
    }
    return new Template(List.copyOf(fields));
  }

  private void element(XmlPlace outer, int depth) throws EventFormatException {
    if (depth > DEPTH_LIMIT) {
      throw new EventFormatException("XML is nested too deeply: limit=" + DEPTH_LIMIT);
    }
    boolean hasAttributes = (chunk.u8(at) & MORE) != 0;
    int nameAt = at + 5 + dependencyIdLength;
    at = nameAt + 4;
    String element = name(nameAt);
    at += hasAttributes ? 4 : 0;
    int first = fields.size();
    Field attributeName = attributes(outer, element);
    XmlPlace inner = outer.inner(element);
    List<Part> parts = new ArrayList<>();
    boolean hasElements = false;
    int closed = chunk.u8(at++);
    if (closed == CLOSE_EMPTY_ELEMENT) {
      addValue(outer, element, attributeName, inner, parts, first);
      return;
    }
    if (closed != CLOSE_START_ELEMENT) {
      throw unexpected(closed);
    }
    while (true) {
      int token = chunk.u8(at) & ~MORE;
      if (token == END_ELEMENT) {
        at++;
        break;
      } else if (token == OPEN_START_ELEMENT) {
        hasElements = true;
        element(inner, depth + 1);
      } else if (token == PI_TARGET || token == PI_DATA) {
        instruction();
      } else {
        parts.add(part());
      }
    }
    if (hasElements) {
      addBetween(parts, inner);
    } else {
      addValue(outer, element, attributeName, inner, parts, first);
    }
  }

  /// What stands between elements counts only if a record has elements there.
  private void addBetween(List<Part> parts, XmlPlace inner) throws EventFormatException {
    for (Part part : parts) {
      if (part instanceof Substitution) {
        add(new Field(FieldTable.UNKNOWN, -1, inner, List.of(part)));
      }
    }
  }

  /// Reads the attributes of an element; those of `System` are fields.
  ///
  /// @return the attribute `Name`, as a field without one
  private Field attributes(XmlPlace outer, String element) throws EventFormatException {
    Field named = new Field(FieldTable.UNKNOWN, -1, outer, List.of());
    while ((chunk.u8(at) & ~MORE) == ATTRIBUTE) {
      int nameAt = at + 1;
      at += 5;
      String attribute = name(nameAt);
      List<Part> parts = new ArrayList<>();
      while (isPart(chunk.u8(at) & ~MORE)) {
        parts.add(part());
      }
      if (outer == XmlPlace.SYSTEM) {
        add(new Field(slot(element + "_" + attribute), -1, outer, List.copyOf(parts)));
      } else if (attribute.equals("Name") && !parts.isEmpty()) {
        named = new Field(FieldTable.UNKNOWN, -1, outer, List.copyOf(parts));
      }
    }
    return named;
  }

  private static boolean isPart(int token) {
    return token == VALUE
        || token == CDATA
        || token == CHARACTER_REFERENCE
        || token == ENTITY_REFERENCE
        || token == NORMAL_SUBSTITUTION
        || token == OPTIONAL_SUBSTITUTION;
  }

  /// @param first how many fields there were before the element's attributes
  private void addValue(
      XmlPlace outer, String element, Field named, XmlPlace inner, List<Part> parts, int first)
      throws EventFormatException {
    boolean onlyAttributes = parts.isEmpty() && fields.size() > first;
    if ((outer == XmlPlace.EVENT && parts.isEmpty()) || onlyAttributes) {
      return;
    }
    if (outer == XmlPlace.DOCUMENT) {
      addBetween(parts, inner);
      return;
    }
    if (outer.hasNames()) {
      if (!named.parts().isEmpty()) {
        addNamed(named, inner, parts);
        return;
      }
    }
    add(new Field(slot(element), -1, inner, List.copyOf(parts)));
  }

  private void addNamed(Field named, XmlPlace inner, List<Part> parts) throws EventFormatException {
    if (named.parts().getFirst() instanceof Substitution(int index, _)) {
      add(new Field(FieldTable.UNKNOWN, index, inner, List.copyOf(parts)));
      return;
    }
    StringBuilder name = new StringBuilder();
    for (Part part : named.parts()) {
      if (part instanceof Constant(String text)) {
        name.append(text);
      }
    }
    add(new Field(slot(FieldName.of(name.toString())), -1, inner, List.copyOf(parts)));
  }

  private int slot(String name) {
    return names.find(name);
  }

  private void add(Field field) throws EventFormatException {
    // A value that nobody asks for may still be XML with some that are.
    boolean mayHoldXml = field.parts().stream().anyMatch(Substitution.class::isInstance);
    if (field.slot() == FieldTable.UNKNOWN && field.nameFrom() < 0 && !keepUnknown && !mayHoldXml) {
      return;
    }
    if (fields.size() == FIELDS_LIMIT) {
      throw new EventFormatException("template has too many fields: limit=" + FIELDS_LIMIT);
    }
    fields.add(field);
  }

  private Part part() throws EventFormatException {
    int token = chunk.u8(at) & ~MORE;
    return switch (token) {
      case VALUE -> chunk.u8(at + 1) == ValueType.STRING ? constant(at + 2) : number();
      case CDATA -> constant(at + 1);
      case CHARACTER_REFERENCE -> {
        int character = chunk.u16(at + 1);
        at += 3;
        yield new Constant(String.valueOf((char) character));
      }
      case ENTITY_REFERENCE -> {
        int nameAt = at + 1;
        at += 5;
        String entity = name(nameAt);
        yield new Constant(ENTITIES.getOrDefault(entity, "&" + entity + ";"));
      }
      case NORMAL_SUBSTITUTION, OPTIONAL_SUBSTITUTION -> {
        int index = chunk.u16(at + 1);
        at += 4;
        yield new Substitution(index, token == OPTIONAL_SUBSTITUTION);
      }
      default -> throw unexpected(token);
    };
  }

  /// Reads a value of a type that tells its length, as elements have it that no template was made
  /// of.
  private Constant number() throws EventFormatException {
    int type = chunk.u8(at + 1);
    int length = ValueType.elementLength(type);
    if (length == 0) {
      throw new EventFormatException("constant of an unknown type: type=" + type + " at=" + at);
    }
    Event text = new Event(new FieldTable());
    text.begin(FieldTable.UNKNOWN, Event.Kind.TEXT);
    new ValueText(chunk).append(text, type, at + 2, length);
    at += 2 + length;
    return new Constant(text.string(0));
  }

  /// Reads a text behind its length in characters.
  private Constant constant(int lengthAt) throws EventFormatException {
    int length = 2 * chunk.u16(lengthAt);
    chunk.require(lengthAt + 2, length);
    at = lengthAt + 2 + length;
    return new Constant(new String(chunk.bytes(), lengthAt + 2, length, StandardCharsets.UTF_16LE));
  }

  private void instruction() throws EventFormatException {
    if ((chunk.u8(at) & ~MORE) == PI_TARGET) {
      int nameAt = at + 1;
      at += 5;
      name(nameAt);
    } else {
      constant(at + 1);
    }
  }

  /// The name whose offset stands at `offsetAt`. A name that stands there for the first time in the
  /// chunk follows at once, and is stepped over.
  private String name(int offsetAt) throws EventFormatException {
    int offset = chunk.size(offsetAt);
    int length = 2 * chunk.u16(offset + 6);
    if (offset == at) {
      at += 8 + length + 2;
    }
    String known = knownNames.get(offset);
    if (known == null) {
      chunk.require(offset + 8, length);
      known =
          FieldName.of(new String(chunk.bytes(), offset + 8, length, StandardCharsets.UTF_16LE));
      knownNames.put(offset, known);
    }
    return known;
  }

  private EventFormatException unexpected(int token) {
    return new EventFormatException(
        "unexpected token in binary XML: token=0x" + Integer.toHexString(token) + " at=" + at);
  }
}
