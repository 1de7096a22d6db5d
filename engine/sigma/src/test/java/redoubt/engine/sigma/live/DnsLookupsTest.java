package redoubt.engine.sigma.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;
import redoubt.core.model.Endpoint;
import redoubt.core.model.HostEvent.DnsMessage;
import redoubt.core.model.Octets;
import redoubt.core.model.ProcessInfo;
import redoubt.engine.sigma.Seeds;

class DnsLookupsTest {
  private static final Endpoint CLIENT = new Endpoint("192.0.2.1", 40_000);
  private static final Endpoint SERVER = new Endpoint("192.0.2.53", 53);

  private final DnsLookups lookups = new DnsLookups();

  private static DnsMessage message(byte[] bytes) {
    return new DnsMessage(1, ProcessInfo.UNKNOWN, false, CLIENT, SERVER, Octets.of(bytes));
  }

  private static Message question(String name, int type) throws Exception {
    return Message.newQuery(Record.newRecord(Name.fromString(name), type, DClass.IN));
  }

  private static Message answer(Message question, Record... records) {
    Message answer = question.clone();
    answer.getHeader().setFlag(Flags.QR);
    for (Record record : records) {
      answer.addRecord(record, Section.ANSWER);
    }
    return answer;
  }

  @Test
  void aNameIsLookedUpOnceWithItsAnswer() throws Exception {
    Message question = question("www.example.org.", Type.A);
    Name alias = Name.fromString("host.example.net.");
    Message answer =
        answer(
            question,
            new CNAMERecord(Name.fromString("www.example.org."), DClass.IN, 60, alias),
            new ARecord(alias, DClass.IN, 60, InetAddress.ofLiteral("192.0.2.80")),
            new AAAARecord(alias, DClass.IN, 60, InetAddress.ofLiteral("2001:db8::80")));
    assertNull(lookups.take(message(question.toWire())));
    assertEquals(
        new DnsLookups.Lookup(
            "www.example.org",
            "A",
            "0",
            List.of("host.example.net.", "192.0.2.80", "2001:db8::80")),
        lookups.take(message(answer.toWire())));
  }

  @Test
  void aNameThatNobodyAnswersIsToldAtTheSecondQuestionAndNotAgain() throws Exception {
    byte[] question = question("lost.example.", Type.TXT).toWire();
    assertNull(lookups.take(message(question)));
    assertEquals(
        new DnsLookups.Lookup("lost.example", "TXT", "", List.of()),
        lookups.take(message(question)));
    assertNull(lookups.take(message(question)));
    Message late = answer(new Message(question));
    late.getHeader().setRcode(Rcode.NXDOMAIN);
    assertNull(lookups.take(message(late.toWire())));
    // Nothing is open any more: an answer alone is an event.
    DnsLookups.Lookup alone = lookups.take(message(late.toWire()));
    assertNotNull(alone);
    assertEquals("3", alone.status());
  }

  @Test
  void aQuestionOfAnotherPortIsAnother() throws Exception {
    byte[] question = question("a.example.", Type.A).toWire();
    assertNull(lookups.take(message(question)));
    assertNull(
        lookups.take(
            new DnsMessage(
                1,
                ProcessInfo.UNKNOWN,
                false,
                new Endpoint("192.0.2.1", 40_001),
                SERVER,
                Octets.of(question))));
  }

  /// Whatever the network brings: an event, or none.
  @Test
  void noMessageMakesItFail() throws Exception {
    RandomGenerator random = Seeds.random("noMessageMakesItFail");
    byte[] good =
        answer(
                question("www.example.org.", Type.A),
                new ARecord(
                    Name.fromString("www.example.org."),
                    DClass.IN,
                    60,
                    InetAddress.ofLiteral("192.0.2.80")))
            .toWire();
    int read = 0;
    int refused = 0;
    for (int i = Seeds.count(50_000); i > 0; i--) {
      byte[] bytes = new byte[random.nextInt(good.length + 1)];
      System.arraycopy(good, 0, bytes, 0, bytes.length);
      if (random.nextInt(4) == 0) {
        bytes = good.clone();
      }
      for (int n = random.nextInt(4); n > 0 && bytes.length > 0; n--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      DnsLookups.Lookup lookup = lookups.take(message(bytes));
      if (lookup == null) {
        refused++;
      } else {
        read++;
        assertTrue(lookup.name().length() <= 1_024 && lookup.answers().size() <= 64);
      }
    }
    assertTrue(read > 0 && refused > 0);
  }
}
