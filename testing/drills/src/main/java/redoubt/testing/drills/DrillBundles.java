package redoubt.testing.drills;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import redoubt.core.content.BundleWriter;
import redoubt.core.content.ContentException;
import redoubt.core.model.EngineId;
import redoubt.core.model.EventClass;
import redoubt.core.model.FileIdentity;
import redoubt.core.model.HostEvent;
import redoubt.core.model.Octets;
import redoubt.core.model.ProcessInfo;
import redoubt.core.model.Sha256;
import redoubt.core.model.Verdict;
import redoubt.core.wire.AgentMessage;
import redoubt.core.wire.BundleManifest;
import redoubt.core.wire.BundleManifest.Limits;
import redoubt.core.wire.BundleManifest.VersionRange;
import redoubt.core.wire.TestVector;

/// Makes bundles for the engine `drill`, in a folder. Not thread-safe.
public final class DrillBundles {
  /// What the engine says its content is written in.
  public static final String SCHEMA =
      Sha256.hash("redoubt drill content 1".getBytes(StandardCharsets.UTF_8)).toString();

  /// What [#goodVectors] shows.
  public static final String RULES = "report made /bin/made\ndeny bad /bad/*\n";

  /// An hour apart, so that no event of a vector has to do with one of another.
  private static final long APART_NANOS = 3_600_000_000_000L;

  private final Path folder;
  private long events;

  /// Bundles in a folder that is there.
  public DrillBundles(Path folder) {
    this.folder = folder;
  }

  /// A bundle of [#RULES] and more, with the vectors that show the former.
  public Path version(long version, String more) throws IOException, ContentException {
    return bundle(
        manifest(version, SCHEMA, VersionRange.ALL, new Limits(2_000, 2_000, 128)),
        RULES + more,
        goodVectors());
  }

  /// A bundle of any content; the one before with the same version is replaced.
  public Path bundle(BundleManifest manifest, String content, List<TestVector> vectors)
      throws IOException, ContentException {
    Path payload = Files.writeString(folder.resolve("content"), content);
    Path file = folder.resolve("drill-" + manifest.version() + ".bundle");
    Files.deleteIfExists(file);
    return BundleWriter.write(file, manifest, payload, vectors).file();
  }

  /// The manifest of a bundle for the engine `drill`.
  public static BundleManifest manifest(
      long version, String schema, VersionRange versions, Limits limits) {
    return new BundleManifest(
        "acme",
        new EngineId("drill"),
        "drill",
        version,
        Instant.now(),
        schema,
        versions,
        limits,
        List.of(),
        List.of());
  }

  /// Vectors that show each rule of [#RULES].
  public List<TestVector> goodVectors() {
    return List.of(
        TestVector.ofActivity("reported", List.of(start("/bin/made")), Set.of("made"), Set.of()),
        TestVector.ofActivity("not reported", List.of(start("/bin/other")), Set.of(), Set.of()),
        question("denied", "/bad/one", Verdict.DENY, Set.of("bad")),
        question("allowed", "/good/one", Verdict.ALLOW, Set.of()));
  }

  /// The start of a program, an hour after the one before.
  public HostEvent start(String image, String... arguments) {
    ProcessInfo process =
        new ProcessInfo(
            (int) ++events,
            events,
            1,
            ProcessInfo.UNKNOWN.credentials(),
            0,
            "root",
            image,
            List.of(arguments),
            false,
            "/",
            "");
    return new HostEvent.ProcessStart(events * APART_NANOS, process, ProcessInfo.UNKNOWN);
  }

  private static TestVector question(String name, String path, Verdict verdict, Set<String> rules) {
    AgentMessage.Event event =
        new AgentMessage.Event(
            1,
            EventClass.EXEC,
            true,
            250_000,
            null,
            100,
            100,
            1,
            0,
            0,
            0,
            1,
            path,
            new FileIdentity(1, 2, 3, 4, 5, 6),
            null,
            true,
            true);
    Octets content = Octets.of("#!/bin/sh\n".getBytes(StandardCharsets.US_ASCII));
    return TestVector.ofFile(
        name, new TestVector.Question(event, content), verdict, rules, Set.of());
  }
}
