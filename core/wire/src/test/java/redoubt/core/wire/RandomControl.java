package redoubt.core.wire;

import java.util.Map;
import java.util.TreeMap;
import redoubt.core.model.EngineMode;
import redoubt.core.model.Octets;
import redoubt.core.model.Sha256;

/// Makes valid messages of the control protocol, as [RandomMessages] does of the other one.
///
/// @param of makes their parts
record RandomControl(RandomMessages of) {
  ControlRequest request() {
    return switch (of.between(0, 19)) {
      case 0 -> new ControlRequest.Status();
      case 1 -> new ControlRequest.SetMode(of.coin() ? "" : "engine", of.pick(EngineMode.values()));
      case 2 -> new ControlRequest.ReloadPolicy();
      case 3 -> new ControlRequest.HotSpots();
      case 4 -> new ControlRequest.ReloadEngines();
      case 5 -> new ControlRequest.ReloadSeal(of.text(WireLimits.PASSPHRASE_CHARS));
      case 6 -> new ControlRequest.Thaw(of.positive() - 1);
      case 7 -> new ControlRequest.Scan(of.between(1, WireLimits.SCAN_FILES), of.coin(), of.coin());
      case 8 -> new ControlRequest.PutAway();
      case 9 ->
          new ControlRequest.Restore(
              of.positive(), Octets.of(new byte[of.between(0, WireLimits.PATH_BYTES)]));
      case 10 -> new ControlRequest.DeleteQuarantined(of.positive());
      case 11 ->
          new ControlRequest.Isolate(
              of.between(0, Integer.MAX_VALUE - 1),
              of.some(
                  of.between(0, WireLimits.PEERS), () -> "p" + of.text(WireLimits.NAME_CHARS - 1)));
      case 12 -> new ControlRequest.ActivateContent("/" + of.text(WireLimits.PATH_BYTES - 1));
      case 13 -> new ControlRequest.RollBackContent("drill", of.text(WireLimits.REASON_CHARS));
      case 16 ->
          new ControlRequest.JoinFleet(
              "s" + of.text(WireLimits.NAME_CHARS - 1),
              of.between(1, 65_535),
              "t" + of.text(WireLimits.NAME_CHARS - 1),
              of.coin());
      case 17 -> new ControlRequest.LeaveFleet();
      case 18 -> new ControlRequest.ReloadSettings(of.coin());
      case 15 -> new ControlRequest.UpdateContent(of.coin() ? "" : "engine");
      case 14 -> new ControlRequest.FetchContent("a/" + of.text(WireLimits.PATH_BYTES - 2));
      default ->
          new ControlRequest.Stop(
              of.text(WireLimits.REASON_CHARS), of.text(WireLimits.PASSPHRASE_CHARS));
    };
  }

  ControlReply reply() {
    return switch (of.between(0, 6)) {
      case 0 -> new ControlReply.Done(of.text(WireLimits.REASON_CHARS));
      case 1 ->
          new ControlReply.Failed(
              "internal", of.text(WireLimits.REASON_CHARS), of.text(WireLimits.REASON_CHARS));
      case 2 ->
          new ControlReply.HotSpots(
              of.between(0, Integer.MAX_VALUE),
              of.some(of.between(0, WireLimits.HOT_SPOTS), this::spot),
              of.some(of.between(0, WireLimits.HOT_SPOTS), this::spot));
      case 3 ->
          new ControlReply.Scanned(of.some(of.between(1, WireLimits.SCAN_FILES), this::scanned));
      case 4 ->
          new ControlReply.Taken(
              "engine", "v" + of.text(63), "n" + of.text(63), of.positive(), of.digest());
      default -> status();
    };
  }

  private ControlReply.ScannedFile scanned() {
    return new ControlReply.ScannedFile(
        of.coin() ? "found" : "clean",
        of.coin(),
        of.text(16),
        of.some(
            of.between(0, WireLimits.SCAN_HITS),
            () -> new ControlReply.ScanHit("engine", of.text(32), of.text(64))));
  }

  private ControlReply.Status status() {
    Map<String, Long> counters = new TreeMap<>();
    for (int i = of.between(0, 20); i > 0; i--) {
      counters.put("redoubt_counter_" + i, of.any());
    }
    return new ControlReply.Status(
        of.text(WireLimits.VERSION_CHARS),
        of.between(1, Integer.MAX_VALUE),
        of.between(0, Integer.MAX_VALUE),
        of.positive(),
        of.positive() - 1,
        "enforcing",
        of.text(WireLimits.REASON_CHARS),
        of.positive() - 1,
        of.between(0, Integer.MAX_VALUE),
        of.between(0, Integer.MAX_VALUE),
        of.text(WireLimits.PATH_BYTES / 4),
        of.some(
            of.between(0, 6),
            () -> new ControlReply.Coverage(of.text(99), of.text(9), of.coin(), of.text(99))),
        of.some(of.between(0, 3), this::engineStatus),
        counters,
        new ControlReply.Seal("whole", of.text(WireLimits.REASON_CHARS), of.coin()),
        of.coin() ? ControlReply.Fleet.none() : fleet());
  }

  private ControlReply.Fleet fleet() {
    return new ControlReply.Fleet(
        "s" + of.text(WireLimits.NAME_CHARS - 1),
        of.text(WireLimits.NAME_CHARS),
        of.coin(),
        of.text(WireLimits.REASON_CHARS),
        of.positive() - 1,
        of.positive() - 1,
        of.coin());
  }

  private ControlReply.Engine engineStatus() {
    return new ControlReply.Engine(
        "scanner",
        of.text(WireLimits.NAME_CHARS),
        of.text(WireLimits.NAME_CHARS),
        of.text(WireLimits.VERSION_CHARS),
        of.pick(EngineMode.values()),
        "ready",
        of.between(0, Integer.MAX_VALUE),
        of.anyInt(),
        of.between(0, Integer.MAX_VALUE),
        of.text(WireLimits.NAME_CHARS),
        of.text(WireLimits.VERSION_CHARS),
        of.text(WireLimits.NAME_CHARS),
        of.positive() - 1,
        of.positive() - 1,
        of.positive() - 1,
        of.positive() - 1,
        of.positive() - 1,
        of.positive() - 1,
        of.positive() - 1,
        of.positive() - 1,
        of.positive() - 1,
        new ControlReply.Costs(
            of.positive() - 1,
            of.positive() - 1,
            of.between(0, Integer.MAX_VALUE),
            of.positive() - 1,
            of.positive() - 1,
            of.positive() - 1),
        of.some(of.between(0, 5), () -> of.filled(99)),
        of.some(of.between(0, 5), () -> of.filled(99)),
        of.coin() ? null : Sha256.ofText(of.text(9)));
  }

  private ControlReply.Spot spot() {
    return new ControlReply.Spot(
        of.text(WireLimits.HOT_SPOT_CHARS),
        of.positive() - 1,
        of.positive() - 1,
        of.positive() - 1);
  }
}
