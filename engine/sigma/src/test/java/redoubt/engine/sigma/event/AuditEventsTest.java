package redoubt.engine.sigma.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import redoubt.engine.sigma.Seeds;

class AuditEventsTest {
  private static final List<String> NAMES =
      List.of(
          "type",
          "timestamp",
          "a0",
          "a1",
          "a2",
          "exe",
          "comm",
          "op",
          "acct",
          "SYSCALL",
          "name",
          "res");

  private final FieldTable fields = new FieldTable();
  private final Event event;
  private final AuditEvents reader;

  AuditEventsTest() {
    NAMES.forEach(fields::slot);
    event = new Event(fields);
    reader = new AuditEvents(fields, false);
  }

  private void read(String line) throws EventFormatException {
    byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
    event.clear();
    reader.read(bytes, 0, bytes.length, event);
  }

  private @Nullable String field(String name) {
    return event.find(fields.find(name));
  }

  @Test
  void readsArgumentsAlsoEncodedOnes() throws Exception {
    read(
        "type=EXECVE msg=audit(1700000000.123:42): argc=3 a0=\"sh\" a1=\"-c\" a2=6563686F202278220078");
    assertEquals("EXECVE", field("type"));
    assertEquals("1700000000.123", field("timestamp"));
    assertEquals("sh", field("a0"));
    assertEquals("-c", field("a1"));
    assertEquals("echo \"x\" x", field("a2"));
  }

  @Test
  void leavesNumbersOfSystemCallsAlone() throws Exception {
    read(
        "node=host type=SYSCALL msg=audit(1700000000.123:42): arch=c000003e syscall=59 a0=3000"
            + " a1=7f comm=\"my prog\" exe=2F746D702F6120622F63\u001DARCH=x86_64 SYSCALL=execve");
    assertEquals("SYSCALL", field("type"));
    assertEquals("3000", field("a0"));
    assertEquals("my prog", field("comm"));
    assertEquals("/tmp/a b/c", field("exe"));
    assertEquals("execve", field("SYSCALL"));
  }

  @Test
  void readsWhatStandsInAMessage() throws Exception {
    read(
        "type=USER_ACCT msg=audit(1700000000.123:42): pid=1 msg='op=PAM:accounting acct=\"root\""
            + " exe=\"/usr/sbin/cron\" hostname=? res=success'");
    assertEquals("PAM:accounting", field("op"));
    assertEquals("root", field("acct"));
    assertEquals("/usr/sbin/cron", field("exe"));
    assertEquals("success", field("res"));
  }

  @Test
  void refusesWhatIsNoRecord() {
    for (String line :
        new String[] {"", "type=", "hello", "type=SYSCALL msg=audit(1", "msg=audit(1:2): type=X"}) {
      assertThrows(EventFormatException.class, () -> read(line), line);
    }
  }

  /// Whatever stands in the line: a record or a problem.
  @Test
  void noLineMakesTheReaderFail() {
    RandomGenerator random = Seeds.random("noLineMakesTheReaderFail");
    int records = 0;
    int problems = 0;
    for (int i = Seeds.count(50_000); i > 0; i--) {
      StringBuilder line =
          new StringBuilder(
              "type=EXECVE msg=audit(1.1:2): a0=\"x y\" a1=41 msg='op=a acct=\"b\" res=c'");
      for (int n = random.nextInt(8); n > 0; n--) {
        line.setCharAt(
            random.nextInt(line.length()), "='\" \u001D:()4A\0x".charAt(random.nextInt(12)));
      }
      try {
        read(line.toString());
        records++;
      } catch (EventFormatException e) {
        problems++;
      }
    }
    assertTrue(records > 0 && problems > 0);
  }
}
