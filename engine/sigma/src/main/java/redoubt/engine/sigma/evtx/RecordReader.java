package redoubt.engine.sigma.evtx;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
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

/// Reads the binary XML of records into events. Templates are compiled once for each chunk.
final class RecordReader {
  private static final int DEPTH_LIMIT = 16;

  /// How many fields of templates one record may fill.
  private static final int FILLED_LIMIT = 50_000;

  /// How many fields of templates of one chunk are kept.
  private static final int KEPT_LIMIT = 100_000;

  private static final int MORE = 0x40;
  private static final int FRAGMENT_HEADER = 0x0F;
  private static final int TEMPLATE_INSTANCE = 0x0C;
  private static final int OPEN_START_ELEMENT = 0x01;
  private static final int DEFINITION_HEADER = 24;
  private static final int DESCRIPTOR = 4;

  private final Chunk chunk;
  private final FieldTable names;
  private final boolean keepUnknown;
  private final TemplateCompiler compiler;
  private final ValueText text;
  private final Map<Definition, Template> templates = new HashMap<>();
  private int kept;
  private int filled;

  /// Where a template stands, and what it stands for: names depend on both.
  private record Definition(int offset, XmlPlace place) {}

  RecordReader(Chunk chunk, FieldTable names, boolean keepUnknown) {
    this.chunk = chunk;
    this.names = names;
    this.keepUnknown = keepUnknown;
    this.compiler = new TemplateCompiler(chunk, names, keepUnknown);
    this.text = new ValueText(chunk);
  }

  /// Forgets what another chunk held.
  void clear() {
    templates.clear();
    kept = 0;
    compiler.clear();
  }

  /// Reads the XML between two offsets.
  void read(int from, int to, Event event) throws EventFormatException {
    filled = 0;
    fragment(from, to, XmlPlace.DOCUMENT, event, 0);
  }

  private void fragment(int from, int to, XmlPlace place, Event event, int depth)
      throws EventFormatException {
    if (depth > DEPTH_LIMIT) {
      throw new EventFormatException("templates are nested too deeply: limit=" + DEPTH_LIMIT);
    }
    int at = from;
    while (at < to && chunk.u8(at) == FRAGMENT_HEADER) {
      at += 4;
    }
    if (at >= to) {
      return;
    }
    int token = chunk.u8(at) & ~MORE;
    if (token == TEMPLATE_INSTANCE) {
      instance(at, place, event, depth);
    } else if (token == OPEN_START_ELEMENT) {
      fill(compiler.compile(at, to, place, true), at, 0, event, depth);
    } else if (token != 0) {
      throw new EventFormatException(
          "unexpected token in binary XML: token=0x" + Integer.toHexString(token) + " at=" + at);
    }
  }

  private void instance(int from, XmlPlace place, Event event, int depth)
      throws EventFormatException {
    int definition = chunk.size(from + 6);
    int at = from + 10;
    int length = chunk.size(definition + 20);
    if (definition == at) {
      at += DEFINITION_HEADER + length;
    }
    Definition key = new Definition(definition, place);
    Template template = templates.get(key);
    if (template == null) {
      int begin = definition + DEFINITION_HEADER;
      chunk.require(begin, length);
      template = compiler.compile(begin, begin + length, place, false);
      kept += template.fields().size();
      if (kept > KEPT_LIMIT) {
        templates.clear();
        kept = template.fields().size();
      }
      templates.put(key, template);
    }
    int count = chunk.size(at);
    chunk.require(at + 4, DESCRIPTOR * count);
    fill(template, at + 4, count, event, depth);
  }

  /// @param descriptors where lengths and types of the values stand; the values stand behind them
  private void fill(Template template, int descriptors, int count, Event event, int depth)
      throws EventFormatException {
    filled += template.fields().size();
    if (filled > FILLED_LIMIT) {
      throw new EventFormatException("record has too many fields: limit=" + FILLED_LIMIT);
    }
    int[] starts = new int[count];
    int at = descriptors + DESCRIPTOR * count;
    for (int i = 0; i < count; i++) {
      starts[i] = at;
      at += chunk.u16(descriptors + DESCRIPTOR * i);
    }
    for (Field field : template.fields()) {
      int slot = field.slot();
      if (field.nameFrom() >= 0) {
        slot = names.find(nameOf(field.nameFrom(), descriptors, starts));
      }
      if (field.parts().size() == 1
          && field.parts().getFirst() instanceof Substitution substitution) {
        substitute(field, slot, substitution, descriptors, starts, event, depth);
      } else if ((slot != FieldTable.UNKNOWN || keepUnknown)
          && event.begin(slot, Event.Kind.TEXT)) {
        for (Part part : field.parts()) {
          switch (part) {
            case Constant(String constant) -> append(event, constant);
            case Substitution(int index, _) -> {
              if (index < starts.length) {
                append(event, index, descriptors, starts);
              }
            }
          }
        }
      }
    }
  }

  private static void append(Event event, String constant) {
    byte[] bytes = constant.getBytes(StandardCharsets.UTF_8);
    event.append(bytes, 0, bytes.length);
  }

  private void append(Event event, int index, int descriptors, int[] starts)
      throws EventFormatException {
    int type = chunk.u8(descriptors + DESCRIPTOR * index + 2);
    if (type != ValueType.BINARY_XML) {
      text.append(event, type, starts[index], length(descriptors, index));
    }
  }

  private int length(int descriptors, int index) throws EventFormatException {
    return chunk.u16(descriptors + DESCRIPTOR * index);
  }

  private String nameOf(int index, int descriptors, int[] starts) throws EventFormatException {
    if (index >= starts.length) {
      return "";
    }
    Event name = new Event(new FieldTable());
    name.begin(FieldTable.UNKNOWN, Event.Kind.TEXT);
    append(name, index, descriptors, starts);
    return FieldName.of(name.string(0));
  }

  private void substitute(
      Field field,
      int slot,
      Substitution substitution,
      int descriptors,
      int[] starts,
      Event event,
      int depth)
      throws EventFormatException {
    int index = substitution.index();
    if (index >= starts.length) {
      return;
    }
    int type = chunk.u8(descriptors + DESCRIPTOR * index + 2);
    int length = length(descriptors, index);
    int at = starts[index];
    chunk.require(at, length);
    if (type == ValueType.BINARY_XML) {
      fragment(at, at + length, field.inner(), event, depth + 1);
    } else if ((slot == FieldTable.UNKNOWN && !keepUnknown)
        || (type == ValueType.NULL && substitution.optional())) {
      // Not asked for, or not there.
      return;
    } else if ((type & ValueType.ARRAY) != 0) {
      array(slot, type & ~ValueType.ARRAY, at, length, event);
    } else if (event.begin(slot, ValueText.kind(type))) {
      text.append(event, type, at, length);
    }
  }

  private void array(int slot, int type, int at, int length, Event event)
      throws EventFormatException {
    int element = ValueType.elementLength(type);
    int end = at + length;
    if (type == ValueType.STRING) {
      int from = at;
      for (int i = at; i + 1 < end; i += 2) {
        if (chunk.u16(i) == 0) {
          addString(slot, from, i, event);
          from = i + 2;
        }
      }
      if (from < end) {
        addString(slot, from, end, event);
      }
    } else if (element > 0) {
      for (int i = at; i + element <= end; i += element) {
        if (event.begin(slot, ValueText.kind(type))) {
          text.append(event, type, i, element);
        }
      }
    } else if (event.begin(slot, Event.Kind.TEXT)) {
      text.append(event, ValueType.BINARY, at, length);
    }
  }

  private void addString(int slot, int from, int to, Event event) throws EventFormatException {
    if (event.begin(slot, Event.Kind.TEXT)) {
      text.appendString(event, from, to - from);
    }
  }
}
