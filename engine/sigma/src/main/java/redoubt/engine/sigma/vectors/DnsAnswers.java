package redoubt.engine.sigma.vectors;

import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;
import redoubt.core.model.Endpoint;
import redoubt.core.model.HostEvent;
import redoubt.core.model.Octets;
import redoubt.core.model.ProcessInfo;

/// Makes answers of the domain name system. Stateless.
final class DnsAnswers {
  private static final int ID_BITS = 0xFFFF;
  private static final int FIRST_PORT = 32_768;
  private static final int PORTS = 28_000;
  private static final int TTL_SECONDS = 60;
  private static final int RCODE_LIMIT = 16;
  private static final Pattern IPV4 = Pattern.compile("\\d+\\.\\d+\\.\\d+\\.\\d+");

  private DnsAnswers() {}

  /// @throws IllegalArgumentException if no answer can have such values
  static HostEvent make(Draft draft, long timeNanos, ProcessInfo process, int pid, String mark) {
    try {
      Message message = message(draft, mark);
      message.getHeader().setID(pid & ID_BITS);
      return new HostEvent.DnsMessage(
          timeNanos,
          process,
          false,
          new Endpoint("198.18.7.9", FIRST_PORT + pid % PORTS),
          new Endpoint("198.18.0.53", 53),
          Octets.of(message.toWire()));
    } catch (IOException | IllegalArgumentException e) {
      throw new IllegalArgumentException("no such answer", e);
    }
  }

  private static Message message(Draft draft, String mark) throws IOException {
    String text = draft.text("QueryName", draft.text("query", "zq" + mark + ".invalid"));
    Name name = Name.fromString(text.endsWith(".") ? text : text + ".");
    int type = Type.value(draft.text("record_type", "A"));
    String status = draft.text("QueryStatus", "0");
    int code = Integer.parseInt(status);
    if (type <= 0 || code < 0 || code >= RCODE_LIMIT) {
      throw new IllegalArgumentException("no such type or status");
    }
    Message message = Message.newQuery(Record.newRecord(name, type, DClass.IN));
    message.getHeader().setFlag(Flags.QR);
    message.getHeader().setFlag(Flags.RA);
    message.getHeader().setRcode(code);
    for (String answer : answers(draft)) {
      message.addRecord(answer(name, answer), Section.ANSWER);
    }
    return message;
  }

  private static List<String> answers(Draft draft) {
    List<String> joined = draft.values().get("QueryResults");
    if (joined != null) {
      return joined.isEmpty() ? List.of() : List.of(joined.getFirst().split(";"));
    }
    return draft.all("answer", List.of("198.18.44.5"));
  }

  private static Record answer(Name name, String answer) throws IOException {
    int type = Type.CNAME;
    String data = answer;
    if (IPV4.matcher(answer).matches()) {
      type = Type.A;
    } else if (answer.contains(":")) {
      type = Type.AAAA;
    } else if (answer.startsWith("\"")) {
      type = Type.TXT;
    } else if (!answer.endsWith(".")) {
      data = answer + ".";
    }
    return Record.fromString(name, type, DClass.IN, TTL_SECONDS, data, Name.root);
  }
}
