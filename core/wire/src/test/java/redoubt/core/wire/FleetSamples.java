package redoubt.core.wire;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import redoubt.core.model.EngineId;
import redoubt.core.model.HostId;
import redoubt.core.model.Octets;
import redoubt.core.wire.FleetMessage.Action;

/// The messages behind the golden vectors of the fleet's protocol.
final class FleetSamples {
  static final HostId HOST = HostId.parse("00112233445566778899aabbccddeeff");

  private static final ActivationLease FIRST =
      new ActivationLease(HOST, 1, BundleSamples.DIGEST, 0, 600, 1, -2);
  private static final BundleName BUNDLE =
      new BundleName("acme", new EngineId("sigma"), "rules", 41, BundleSamples.DIGEST);
  private static final HostInventory INVENTORY =
      new HostInventory(
          "web-1.example",
          "Debian GNU/Linux 12 (bookworm)",
          "6.1.0-57-amd64",
          "x86_64",
          "Acme Server 3000",
          8,
          16_000,
          "0.1.0");
  private static final Octets DER = Octets.of(new byte[] {0x30, 0x03, 0x02, 0x01, 0x05});

  private FleetSamples() {}

  static Map<String, ActivationLease> leases() {
    return new TreeMap<>(
        Map.of(
            "first",
            FIRST,
            "later",
            new ActivationLease(HOST, 3, BundleSamples.DIGEST, 4, 604_800, 815, 4_711)));
  }

  static Map<String, Enrolment.Request> enrolRequests() {
    Octets secret = Octets.of(new byte[Enrolment.SECRET_BYTES]);
    return Map.of("enrol", new Enrolment.Request(secret, DER, INVENTORY));
  }

  static Map<String, Enrolment.Reply> enrolReplies() {
    Octets key = Octets.of(BundleSamples.DIGEST.bytes());
    return Map.of("enrolled", new Enrolment.Reply(HOST, 2, List.of(DER, DER), key));
  }

  static Map<String, HostMessage> fromHost() {
    Map<String, HostMessage> samples = new TreeMap<>();
    samples.put(
        "hello",
        new HostMessage.Hello(1, INVENTORY, "8ab4c1f0-7c0e-4a53-9f1e-1d2c3b4a5968", 12, 4_711));
    samples.put(
        "heartbeat",
        new HostMessage.Heartbeat(HostMessage.State.ENFORCING, 120_000, 3, 2, 1, 15, 4));
    samples.put("lease-request", new HostMessage.LeaseRequest(BUNDLE, -1));
    for (HostMessage.Step step : HostMessage.Step.values()) {
      samples.put(
          "activation-" + step.number, new HostMessage.Activation(BUNDLE, 13, step, "because"));
    }
    samples.put("running", new HostMessage.Running(List.of(BUNDLE, BUNDLE)));
    for (HostMessage.Symptom symptom : HostMessage.Symptom.values()) {
      samples.put("failure-" + symptom.number, new HostMessage.Failure(symptom, "what was seen"));
    }
    samples.put(
        "records",
        new HostMessage.Records(
            4_711, List.of(octets("{\"class_uid\":1007}"), octets("{\"class_uid\":2004}"))));
    samples.put("command-outcome", new HostMessage.CommandOutcome(5, true, "isolated for 60 s"));
    samples.put("renewal", new HostMessage.Renewal(DER));
    samples.put("goodbye", new HostMessage.Goodbye());
    samples.put("part", new HostMessage.Part(9, 65_536, octets("the rest"), true));
    samples.put("policy-in-force", new HostMessage.PolicyInForce(3, 1, "no such package: name=x"));
    samples.put("no-engines", new HostMessage.Engines(60, List.of()));
    samples.put(
        "engines",
        new HostMessage.Engines(
            86_400,
            List.of(
                new EngineReport("sigma", "", "", 0, 0, 0, 0, 0, 0, 0, 0, 0),
                new EngineReport(
                    "scanner",
                    "redoubt",
                    "0.1.0",
                    120_000,
                    3,
                    1,
                    7,
                    2,
                    9_000_000,
                    57_000_000,
                    70,
                    450))));
    return samples;
  }

  static Map<String, FleetMessage> toHost() {
    Map<String, FleetMessage> samples = new TreeMap<>();
    samples.put("welcome", new FleetMessage.Welcome(1, 30));
    samples.put("offer", new FleetMessage.Offer(BUNDLE));
    samples.put(
        "lease-grant",
        new FleetMessage.LeaseGrant(
            Octets.of(FleetCodec.encode(FIRST)),
            Octets.of(new byte[FleetMessage.LeaseGrant.SIGNATURE_BYTES])));
    for (FleetMessage.Reason reason : FleetMessage.Reason.values()) {
      samples.put(
          "lease-refusal-" + reason.number,
          new FleetMessage.LeaseRefusal(BundleSamples.DIGEST, reason));
    }
    samples.put("roll-back", new FleetMessage.RollBack(BUNDLE, "the owner's word"));
    samples.put("records-kept", new FleetMessage.RecordsKept(4_713));
    samples.put("isolate", new FleetMessage.Command(5, "ada", new Action.Isolate(60)));
    samples.put("end-isolation", new FleetMessage.Command(6, "ada", new Action.EndIsolation()));
    samples.put(
        "scan", new FleetMessage.Command(7, "ada", new Action.Scan(List.of("/home", "/srv"))));
    samples.put(
        "take-back", new FleetMessage.Command(8, "ada", new Action.TakeBack("sigma.engine")));
    samples.put("certificates", new FleetMessage.Certificates(List.of(DER, DER)));
    samples.put(
        "collect",
        new FleetMessage.Command(9, "ada", new Action.Collect(List.of("/etc/passwd", "/srv"))));
    samples.put("part-kept", new FleetMessage.PartKept(9, 65_544, ""));
    samples.put("no-part-kept", new FleetMessage.PartKept(9, 0, "no room"));
    samples.put("no-policy", new FleetMessage.Policy(0, List.of()));
    samples.put(
        "policy",
        new FleetMessage.Policy(
            3,
            List.of(
                new FleetMessage.Exemption("/opt/acme/", "*", 1_764_000_000L, 0, "ours"),
                new FleetMessage.Exemption(
                    "0".repeat(64), "scanner", 1_764_000_000L, 1_765_000_000L, ""))));
    return samples;
  }

  private static Octets octets(String text) {
    return Octets.of(text.getBytes(StandardCharsets.UTF_8));
  }

  static Map<String, CourierOrder> toCourier() {
    Octets secret = Octets.of(new byte[Enrolment.SECRET_BYTES]);
    return new TreeMap<>(
        Map.of(
            "enrol",
            new CourierOrder.Enrol("fleet.example", BundleSamples.DIGEST, secret, INVENTORY),
            "connect",
            new CourierOrder.Connect("fleet.example", BundleSamples.DIGEST, DER, List.of(DER, DER)),
            "send",
            new CourierOrder.Send(Octets.of(FleetCodec.encode(new HostMessage.Goodbye())))));
  }

  static Map<String, CourierReport> fromCourier() {
    return new TreeMap<>(
        Map.of(
            "enrolled",
            new CourierReport.Enrolled(
                Octets.of(FleetCodec.encode(enrolReplies().values().iterator().next())), DER),
            "heard",
            new CourierReport.Heard(
                Octets.of(FleetCodec.encode(new FleetMessage.RecordsKept(4_713)))),
            "renewed",
            new CourierReport.Renewed(DER, List.of(DER, DER)),
            "ended",
            new CourierReport.Ended("this host is none of the fleet", true)));
  }
}
