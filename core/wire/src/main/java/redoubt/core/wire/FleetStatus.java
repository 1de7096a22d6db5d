package redoubt.core.wire;

import redoubt.core.wire.ControlReply.Fleet;

/// `Fleet` in `spec/control.proto`, field by field. Stateless.
final class FleetStatus {
  private FleetStatus() {}

  /// The same with texts for people cut to their length.
  static Fleet fit(Fleet fleet) {
    return new Fleet(
        fleet.server(),
        fleet.host(),
        fleet.connected(),
        WireText.cut(fleet.problem(), WireLimits.REASON_CHARS),
        fleet.recordsWaiting(),
        fleet.recordsLost(),
        fleet.ownUpdates());
  }

  static void write(ProtoWriter out, Fleet fleet) {
    out.text(1, fleet.server());
    out.text(2, fleet.host());
    out.flag(3, fleet.connected());
    out.text(4, fleet.problem());
    out.unsigned(5, fleet.recordsWaiting());
    out.unsigned(6, fleet.recordsLost());
    out.flag(7, fleet.ownUpdates());
  }

  static Fleet read(ProtoReader in) throws WireException {
    String server = "";
    String host = "";
    boolean connected = false;
    String problem = "";
    long recordsWaiting = 0;
    long recordsLost = 0;
    boolean ownUpdates = false;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> server = in.text();
        case 2 -> host = in.text();
        case 3 -> connected = in.flag();
        case 4 -> problem = in.text();
        case 5 -> recordsWaiting = in.uint64();
        case 6 -> recordsLost = in.uint64();
        case 7 -> ownUpdates = in.flag();
        default -> in.skip();
      }
    }
    return new Fleet(server, host, connected, problem, recordsWaiting, recordsLost, ownUpdates);
  }

  static void check(Fleet fleet) {
    Check.text("server", fleet.server(), WireLimits.NAME_CHARS);
    Check.text("host", fleet.host(), WireLimits.NAME_CHARS);
    Check.text("problem", fleet.problem(), WireLimits.REASON_CHARS);
    Check.range("recordsWaiting", fleet.recordsWaiting(), 0, Long.MAX_VALUE);
    Check.range("recordsLost", fleet.recordsLost(), 0, Long.MAX_VALUE);
  }
}
