package redoubt.core.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import redoubt.core.model.Credentials;
import redoubt.core.model.EngineId;
import redoubt.core.model.EventClass;
import redoubt.core.model.FileIdentity;
import redoubt.core.model.HostEvent;
import redoubt.core.model.Octets;
import redoubt.core.model.ProcessInfo;
import redoubt.core.model.Sha256;
import redoubt.core.model.Verdict;
import redoubt.core.wire.BundleManifest.File;
import redoubt.core.wire.BundleManifest.Limits;
import redoubt.core.wire.BundleManifest.ProgramFile;
import redoubt.core.wire.BundleManifest.Role;
import redoubt.core.wire.BundleManifest.VersionRange;

/// The manifests and vectors behind the golden vectors of `spec/vectors`.
final class BundleSamples {
  static final Sha256 DIGEST =
      Sha256.parse("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");

  private BundleSamples() {}

  static BundleManifest decodeManifest(ByteBuffer bytes) throws WireException {
    return BundleCodec.decodeManifest(remaining(bytes));
  }

  static TestVector decodeVector(ByteBuffer bytes) throws WireException {
    return BundleCodec.decodeVector(remaining(bytes));
  }

  static byte[] remaining(ByteBuffer bytes) {
    byte[] copy = new byte[bytes.remaining()];
    bytes.duplicate().get(copy);
    return copy;
  }

  static Map<String, BundleManifest> manifests() {
    Map<String, BundleManifest> samples = new TreeMap<>();
    samples.put("sigma", manifest("acme", new VersionRange("0.1.0", "0.9")));
    samples.put("any-engine-version", manifest("a", VersionRange.ALL));
    samples.put(
        "engine",
        manifest("acme", new EngineId("acme-av").releases(), VersionRange.ALL)
            .withProgram(
                List.of(
                    new ProgramFile("manifest.engine", false, 120, DIGEST),
                    new ProgramFile("bin/engine", true, 81_234, DIGEST))));
    return samples;
  }

  private static BundleManifest manifest(String vendor, VersionRange versions) {
    return manifest(vendor, new EngineId("sigma"), versions);
  }

  private static BundleManifest manifest(String vendor, EngineId engine, VersionRange versions) {
    return new BundleManifest(
        vendor,
        engine,
        "linux-rules",
        41,
        Instant.ofEpochMilli(1_764_000_000_123L),
        DIGEST.toString(),
        versions,
        new Limits(5_000, 60_000, 160),
        List.of(new File(Role.CONTENT, 4_711, DIGEST), new File(Role.VECTORS, 815, DIGEST)),
        List.of());
  }

  static Map<String, TestVector> vectors() {
    Map<String, TestVector> samples = new TreeMap<>();
    ProcessInfo process =
        new ProcessInfo(
            4_242,
            0,
            1,
            new Credentials(0, 0, 0, 0),
            0,
            "root",
            "/usr/bin/base64",
            List.of("base64", "-d"),
            false,
            "/tmp",
            "");
    samples.put(
        "reported",
        TestVector.ofActivity(
            "base64 decodes",
            List.of(
                new HostEvent.ProcessStart(
                    1_764_000_000_000_000_000L, process, ProcessInfo.UNKNOWN)),
            Set.of("8c2b1c8e", "aa11"),
            Set.of("8c2b1c8e", "8c2b1c8e CommandLine contains -d")));
    samples.put("denied", file("a bad file", Verdict.DENY, Set.of("sha256:e3b0c442")));
    samples.put("allowed", file("an unknown file", Verdict.ALLOW, Set.of()));
    return samples;
  }

  private static TestVector file(String name, Verdict verdict, Set<String> rules) {
    AgentMessage.Event event =
        new AgentMessage.Event(
            1,
            EventClass.EXEC,
            true,
            250_000,
            null,
            4_242,
            0,
            1,
            0,
            0,
            0,
            0,
            "/tmp/file",
            new FileIdentity(1, 2, 3, 4, 5, 6),
            DIGEST,
            true,
            true);
    Octets content = Octets.of("MZ".getBytes(StandardCharsets.US_ASCII));
    return TestVector.ofFile(
        name, new TestVector.Question(event, content), verdict, rules, Set.of());
  }
}
