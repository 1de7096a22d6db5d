package redoubt.core.wire;

import java.util.ArrayList;
import java.util.List;
import redoubt.core.model.EventFilter;
import redoubt.core.model.EventFilter.Alternative;
import redoubt.core.model.EventFilter.Condition;
import redoubt.core.model.EventFilter.SoughtText;
import redoubt.core.wire.EngineMessage.Filter;

/// `Filter` in `spec/engine-protocol.proto`, field by field, and how a long filter is cut into
/// several of them.
final class FilterFormat {
  /// What a message has for its alternatives; the envelope takes less than the rest.
  private static final int ROOM = WireLimits.MESSAGE_BYTES - 64;

  /// Tags and lengths of a text, a condition or an alternative at most.
  private static final int OVERHEAD = 16;

  private FilterFormat() {}

  static void write(ProtoWriter out, Filter filter) {
    out.flag(1, filter.more());
    for (Alternative alternative : filter.alternatives()) {
      out.begin(2);
      out.unsigned(1, EnumNumbers.of(alternative.eventClass()));
      for (Condition condition : alternative.conditions()) {
        out.begin(2);
        writeCondition(out, condition);
        out.end();
      }
      out.end();
    }
  }

  private static void writeCondition(ProtoWriter out, Condition condition) {
    out.unsigned(1, EnumNumbers.of(condition.field()));
    for (SoughtText text : condition.texts()) {
      out.begin(2);
      out.unsigned(1, EnumNumbers.of(text.place()));
      out.text(2, text.text());
      out.end();
    }
  }

  static void check(Filter filter) {
    checkWhole(new EventFilter(filter.alternatives()));
  }

  static void checkWhole(EventFilter filter) {
    Check.count("alternatives", filter.alternatives(), 0, WireLimits.FILTER_ALTERNATIVES);
    int texts = 0;
    int bytes = 0;
    for (Alternative alternative : filter.alternatives()) {
      if (alternative.eventClass().isAnswerable()) {
        throw new IllegalArgumentException(
            "no class of the host: eventClass=" + alternative.eventClass());
      }
      Check.count("conditions", alternative.conditions(), 0, WireLimits.FILTER_CONDITIONS);
      for (Condition condition : alternative.conditions()) {
        for (SoughtText text : condition.texts()) {
          Check.required("text", text.text(), WireLimits.FILTER_TEXT_CHARS);
          texts++;
          bytes += WireText.utf8Length(text.text());
        }
      }
    }
    Check.range("texts", texts, 0, WireLimits.FILTER_TEXTS);
    Check.range("bytes of texts", bytes, 0, WireLimits.FILTER_BYTES);
  }

  static Filter read(ProtoReader in) throws WireException {
    boolean more = false;
    List<Alternative> alternatives = new ArrayList<>();
    while (in.next()) {
      switch (in.field()) {
        case 1 -> more = in.flag();
        case 2 -> {
          Check.range("alternatives", alternatives.size(), 0, WireLimits.FILTER_ALTERNATIVES - 1);
          alternatives.add(readAlternative(in.messageElement()));
        }
        default -> in.skip();
      }
    }
    return new Filter(more, alternatives);
  }

  private static Alternative readAlternative(ProtoReader in) throws WireException {
    int eventClass = 0;
    List<Condition> conditions = new ArrayList<>();
    while (in.next()) {
      switch (in.field()) {
        case 1 -> eventClass = in.uint32();
        case 2 -> {
          Check.range("conditions", conditions.size(), 0, WireLimits.FILTER_CONDITIONS - 1);
          conditions.add(readCondition(in.messageElement()));
        }
        default -> in.skip();
      }
    }
    return new Alternative(EnumNumbers.eventClass(eventClass), conditions);
  }

  private static Condition readCondition(ProtoReader in) throws WireException {
    int field = 0;
    List<SoughtText> texts = new ArrayList<>();
    while (in.next()) {
      switch (in.field()) {
        case 1 -> field = in.uint32();
        case 2 -> {
          Check.range("texts", texts.size(), 0, WireLimits.FILTER_TEXTS - 1);
          texts.add(readText(in.messageElement()));
        }
        default -> in.skip();
      }
    }
    return new Condition(EnumNumbers.field(field), texts);
  }

  private static SoughtText readText(ProtoReader in) throws WireException {
    int place = 0;
    String text = "";
    while (in.next()) {
      switch (in.field()) {
        case 1 -> place = in.uint32();
        case 2 -> text = in.text();
        default -> in.skip();
      }
    }
    return new SoughtText(EnumNumbers.place(place), text);
  }

  /// Cuts a filter into messages that fit.
  ///
  /// @throws IllegalArgumentException if it is larger than [WireLimits] allow, or one alternative
  ///   alone is longer than a message
  static List<Filter> parts(EventFilter filter) {
    checkWhole(filter);
    List<Filter> parts = new ArrayList<>();
    List<Alternative> part = new ArrayList<>();
    int taken = 0;
    for (Alternative alternative : filter.alternatives()) {
      int bytes = mostBytes(alternative);
      Check.range("bytes of an alternative", bytes, 0, ROOM);
      if (taken + bytes > ROOM) {
        parts.add(new Filter(true, part));
        part.clear();
        taken = 0;
      }
      part.add(alternative);
      taken += bytes;
    }
    parts.add(new Filter(false, part));
    return parts;
  }

  private static int mostBytes(Alternative alternative) {
    int bytes = OVERHEAD;
    for (Condition condition : alternative.conditions()) {
      bytes += OVERHEAD;
      for (SoughtText text : condition.texts()) {
        bytes += OVERHEAD + WireText.utf8Length(text.text());
      }
    }
    return bytes;
  }
}
