package redoubt.engine.sigma.live;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;
import redoubt.core.model.Endpoint;
import redoubt.core.model.HostEvent.DnsMessage;

/// Makes of questions and answers of the domain name system one event for each time that a name is
/// looked up: it comes with the answer; of a name that nobody answers, with the second question.
/// Not thread-safe.
///
/// The messages are from the network, so what cannot be read is no event.
final class DnsLookups {
  private static final int MOST_OPEN = 1_024;
  private static final int MOST_ANSWERS = 64;
  private static final int MOST_CHARS = 1_024;

  private static final int ID_BYTES = 2;
  private static final int ANSWER_BIT = 0x80;

  /// A name that was looked up.
  ///
  /// @param name without the dot at its end
  /// @param type what was asked for, such as `AAAA`
  /// @param status the response code of RFC 1035, such as 0 or 3; empty without an answer
  /// @param answers addresses and names, in the order of the answer
  record Lookup(String name, String type, String status, List<String> answers) {
    Lookup {
      answers = List.copyOf(answers);
    }
  }

  private record Question(int id, Endpoint local, Endpoint remote) {}

  /// Which questions are not answered yet, and whether there was an event for each.
  private final Map<Question, Boolean> open = new BoundedMap<>(MOST_OPEN);

  /// Nothing is open.
  DnsLookups() {}

  /// Takes a message.
  ///
  /// @return what was looked up; null if that is told with a later message, or was with an earlier
  @Nullable Lookup take(DnsMessage message) {
    byte[] bytes = message.message().toArray();
    if (bytes.length <= ID_BYTES) {
      return null;
    }
    int id = ((bytes[0] & 0xFF) << 8) | (bytes[1] & 0xFF);
    Question question = new Question(id, message.local(), message.remote());
    if ((bytes[ID_BYTES] & ANSWER_BIT) != 0) {
      Boolean told = open.remove(question);
      return Boolean.TRUE.equals(told) ? null : read(bytes);
    }
    // What is kept is whether it was asked before: then there was an event of it.
    Boolean told = open.put(question, open.containsKey(question));
    return told == null || told ? null : read(bytes);
  }

  private static @Nullable Lookup read(byte[] bytes) {
    try {
      return lookupOf(new Message(bytes));
    } catch (IOException | RuntimeException _) {
      // The library gives a clear answer to most that is malformed, but not to all.
      return null;
    }
  }

  private static @Nullable Lookup lookupOf(Message message) {
    Record question = message.getQuestion();
    if (question == null) {
      return null;
    }
    boolean answered = message.getHeader().getFlag(Flags.QR);
    List<String> answers = new ArrayList<>();
    for (Record answer : message.getSection(Section.ANSWER)) {
      if (answers.size() < MOST_ANSWERS) {
        answers.add(cut(textOf(answer)));
      }
    }
    return new Lookup(
        cut(question.getName().toString(true)),
        Type.string(question.getType()),
        answered ? Integer.toString(message.getRcode()) : "",
        answers);
  }

  private static String textOf(Record answer) {
    return switch (answer) {
      case ARecord a -> Endpoint.of(a.getAddress().getAddress(), 0).address();
      case AAAARecord aaaa -> Endpoint.of(aaaa.getAddress().getAddress(), 0).address();
      default -> answer.rdataToString();
    };
  }

  private static String cut(String text) {
    return text.length() > MOST_CHARS ? text.substring(0, MOST_CHARS) : text;
  }
}
