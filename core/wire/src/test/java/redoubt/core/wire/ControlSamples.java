package redoubt.core.wire;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import redoubt.core.model.EngineMode;
import redoubt.core.model.Octets;
import redoubt.core.model.Sha256;

/// The messages of the control protocol behind the golden vectors, as [Samples] has those of the
/// other one.
final class ControlSamples {
  private ControlSamples() {}

  static Map<String, ControlRequest> requests() {
    return new TreeMap<>(
        Map.ofEntries(
            Map.entry("scan", new ControlRequest.Scan(3, true, true)),
            Map.entry("put-away", new ControlRequest.PutAway()),
            Map.entry(
                "restore", new ControlRequest.Restore(7, Octets.of(new byte[] {'/', (byte) 0xff}))),
            Map.entry(
                "isolate",
                new ControlRequest.Isolate(
                    14_400, List.of("to 192.0.2.7:443/tcp", "from [2001:db8::7]:22/tcp"))),
            Map.entry(
                "activate-content",
                new ControlRequest.ActivateContent("/root/acme-linux-7.bundle")),
            Map.entry(
                "fetch-content",
                new ControlRequest.FetchContent("acme/sigma/linux-rules-7.bundle")),
            Map.entry("update-content", new ControlRequest.UpdateContent("sigma")),
            Map.entry(
                "roll-back-content",
                new ControlRequest.RollBackContent("sigma", "reports the backup")),
            Map.entry(
                "join-fleet",
                new ControlRequest.JoinFleet("fleet.example", 7_443, "redoubt1.YQ.Yg", true)),
            Map.entry("leave-fleet", new ControlRequest.LeaveFleet()),
            Map.entry("reload-settings", new ControlRequest.ReloadSettings(true)),
            Map.entry("delete-quarantined", new ControlRequest.DeleteQuarantined(7)),
            Map.entry("thaw", new ControlRequest.Thaw(3)),
            Map.entry("status", new ControlRequest.Status()),
            Map.entry("set-mode", new ControlRequest.SetMode("scanner", EngineMode.ENFORCE)),
            Map.entry("set-mode-all", new ControlRequest.SetMode("", EngineMode.MONITOR)),
            Map.entry("reload-policy", new ControlRequest.ReloadPolicy()),
            Map.entry("stop", new ControlRequest.Stop("upgrade", "")),
            Map.entry("stop-with-passphrase", new ControlRequest.Stop("upgrade", "correct horse")),
            Map.entry("reload-seal", new ControlRequest.ReloadSeal("correct horse")),
            Map.entry("hot-spots", new ControlRequest.HotSpots()),
            Map.entry("reload-engines", new ControlRequest.ReloadEngines())));
  }

  static Map<String, ControlReply> replies() {
    return new TreeMap<>(
        Map.of(
            "done", new ControlReply.Done("scanner is in monitor mode"),
            "failed",
                new ControlReply.Failed("unknown-engine", "no engine: id=x", "see redoubt engines"),
            "status", status(),
            "scanned", scanned(),
            "taken",
                new ControlReply.Taken("sigma", "acme", "linux-rules", 7, Sha256.hash(new byte[0])),
            "hot-spots",
                new ControlReply.HotSpots(
                    95,
                    List.of(new ControlReply.Spot("/usr/bin/make", 812, 40_500, 1)),
                    List.of(
                        new ControlReply.Spot("/usr/bin/cc", 800, 31_000, 0),
                        new ControlReply.Spot("", 12, 9_500, 1)))));
  }

  private static ControlReply.Scanned scanned() {
    return new ControlReply.Scanned(
        List.of(
            new ControlReply.ScannedFile("clean", true, "", List.of()),
            new ControlReply.ScannedFile(
                "found",
                false,
                "",
                List.of(new ControlReply.ScanHit("scanner", "Eicar", "on the list as Eicar"))),
            new ControlReply.ScannedFile("unscanned", false, "scanner: deadline", List.of())));
  }

  private static ControlReply.Status status() {
    return new ControlReply.Status(
        "0.1.0",
        100,
        99,
        1_763_856_000_000L,
        1_763_856_001_000L,
        "enforcing",
        "one engine enforces",
        7,
        2,
        1_234,
        "/var/lib/redoubt/journal",
        List.of(
            new ControlReply.Coverage("/", "ext4", true, "exec"),
            new ControlReply.Coverage("/net", "nfs4", false, "remote: may hang")),
        List.of(engine()),
        Map.of("redoubt_events_total", 12_345L, "redoubt_drift", -1L),
        new ControlReply.Seal("whole", "files=61", true),
        new ControlReply.Fleet(
            "fleet.example:7443", "0123456789abcdef0123456789abcdef", true, "none", 12, 1, true));
  }

  private static ControlReply.Engine engine() {
    return new ControlReply.Engine(
        "scanner",
        "Scanner",
        "Redoubt",
        "0.1.0",
        EngineMode.ENFORCE,
        "ready",
        101,
        61_001,
        3,
        "known bad",
        "2026-11-23.1",
        "local (owner key 3f2a)",
        1_000_000,
        500,
        498,
        2,
        1,
        1,
        17,
        850,
        2_400,
        new ControlReply.Costs(1_234_567, 48_000_000, 2, 90, 7, 11),
        List.of("file-content", "judge:exec"),
        List.of("judge:exec"),
        BundleSamples.DIGEST);
  }
}
