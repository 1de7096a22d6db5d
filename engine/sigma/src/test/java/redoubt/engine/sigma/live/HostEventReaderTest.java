package redoubt.engine.sigma.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import redoubt.core.model.Credentials;
import redoubt.core.model.Device;
import redoubt.core.model.Endpoint;
import redoubt.core.model.EventField;
import redoubt.core.model.EventFilter;
import redoubt.core.model.EventFilter.Alternative;
import redoubt.core.model.EventFilter.Condition;
import redoubt.core.model.EventFilter.SoughtText;
import redoubt.core.model.HostEvent;
import redoubt.core.model.Place;
import redoubt.core.model.ProcessInfo;
import redoubt.core.model.Sha256;
import redoubt.engine.sigma.Detector;
import redoubt.engine.sigma.RuleFiles;
import redoubt.engine.sigma.event.Event;
import redoubt.engine.sigma.event.EventClass;
import redoubt.engine.sigma.event.FieldTable;
import redoubt.engine.sigma.rule.Placeholders;

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
          10,
          5,
          1,
          new Credentials(0, 0, 0, 0),
          0,
          "root",
          "/usr/bin/dash",
          List.of("sh", "-c", "id"),
          false,
          "/root",
          "");
  private static final ProcessInfo ID =
      new ProcessInfo(
          11,
          6,
          10,
          new Credentials(1000, 0, 1000, 1000),
          0,
          "",
          "/usr/bin/id",
          List.of("id", "-u"),
          false,
          "/tmp",
          "");

  private final FieldTable fields = new FieldTable();

  private Event event = new Event(fields);

  private EventClass read(HostEvent what, boolean everything) {
    HostEventReader reader = new HostEventReader(fields, everything);
    event = new Event(fields);
    return Objects.requireNonNull(reader.read(what, event));
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
  void aStartHasTheDigestOfItsProgramUnderBothNames() {
    List.of("SHA256", "Hashes").forEach(fields::slot);
    Sha256 digest = Sha256.hash(new byte[] {1});
    read(new HostEvent.ProcessStart(1, ID, SHELL, digest), false);
    assertEquals(digest.toString(), value("SHA256"));
    assertEquals("SHA256=" + digest, value("Hashes"));
    read(new HostEvent.ProcessStart(1, ID, SHELL), false);
    assertNull(event.find(fields.find("SHA256")));
    assertNull(event.find(fields.find("Hashes")));
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
  void aFileEventHasItsNamesAndItsProcess() {
    List.of("TargetFilename", "SourceFilename", "Image").forEach(fields::slot);
    EventClass kind =
        read(
            new HostEvent.FileChange(
                redoubt.core.model.EventClass.FILE_RENAME, 1, ID, "/etc/new", "/etc/old", false),
            false);
    assertEquals(Set.of("file_event", "file_rename"), kind.categories());
    assertEquals("/etc/new", value("TargetFilename"));
    assertEquals("/etc/old", value("SourceFilename"));
    assertEquals("/usr/bin/id", value("Image"));
  }

  @Test
  void anAccessHasBothProcesses() {
    List<String> names = List.of("SourceImage", "SourceUser", "TargetImage", "TargetProcessId");
    names.forEach(fields::slot);
    EventClass kind = read(new HostEvent.ProcessAccess(1, ID, SHELL), false);
    assertEquals(Set.of("process_access"), kind.categories());
    assertEquals(
        List.of("/usr/bin/id", "1000", "/usr/bin/dash", "10"),
        names.stream().map(this::value).toList());
  }

  private static HostEvent flow(boolean inbound, int localPort) {
    return new HostEvent.NetworkActivity(
        redoubt.core.model.EventClass.NET_CONNECT,
        1,
        ID,
        6,
        inbound,
        new Endpoint("192.0.2.1", localPort),
        new Endpoint("2001:db8::1", 443),
        0);
  }

  @Test
  void theSourceOfAFlowIsWhoeverBeganIt() {
    List<String> ends =
        List.of("Initiated", "SourceIp", "SourcePort", "DestinationIp", "DestinationPort");
    ends.forEach(fields::slot);
    List.of("Image", "Protocol").forEach(fields::slot);
    EventClass kind = read(flow(false, 40_000), false);
    assertEquals(Set.of("network_connection"), kind.categories());
    assertEquals(
        List.of("true", "192.0.2.1", "40000", "2001:db8::1", "443"),
        ends.stream().map(this::value).toList());
    assertEquals("tcp", value("Protocol"));
    assertEquals("/usr/bin/id", value("Image"));
    read(flow(true, 22), false);
    assertEquals(
        List.of("false", "2001:db8::1", "443", "192.0.2.1", "22"),
        ends.stream().map(this::value).toList());
    read(flow(false, 0), false);
    assertNull(event.find(fields.find("SourcePort")), "not known yet");
  }

  private String values(HostEvent what, String... names) {
    List.of(names).forEach(fields::slot);
    EventClass kind = read(what, false);
    return kind.categories()
        + kind.services().toString()
        + List.of(names).stream().map(this::value).toList();
  }

  @Test
  void whatConcernsTheHostAsAWholeHasNamesToo() {
    assertEquals(
        "[driver_load][][/lib/modules/evil.ko, evil, false, OE]",
        values(
            new HostEvent.ModuleChange(
                redoubt.core.model.EventClass.MODULE_LOAD, 1, "evil", "/lib/modules/evil.ko", "OE"),
            "ImageLoaded",
            "ModuleName",
            "Signed",
            "Taint"));
    assertEquals(
        "[driver_load][][vfat, true]",
        values(
            new HostEvent.ModuleChange(
                redoubt.core.model.EventClass.MODULE_LOAD, 1, "vfat", "", ""),
            "ImageLoaded",
            "Signed"));
    assertEquals(
        "[device][][disconnect, usb, 046d, c52b, A1]",
        values(
            new HostEvent.DeviceChange(
                redoubt.core.model.EventClass.DEVICE_DISCONNECT,
                1,
                new Device("usb", "usb_device", "/devices/x", "", "046d", "c52b", "A1", "")),
            "Action",
            "Subsystem",
            "VendorId",
            "ProductId",
            "SerialNumber"));
    assertEquals(
        "[mount][][mount, /mnt, tmpfs, stick, rw]",
        values(
            new HostEvent.MountChange(
                redoubt.core.model.EventClass.MOUNT, 1, "/mnt", "/", "tmpfs", "stick", "rw"),
            "Action",
            "MountPoint",
            "FileSystem",
            "Source",
            "Options"));
    assertEquals(
        "[logon][][failure, root, ssh:notty, ::1, /usr/bin/id]",
        values(
            new HostEvent.LoginActivity(
                redoubt.core.model.EventClass.LOGIN_FAILURE, 1, ID, "root", "ssh:notty", "::1"),
            "Action",
            "TargetUserName",
            "Terminal",
            "IpAddress",
            "Image"));
    assertEquals(
        "[account][][change, sudo, 27, group]",
        values(
            new HostEvent.AccountChange(
                redoubt.core.model.EventClass.ACCOUNT_CHANGE,
                1,
                true,
                "sudo",
                27,
                List.of("members")),
            "Action",
            "TargetUserName",
            "TargetId",
            "TargetType"));
    assertEquals(
        "[][auditd][SYSCALL, 59, /usr/bin/id]",
        values(
            new HostEvent.AuditRecord(
                1, ID, 1_300, "audit(1.1:2): syscall=59 pid=11 exe=\"/usr/bin/id\""),
            "type",
            "syscall",
            "exe"));
  }

  @Test
  void onlyWhatRulesAskForIsNeeded() throws Exception {
    assertEquals(
        Set.of(redoubt.core.model.EventClass.MOUNT, redoubt.core.model.EventClass.UNMOUNT),
        needed("category: mount", "MountPoint: /proc/1"));
    assertEquals(
        Set.of(redoubt.core.model.EventClass.AUDIT_RECORD),
        needed("service: auditd", "type: CONFIG_CHANGE"));
    assertEquals(
        Set.of(redoubt.core.model.EventClass.DNS_MESSAGE),
        needed("category: dns_query", "QueryName|endswith: .onion"));
    assertTrue(
        Collections.disjoint(
            needed("definition: whatever it is", "MountPoint: /proc/1"),
            redoubt.core.model.EventClass.ofProcesses()));
  }

  private Set<redoubt.core.model.EventClass> needed(String logSource, String item)
      throws Exception {
    Set<redoubt.core.model.EventClass> classes = new HashSet<>();
    filterOf(logSource, "a: {" + item + "}\ncondition: a\n")
        .alternatives()
        .forEach(each -> classes.add(each.eventClass()));
    return classes;
  }

  @Test
  void theFirstWritingOfANewFileIsNoSecondEvent() {
    WriteEchoes echoes = new WriteEchoes();
    HostEvent written = change(redoubt.core.model.EventClass.FILE_MODIFY, 20);
    assertFalse(echoes.repeats(written), "a file that was there");
    assertFalse(echoes.repeats(change(redoubt.core.model.EventClass.FILE_CREATE, 10)));
    assertTrue(echoes.repeats(written));
    assertFalse(echoes.repeats(written), "the next time it is");
    assertFalse(echoes.repeats(change(redoubt.core.model.EventClass.FILE_CREATE, 10)));
    assertFalse(
        echoes.repeats(change(redoubt.core.model.EventClass.FILE_MODIFY, 100_000_000_000L)),
        "long after");
  }

  private static HostEvent change(redoubt.core.model.EventClass eventClass, long nanos) {
    return new HostEvent.FileChange(eventClass, nanos, ID, "/etc/x", "", false);
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

  private static EventFilter filterOf(String detection) throws Exception {
    return filterOf("category: process_creation", detection);
  }

  private static EventFilter filterOf(String logSource, String detection) throws Exception {
    Path file = Files.createTempFile("filter", ".yml");
    try {
      Files.writeString(
          file,
          """
          title: a rule
          logsource: {product: linux, %s}
          detection:
          %s\
          """
              .formatted(logSource, detection.indent(2)));
      Detector detector = new Detector(RuleFiles.read(List.of(file), Placeholders.NONE));
      assertEquals(1, detector.size(), () -> "problems=" + detector.problems());
      return new HostEventReader(detector.fields(), false).filter(detector.rules());
    } finally {
      Files.delete(file);
    }
  }

  private static Condition condition(EventField field, Place place, String... texts) {
    return new Condition(
        field, List.of(texts).stream().map(text -> new SoughtText(place, text)).toList());
  }

  @Test
  void theFilterOfARuleIsItsTextsAndHowTheyAreJoined() throws Exception {
    EventFilter filter =
        filterOf(
            """
            tool:
              Image|endswith: [/nc, /NCAT]
            flag:
              CommandLine|contains: ' -e '
            other:
              ParentImage|endswith: /cron
              ProcessId|gt: 100
            known:
              User: backup
            condition: (tool and flag or other) and not known
            """);
    assertEquals(
        Set.of(
            new Alternative(
                EventClasses.START,
                List.of(
                    condition(EventField.IMAGE, Place.END, "/nc", "/ncat"),
                    condition(EventField.COMMAND_LINE, Place.ANYWHERE, " -e "))),
            new Alternative(
                EventClasses.START,
                List.of(condition(EventField.PARENT_IMAGE, Place.END, "/cron")))),
        Set.copyOf(filter.alternatives()));
  }

  @Test
  void anEndOfAFlowMayBeEitherForAFilter() throws Exception {
    EventFilter filter =
        filterOf(
            "category: network_connection",
            """
            sel: {Initiated: 'true', DestinationPort: [4444, 5555]}
            condition: sel
            """);
    assertEquals(
        Set.of(
            new Alternative(
                EventClasses.CONNECT,
                List.of(condition(EventField.LOCAL_PORT, Place.WHOLE, "4444", "5555"))),
            new Alternative(
                EventClasses.CONNECT,
                List.of(condition(EventField.REMOTE_PORT, Place.WHOLE, "4444", "5555")))),
        Set.copyOf(filter.alternatives()));
  }

  @Test
  void whatLiveEventsDoNotHaveCannotBeFound() throws Exception {
    assertEquals(
        List.of(),
        filterOf(
                """
                sel: {OriginalFileName: x, Image: /bin/x}
                condition: sel
                """)
            .alternatives());
    assertEquals(
        List.of(new Alternative(EventClasses.START, List.of())),
        filterOf(
                """
                sel: {OriginalFileName: null}
                condition: sel
                """)
            .alternatives());
  }

  /// The classes of the host, whose name those of rules have too.
  private static final class EventClasses {
    static final redoubt.core.model.EventClass START = redoubt.core.model.EventClass.PROCESS_START;
    static final redoubt.core.model.EventClass CONNECT = redoubt.core.model.EventClass.NET_CONNECT;
  }
}
