package redoubt.agent.activation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import redoubt.core.content.BundleWriter;
import redoubt.core.content.ContentException;
import redoubt.core.content.ProgramFolder;
import redoubt.core.model.EngineId;
import redoubt.core.model.HostEvent;
import redoubt.core.model.ProcessInfo;
import redoubt.core.wire.BundleManifest;
import redoubt.core.wire.TestVector;

/// Bundles for a [MadeHost].
///
/// @param folder where they are written
record MadeBundles(Path folder) {
  /// Content for its engine.
  Path content(long version) throws IOException, ContentException {
    Path file = folder.resolve(version + ".bundle");
    Files.deleteIfExists(file);
    return BundleWriter.write(
            file, manifest(MadeHost.ENGINE, "content", version), payload(version), vectors())
        .file();
  }

  /// The engine itself.
  ///
  /// @param keys what stands in its manifest beside its id
  Path release(long version, String keys) throws IOException, ContentException {
    Path program = Files.createDirectories(folder.resolve("program"));
    Files.writeString(
        program.resolve(ProgramFolder.MANIFEST), "id=" + MadeHost.ENGINE + "\n" + keys);
    Path run = Files.writeString(program.resolve("run"), "version " + version);
    Files.setPosixFilePermissions(run, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path file = folder.resolve("release-" + version + ".bundle");
    Files.deleteIfExists(file);
    return BundleWriter.writeRelease(
            file,
            manifest(MadeHost.ENGINE.releases(), "engine", version),
            payload(1_000 + version),
            vectors(),
            program)
        .file();
  }

  private Path payload(long version) throws IOException {
    return Files.writeString(folder.resolve("payload"), "content " + version);
  }

  private static BundleManifest manifest(EngineId engine, String name, long version) {
    return new BundleManifest(
        "acme",
        engine,
        name,
        version,
        Instant.ofEpochMilli(1_000),
        "0".repeat(64),
        BundleManifest.VersionRange.ALL,
        new BundleManifest.Limits(1_000, 1_000, 64),
        List.of(),
        List.of());
  }

  private static List<TestVector> vectors() {
    HostEvent event =
        new HostEvent.ProcessExit(1_000_000_000L, ProcessInfo.UNKNOWN.forkedAs(1, 1), 0);
    return List.of(TestVector.ofActivity("v", List.of(event), Set.of("r"), Set.of()));
  }
}
