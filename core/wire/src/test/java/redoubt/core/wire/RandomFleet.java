package redoubt.core.wire;

import java.util.List;
import redoubt.core.model.EngineId;
import redoubt.core.model.HostId;
import redoubt.core.model.Octets;
import redoubt.core.wire.FleetMessage.Action;

/// Makes valid messages of the fleet's protocol, as [RandomMessages] does of the engines'.
///
/// @param of makes their parts
record RandomFleet(RandomMessages of) {
  ActivationLease lease() {
    return new ActivationLease(
        new HostId(of.any(), of.any()),
        of.between(1, Integer.MAX_VALUE),
        of.digest(),
        of.between(0, Integer.MAX_VALUE),
        of.between(1, ActivationLease.MOST_VALID_SECONDS),
        of.positive(),
        of.any());
  }

  Enrolment.Request enrolRequest() {
    return new Enrolment.Request(octets(Enrolment.SECRET_BYTES), certificate(), inventory());
  }

  Enrolment.Reply enrolReply() {
    return new Enrolment.Reply(
        new HostId(of.any(), of.any()),
        of.between(1, Integer.MAX_VALUE),
        certificates(),
        octets(FleetCodec.KEY_BYTES));
  }

  HostMessage fromHost() {
    return switch (of.between(0, 12)) {
      case 0 ->
          new HostMessage.Hello(
              of.between(1, Integer.MAX_VALUE),
              inventory(),
              of.text(WireLimits.BOOT_ID_CHARS),
              of.positive() - 1,
              of.positive() - 1);
      case 1 ->
          new HostMessage.Heartbeat(
              of.pick(HostMessage.State.values()),
              of.positive() - 1,
              of.positive() - 1,
              of.positive() - 1,
              of.positive() - 1,
              of.positive() - 1,
              of.positive() - 1);
      case 2 -> new HostMessage.LeaseRequest(bundle(), of.any());
      case 3 ->
          new HostMessage.Activation(
              bundle(), of.positive(), of.pick(HostMessage.Step.values()), reason());
      case 4 ->
          new HostMessage.Running(of.some(of.between(0, WireLimits.RUNNING_BUNDLES), this::bundle));
      case 5 -> new HostMessage.Failure(of.pick(HostMessage.Symptom.values()), reason());
      case 6 ->
          new HostMessage.Records(
              of.positive() - 1,
              of.some(
                  of.between(1, WireLimits.RECORDS_PER_MESSAGE), () -> octets(of.between(1, 400))));
      case 7 -> new HostMessage.CommandOutcome(of.positive(), of.coin(), reason());
      case 8 -> new HostMessage.Renewal(certificate());
      case 9 ->
          new HostMessage.PolicyInForce(
              of.positive() - 1, of.between(0, WireLimits.EXEMPTIONS), reason());
      case 10 ->
          new HostMessage.Part(
              of.positive(), of.positive() - 1, octets(of.between(1, 400)), of.coin());
      case 11 ->
          new HostMessage.Engines(
              of.positive() - 1, of.some(of.between(0, WireLimits.STATUS_ENGINES), this::engine));
      default -> new HostMessage.Goodbye();
    };
  }

  private EngineReport engine() {
    return new EngineReport(
        "engine-" + of.between(0, 99),
        of.text(WireLimits.NAME_CHARS),
        of.text(WireLimits.VERSION_CHARS),
        of.positive() - 1,
        of.positive() - 1,
        of.positive() - 1,
        of.positive() - 1,
        of.between(0, Integer.MAX_VALUE),
        of.positive() - 1,
        of.positive() - 1,
        of.positive() - 1,
        of.positive() - 1);
  }

  CourierOrder courierOrder() {
    return switch (of.between(0, 2)) {
      case 0 ->
          new CourierOrder.Enrol(
              "s" + of.text(WireLimits.NAME_CHARS - 1),
              of.digest(),
              octets(Enrolment.SECRET_BYTES),
              inventory());
      case 1 ->
          new CourierOrder.Connect(
              "s" + of.text(WireLimits.NAME_CHARS - 1), of.digest(), certificate(), certificates());
      default -> new CourierOrder.Send(octets(of.between(1, 400)));
    };
  }

  CourierReport courierReport() {
    return switch (of.between(0, 3)) {
      case 0 -> new CourierReport.Enrolled(octets(of.between(1, 400)), certificate());
      case 1 -> new CourierReport.Heard(octets(of.between(1, 400)));
      case 2 -> new CourierReport.Renewed(certificate(), certificates());
      default -> new CourierReport.Ended(reason(), of.coin());
    };
  }

  FleetMessage toHost() {
    return switch (of.between(0, 9)) {
      case 0 -> new FleetMessage.Welcome(of.between(1, Integer.MAX_VALUE), of.between(1, 3_600));
      case 1 -> new FleetMessage.Offer(bundle());
      case 2 ->
          new FleetMessage.LeaseGrant(
              octets(of.between(1, WireLimits.LEASE_BYTES)),
              octets(FleetMessage.LeaseGrant.SIGNATURE_BYTES));
      case 3 -> new FleetMessage.LeaseRefusal(of.digest(), of.pick(FleetMessage.Reason.values()));
      case 4 -> new FleetMessage.RollBack(bundle(), reason());
      case 5 -> new FleetMessage.RecordsKept(of.positive() - 1);
      case 6 ->
          new FleetMessage.Command(
              of.positive(), "o" + of.text(WireLimits.NAME_CHARS - 1), action());
      case 7 -> new FleetMessage.PartKept(of.positive(), of.positive() - 1, reason());
      case 8 ->
          new FleetMessage.Policy(
              of.positive() - 1, of.some(of.between(0, WireLimits.EXEMPTIONS), this::exemption));
      default -> new FleetMessage.Certificates(certificates());
    };
  }

  private FleetMessage.Exemption exemption() {
    return new FleetMessage.Exemption(
        "v" + of.text(100),
        of.coin() ? FleetMessage.Exemption.EVERY_ENGINE : "engine-" + of.between(0, 99),
        of.between(0, Integer.MAX_VALUE),
        of.between(0, Integer.MAX_VALUE),
        of.text(100));
  }

  private Action action() {
    return switch (of.between(0, 4)) {
      case 0 -> new Action.Isolate(of.between(1, Integer.MAX_VALUE));
      case 1 -> new Action.EndIsolation();
      case 2 -> new Action.TakeBack("engine-" + of.between(0, 99));
      case 3 ->
          new Action.Collect(
              of.some(of.between(1, WireLimits.SCAN_PATHS), () -> "/" + of.text(200)));
      default ->
          new Action.Scan(of.some(of.between(1, WireLimits.SCAN_PATHS), () -> "/" + of.text(200)));
    };
  }

  private BundleName bundle() {
    String suffix = of.coin() ? ".engine" : "";
    return new BundleName(
        "vendor", new EngineId("engine" + suffix), "name", of.positive(), of.digest());
  }

  private HostInventory inventory() {
    int most = HostInventory.TEXT_CHARS;
    return new HostInventory(
        "h" + of.text(most - 1),
        of.text(most),
        of.text(most),
        of.text(most),
        of.text(most),
        of.between(0, Integer.MAX_VALUE),
        of.between(0, Integer.MAX_VALUE),
        of.text(most));
  }

  private List<Octets> certificates() {
    return of.some(of.between(1, FleetCodec.CERTIFICATES), this::certificate);
  }

  private Octets certificate() {
    return octets(of.between(1, FleetCodec.CERTIFICATE_BYTES));
  }

  private String reason() {
    return of.text(WireLimits.REASON_CHARS);
  }

  private static Octets octets(int length) {
    return Octets.of(new byte[length]);
  }
}
