package redoubt.core.content.life;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import redoubt.core.content.BundleWriter;
import redoubt.core.content.ContentException;
import redoubt.core.model.EngineId;
import redoubt.core.model.HostEvent;
import redoubt.core.model.ProcessInfo;
import redoubt.core.wire.BundleManifest;
import redoubt.core.wire.BundleManifest.Limits;
import redoubt.core.wire.BundleManifest.VersionRange;
import redoubt.core.wire.TestVector;

/// Small bundles.
final class Bundles {
  private Bundles() {}

  static Path make(Path folder, long version) throws IOException, ContentException {
    Path content = Files.writeString(folder.resolve("content"), "content " + version);
    BundleManifest manifest =
        new BundleManifest(
            "acme",
            new EngineId("sigma"),
            "rules",
            version,
            Instant.EPOCH,
            "ab".repeat(32),
            VersionRange.ALL,
            new Limits(1, 1, 16),
            List.of(),
            List.of());
    TestVector vector =
        TestVector.ofActivity(
            "v",
            List.of(new HostEvent.ProcessStart(1, ProcessInfo.UNKNOWN, ProcessInfo.UNKNOWN)),
            Set.of("r"),
            Set.of());
    return BundleWriter.write(
            folder.resolve(version + ".bundle"), manifest, content, List.of(vector))
        .file();
  }
}
