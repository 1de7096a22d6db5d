package redoubt.engine.sigma.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import redoubt.core.model.HostEvent;
import redoubt.core.model.ProcessInfo;
import redoubt.engine.sigma.event.Event;
import redoubt.engine.sigma.event.EventClass;
import redoubt.engine.sigma.event.FieldTable;

class HostEventReaderTest {
  private static final List<String> FIELDS =
      List.of(
          "time",
          "ProcessId",
          "Image",
          "CommandLine",
          "CurrentDirectory",
          "User",
          "ParentProcessId",
          "ParentImage",
          "ParentCommandLine",
          "ParentUser");

  private static final ProcessInfo SHELL =
      new ProcessInfo(
          10, 5, 1, 0, 0, 0, 0, "root", "/usr/bin/dash", List.of("sh", "-c", "id"), false, "/root");
  private static final ProcessInfo ID =
      new ProcessInfo(
          11, 6, 10, 1000, 1000, 0, 0, "", "/usr/bin/id", List.of("id", "-u"), false, "/tmp");

  private final FieldTable fields = new FieldTable();

  private Event event = new Event(fields);

  private EventClass read(HostEvent what, boolean everything) {
    HostEventReader reader = new HostEventReader(fields, everything);
    event = new Event(fields);
    return reader.read(what, event);
  }

  private String value(String field) {
    return String.valueOf(event.find(fields.find(field)));
  }

  @Test
  void aStartHasTheFieldsOfProcessCreation() {
    FIELDS.forEach(fields::slot);
    EventClass kind =
        read(new HostEvent.ProcessStart(1_763_856_000_123_456_789L, ID, SHELL), false);
    assertEquals(new EventClass(Set.of("linux"), Set.of("process_creation"), Set.of()), kind);
    assertEquals(
        List.of(
            "1763856000123",
            "11",
            "/usr/bin/id",
            "id -u",
            "/tmp",
            "1000",
            "10",
            "/usr/bin/dash",
            "sh -c id",
            "root"),
        FIELDS.stream().map(this::value).toList());
  }

  @Test
  void anEndHasTheFieldsOfItsProcess() {
    FIELDS.forEach(fields::slot);
    EventClass kind = read(new HostEvent.ProcessExit(1, SHELL, 0), false);
    assertEquals(Set.of("process_termination"), kind.categories());
    assertEquals("/usr/bin/dash", value("Image"));
    assertNull(event.find(fields.find("ParentImage")));
  }

  @Test
  void whatIsNotKnownIsNotThere() {
    FIELDS.forEach(fields::slot);
    read(
        new HostEvent.ProcessStart(1, ProcessInfo.UNKNOWN.forkedAs(7, -1), ProcessInfo.UNKNOWN),
        false);
    assertEquals(2, event.count(), "the time and the number");
  }

  @Test
  void fieldsThatNobodyAsksForAreLeftOutUnlessEverythingIsLookedAt() {
    read(new HostEvent.ProcessStart(1, ID, SHELL), false);
    assertEquals(0, event.count());
    read(new HostEvent.ProcessStart(1, ID, SHELL), true);
    assertTrue(event.count() >= 9, () -> "count=" + event.count());
  }
}
