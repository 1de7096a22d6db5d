package redoubt.cli;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import redoubt.core.model.EngineId;
import redoubt.core.wire.BundleManifest;
import redoubt.core.wire.BundleManifest.Limits;
import redoubt.core.wire.BundleManifest.VersionRange;

/// How a bundle that is made is called, and where it goes.
final class BundleNaming {
  @Option(
      names = "--vendor",
      required = true,
      paramLabel = "NAME",
      description = "Who makes it: letters, digits, '.', '_' and '-'.")
  private String vendor = "";

  @Option(
      names = "--name",
      required = true,
      paramLabel = "NAME",
      description = "What it is, such as linux-rules: letters, digits, '.', '_' and '-'.")
  private String name = "";

  @Option(
      names = "--version-number",
      required = true,
      paramLabel = "N",
      description = "Higher than that of each bundle of this name before; from 1.")
  private long version;

  @Option(
      names = {"--output", "-o"},
      paramLabel = "FILE",
      description = "Where to. Default: VENDOR-NAME-N.bundle in this folder.")
  private @Nullable Path output;

  /// Where the bundle goes.
  Path target() {
    Path target =
        output == null ? Path.of(vendor + "-" + name + "-" + version + ".bundle") : output;
    return target.toAbsolutePath();
  }

  /// What the bundle says of itself, but for its files.
  ///
  /// @param created to the millisecond
  BundleManifest manifest(EngineId engine, String schemaHash, Limits limits, Instant created) {
    return new BundleManifest(
        vendor,
        engine,
        name,
        version,
        Instant.ofEpochMilli(created.toEpochMilli()),
        schemaHash,
        VersionRange.ALL,
        limits,
        List.of(),
        List.of());
  }
}
