package redoubt.core.wire;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import redoubt.core.model.HostEvent;
import redoubt.core.model.Octets;
import redoubt.core.wire.TestVector.Question;

/// `Vector` in `spec/bundle.proto`, field by field.
final class VectorFormat {
  private VectorFormat() {}

  static void write(ProtoWriter out, TestVector vector) {
    out.text(1, vector.name());
    for (HostEvent event : vector.activity()) {
      out.begin(2);
      HostEventFormat.write(out, event);
      out.end();
    }
    Question question = vector.question();
    if (question != null) {
      out.begin(3);
      out.begin(1);
      EventFormat.write(out, question.event());
      out.end();
      if (question.content().length() > 0) {
        out.bytes(2, question.content().toArray());
      }
      out.end();
    }
    vector.rules().stream().sorted().forEach(rule -> out.element(4, rule));
    out.unsigned(5, EnumNumbers.of(vector.verdict()));
    vector.covers().stream().sorted().forEach(each -> out.element(6, each));
  }

  static TestVector read(ProtoReader in) throws WireException {
    String name = "";
    List<HostEvent> activity = new ArrayList<>();
    Question question = null;
    List<String> rules = new ArrayList<>();
    int verdict = 0;
    List<String> covers = new ArrayList<>();
    while (in.next()) {
      switch (in.field()) {
        case 1 -> name = in.text();
        case 2 -> {
          Check.range("activity", activity.size(), 0, TestVector.MOST_EVENTS - 1L);
          activity.add(HostEventFormat.read(in.messageElement()));
        }
        case 3 -> question = readQuestion(in.message());
        case 4 -> {
          Check.range("rules", rules.size(), 0, TestVector.MOST_RULES - 1L);
          rules.add(in.element());
        }
        case 5 -> verdict = in.uint32();
        case 6 -> {
          Check.range("covers", covers.size(), 0, TestVector.MOST_COVERED - 1L);
          covers.add(in.element());
        }
        default -> in.skip();
      }
    }
    return new TestVector(
        name, activity, question, once(rules), EnumNumbers.findVerdict(verdict), once(covers));
  }

  private static Question readQuestion(ProtoReader in) throws WireException {
    AgentMessage.Event event = null;
    Octets content = Octets.of(new byte[0]);
    while (in.next()) {
      switch (in.field()) {
        case 1 -> event = EventFormat.read(in.message());
        case 2 -> content = Octets.of(in.bytes());
        default -> in.skip();
      }
    }
    if (event == null) {
      throw new WireException("a question without its event");
    }
    return new Question(event, content);
  }

  private static Set<String> once(List<String> all) throws WireException {
    Set<String> once = new HashSet<>(all);
    if (once.size() < all.size()) {
      throw new WireException("a text twice in one list");
    }
    return Collections.unmodifiableSet(once);
  }

  static void check(TestVector vector) {
    Check.required("name", vector.name(), WireLimits.NAME_CHARS);
    Check.count("activity", vector.activity(), 0, TestVector.MOST_EVENTS);
    Check.count("rules", vector.rules(), 0, TestVector.MOST_RULES);
    Check.count("covers", vector.covers(), 0, TestVector.MOST_COVERED);
    vector.rules().forEach(rule -> Check.required("rule", rule, WireLimits.NAME_CHARS));
    vector.covers().forEach(each -> Check.required("covers", each, WireLimits.REASON_CHARS));
    Question question = vector.question();
    if ((question == null) == vector.activity().isEmpty()
        || (question == null) != (vector.verdict() == null)) {
      throw new IllegalArgumentException(
          "a vector has events, or a file and a verdict: name=" + vector.name());
    }
    for (HostEvent event : vector.activity()) {
      HostEventFormat.check(event);
    }
    if (question != null) {
      EventFormat.check(question.event());
      Check.range("contentBytes", question.content().length(), 0, TestVector.MOST_CONTENT_BYTES);
    }
  }
}
