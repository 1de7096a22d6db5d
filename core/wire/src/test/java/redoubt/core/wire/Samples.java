package redoubt.core.wire;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import redoubt.core.model.Credentials;
import redoubt.core.model.Endpoint;
import redoubt.core.model.EngineMode;
import redoubt.core.model.EventClass;
import redoubt.core.model.EventField;
import redoubt.core.model.EventFilter;
import redoubt.core.model.FileIdentity;
import redoubt.core.model.Finding;
import redoubt.core.model.FindingLevel;
import redoubt.core.model.HostEvent;
import redoubt.core.model.PackageState;
import redoubt.core.model.Place;
import redoubt.core.model.ProcessInfo;
import redoubt.core.model.Provenance;
import redoubt.core.model.ResponseAction;
import redoubt.core.model.Sha256;
import redoubt.core.model.Verdict;
import redoubt.core.model.VerdictScope;
import redoubt.core.wire.AgentMessage.Event;
import redoubt.core.wire.EngineMessage.EventVerdict;

/// The messages behind the golden vectors of `spec/vectors`: at least one of each kind, and between
/// them every field with a value that is no default.
final class Samples {
  private static final Set<EventClass> EXEC = Set.of(EventClass.EXEC);
  private static final Set<EventClass> BOTH = Set.of(EventClass.EXEC, EventClass.OPEN);
  private static final Sha256 DIGEST =
      Sha256.parse("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  private static final FileIdentity FILE =
      new FileIdentity(
          0x0000_00fe_0000_0001L,
          131_072,
          1_763_856_000_123_456_789L,
          1_763_855_000_000_000_000L,
          1_763_850_000_000_000_001L,
          142_144);

  private Samples() {}

  static Map<String, AgentMessage> fromAgent() {
    Map<String, AgentMessage> samples = new TreeMap<>();
    samples.put(
        "welcome",
        new AgentMessage.Welcome(1, "scanner", "0.1.0", EXEC, BOTH, EngineMode.ENFORCE, 256, 250));
    samples.put(
        "welcome-least",
        new AgentMessage.Welcome(1, "a", "", Set.of(), Set.of(), EngineMode.MONITOR, 1, 1));
    samples.put(
        "refused", new AgentMessage.Refused("version", "speak version 1: this agent is older"));
    samples.put(
        "load-content", new AgentMessage.LoadContent("known bad", "2026-11-23.1", DIGEST, 4_711));
    samples.put("events-exec", new AgentMessage.Events(0, List.of(exec())));
    samples.put("events-provenance", new AgentMessage.Events(0, List.of(traced())));
    samples.put("events-notify-lost", new AgentMessage.Events(17, List.of(notified(), unknown())));
    samples.put("activity", new AgentMessage.Activity(3, 41, List.of(started(), ended())));
    samples.put(
        "activity-files",
        new AgentMessage.Activity(
            0,
            43,
            List.of(
                new HostEvent.FileChange(
                    EventClass.FILE_CREATE,
                    1_700_000_000_000_000_000L,
                    ProcessInfo.UNKNOWN.forkedAs(4711, 1),
                    "/etc/cron.d",
                    "",
                    true),
                new HostEvent.FileChange(
                    EventClass.FILE_RENAME,
                    1_700_000_000_000_000_001L,
                    ProcessInfo.UNKNOWN,
                    "/etc/cron.d/neu",
                    "/tmp/x",
                    false))));
    samples.put(
        "activity-content",
        new AgentMessage.Activity(
            0,
            44,
            List.of(
                new HostEvent.FileContent(
                    1_700_000_000_000_000_000L,
                    ProcessInfo.UNKNOWN.forkedAs(4711, 12),
                    List.of(12, 1),
                    "/home/ada/plan.odt.locked",
                    "/home/ada/plan.odt",
                    123_456,
                    1_600_000_000_000_000_000L,
                    "",
                    List.of(7_978, 7_981, 7_979)),
                new HostEvent.FileContent(
                    1_700_000_000_000_000_001L,
                    ProcessInfo.UNKNOWN,
                    List.of(),
                    "/var/log/syslog.1.gz",
                    "",
                    20,
                    0,
                    "gzip",
                    List.of()))));
    samples.put(
        "activity-network",
        new AgentMessage.Activity(
            0,
            45,
            List.of(
                new HostEvent.NetworkActivity(
                    EventClass.NET_CONNECT,
                    1_700_000_000_000_000_000L,
                    ProcessInfo.UNKNOWN.forkedAs(4711, 1),
                    6,
                    false,
                    new Endpoint("192.0.2.1", 0),
                    new Endpoint("2001:db8::1", 443),
                    0),
                new HostEvent.NetworkActivity(
                    EventClass.NET_LISTEN,
                    1_700_000_000_000_000_001L,
                    ProcessInfo.UNKNOWN,
                    6,
                    false,
                    new Endpoint("::", 65_535),
                    Endpoint.NONE,
                    0),
                new HostEvent.NetworkActivity(
                    EventClass.NET_CLOSE,
                    1_700_000_000_000_000_002L,
                    ProcessInfo.UNKNOWN,
                    132,
                    true,
                    new Endpoint("127.0.0.1", 22),
                    new Endpoint("127.0.0.1", 40_000),
                    1_500_000_000L))));
    samples.put(
        "activity-access",
        new AgentMessage.Activity(
            0,
            48,
            List.of(
                new HostEvent.ProcessAccess(
                    1_700_000_000_000_000_000L,
                    new ProcessInfo(
                        4711,
                        0,
                        1,
                        new Credentials(0, 0, 0, 0),
                        0,
                        "",
                        "",
                        List.of(),
                        false,
                        "",
                        "4b2f".repeat(16)),
                    ProcessInfo.UNKNOWN.forkedAs(1, 0)))));
    samples.put(
        "activity-identity",
        new AgentMessage.Activity(
            0,
            49,
            List.of(
                new HostEvent.ProcessFork(
                    1_700_000_000_000_000_000L,
                    ProcessInfo.UNKNOWN.forkedAs(4712, 4711),
                    ProcessInfo.UNKNOWN.forkedAs(4711, 1)),
                new HostEvent.ProcessIdentity(
                    1_700_000_000_000_000_001L,
                    new ProcessInfo(
                        4712,
                        0,
                        4711,
                        new Credentials(1_000, 0, 1_000, 50),
                        0,
                        "ada",
                        "",
                        List.of(),
                        false,
                        "",
                        ""),
                    new Credentials(1_000, 1_000, 1_000, -1)))));
    samples.put("activity-dns", SystemSamples.dns());
    samples.put("activity-system", SystemSamples.system());
    samples.put("cancel", new AgentMessage.Cancel(List.of(1L, 300L, Long.MAX_VALUE)));
    samples.put("mode-changed", new AgentMessage.ModeChanged(EngineMode.MONITOR));
    samples.put("ping", new AgentMessage.Ping(0x0123_4567_89ab_cdefL));
    samples.put("ping-zero", new AgentMessage.Ping(0));
    samples.put("shutdown", new AgentMessage.Shutdown("the owner stopped the agent", 2_000));
    return samples;
  }

  static Map<String, EngineMessage> fromEngine() {
    Map<String, EngineMessage> samples = new TreeMap<>();
    samples.put(
        "hello",
        new EngineMessage.Hello(
            1, 3, "Scanner", "Réseau GmbH", "1.2.3", DIGEST.toString(), BOTH, EXEC));
    samples.put(
        "hello-provenance",
        new EngineMessage.Hello(1, 1, "Allowlist", "", "", "", BOTH, Set.of(), true));
    samples.put("hello-least", new EngineMessage.Hello(1, 1, "x", "", "", "", Set.of(), Set.of()));
    samples.put("content-loaded", new EngineMessage.ContentLoaded("2026-11-23.1", 1_000_000));
    samples.put(
        "content-refused",
        new EngineMessage.ContentRefused(
            "2026-11-23.1", List.of("line 1: not a digest", "", "line 9: too long")));
    samples.put("ready", new EngineMessage.Ready(128));
    samples.put("credits", new EngineMessage.Credits(4_096));
    samples.put(
        "verdicts",
        new EngineMessage.Verdicts(
            List.of(
                new EventVerdict(
                    1, Verdict.ALLOW, VerdictScope.FILE, 86_400, "", "", "2026-11-23.1"),
                new EventVerdict(
                    2,
                    Verdict.DENY,
                    VerdictScope.FILE_AND_ACTOR,
                    WireLimits.LIFETIME_SECONDS,
                    "on the list as 悪い 😈",
                    "Evil.A",
                    "2026-11-23.1"),
                new EventVerdict(3, Verdict.DENY, VerdictScope.EVENT, 0, "", "", "", true))));
    samples.put("abstained", new EngineMessage.Abstained(List.of(4L, 5L), "not read in time"));
    samples.put("report", new EngineMessage.Report(2, "Evil.A", "A known tool was started"));
    samples.put(
        "report-graded",
        new EngineMessage.Report(
            0,
            "a0f4",
            "A shell with its input from the network",
            FindingLevel.CRITICAL,
            List.of("T1059.004", "T1095"),
            List.of(
                new Finding.Reason("CommandLine", "bash -i"), new Finding.Reason("", "every word")),
            41,
            Set.of(ResponseAction.KILL_TREE, ResponseAction.COLLECT, ResponseAction.QUARANTINE),
            2));
    samples.put("handled", new EngineMessage.Handled(42));
    samples.put(
        "filter",
        new EngineMessage.Filter(
            true,
            List.of(
                new EventFilter.Alternative(
                    EventClass.PROCESS_START,
                    List.of(
                        new EventFilter.Condition(
                            EventField.IMAGE,
                            List.of(
                                new EventFilter.SoughtText(Place.END, "/nc"),
                                new EventFilter.SoughtText(Place.END, "/ncat"))),
                        new EventFilter.Condition(
                            EventField.COMMAND_LINE,
                            List.of(new EventFilter.SoughtText(Place.ANYWHERE, " -e "))))),
                new EventFilter.Alternative(EventClass.PROCESS_EXIT, List.of()))));
    samples.put("pong", new EngineMessage.Pong(-1));
    return samples;
  }

  private static HostEvent started() {
    ProcessInfo parent =
        new ProcessInfo(
            1_234,
            77,
            1,
            new Credentials(1_000, 1_000, 1_000, 1_000),
            99,
            "ada",
            "/usr/bin/zsh",
            List.of("-zsh"),
            false,
            "/home/ada",
            "");
    ProcessInfo process =
        new ProcessInfo(
            4_321,
            78,
            1_234,
            new Credentials(1_000, 0, 1_000, 1_000),
            99,
            "ada",
            "/usr/bin/bash",
            List.of("bash", "", "-i", "été"),
            true,
            "/tmp",
            "");
    return new HostEvent.ProcessStart(1_763_856_000_123_456_789L, process, parent, DIGEST);
  }

  private static HostEvent ended() {
    return new HostEvent.ProcessExit(1_763_856_000_223_456_789L, ProcessInfo.UNKNOWN, 9);
  }

  private static Event exec() {
    return new Event(
        42,
        EventClass.EXEC,
        true,
        200_000,
        null,
        4_711,
        8_589_934_593L,
        4_000,
        1_000,
        1_001,
        0,
        77,
        "/usr/bin/bad 悪い",
        FILE,
        DIGEST,
        true,
        true);
  }

  /// An event with everything that the platform can find out.
  private static Event traced() {
    return new Event(
        45,
        EventClass.OPEN,
        true,
        200_000,
        null,
        4_711,
        8_589_934_593L,
        4_000,
        0,
        0,
        0,
        77,
        "/opt/tool/tool.py",
        FILE,
        DIGEST,
        true,
        true,
        "/usr/bin/python3.11",
        new Provenance(
            true, true, "tool", PackageState.CHANGED, "t0123abcd", "/usr/bin/dpkg", 1, true));
  }

  private static Event notified() {
    return new Event(
        43,
        EventClass.OPEN,
        false,
        0,
        Verdict.DENY,
        4_712,
        8_589_934_594L,
        1,
        65_534,
        65_534,
        65_534,
        78,
        "/home/a/file",
        FILE,
        DIGEST,
        true,
        false);
  }

  /// An event of which the kernel could say almost nothing.
  private static Event unknown() {
    FileIdentity beforeTheEpoch = new FileIdentity(1, 2, -1, Long.MIN_VALUE, 0, 0);
    return new Event(
        44,
        EventClass.EXEC,
        false,
        0,
        Verdict.ALLOW,
        0,
        0,
        -1,
        -1,
        -1,
        -1,
        0,
        "",
        beforeTheEpoch,
        null,
        false,
        true);
  }
}
