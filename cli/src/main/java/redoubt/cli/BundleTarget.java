package redoubt.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import redoubt.core.content.ContentException;
import redoubt.core.tuf.Json;
import redoubt.core.tuf.TargetFile;
import redoubt.core.wire.BundleManifest;

/// A bundle as a target of a repository: `VENDOR/ENGINE/NAME-VERSION.bundle`, with what its
/// manifest says of it, so that a host finds the newest one without fetching any.
///
/// @param vendor whose it is
/// @param path its target path
/// @param file what metadata says of it
record BundleTarget(String vendor, String path, TargetFile file) {
  /// Under which name metadata says it.
  private static final String CUSTOM = "x-redoubt-bundle";

  /// Reads a bundle to its end.
  ///
  /// @throws Problem if it is none
  static BundleTarget of(Path bundle) {
    return ContentCommands.with(
        bundle,
        opened -> {
          opened.verify();
          return of(bundle, opened.manifest());
        });
  }

  private static BundleTarget of(Path bundle, BundleManifest manifest)
      throws IOException, ContentException {
    TargetFile plain = TargetFile.of(Files.readAllBytes(bundle));
    Json.Members custom =
        new Json.Members(
            Map.of(
                "engine", new Json.Text(manifest.engine().value()),
                "name", new Json.Text(manifest.name()),
                "schema", new Json.Text(manifest.schemaHash()),
                "version", new Json.Whole(manifest.version())));
    return new BundleTarget(
        manifest.vendor(),
        manifest.target(),
        new TargetFile(plain.length(), plain.digests(), new Json.Members(Map.of(CUSTOM, custom))));
  }
}
