package redoubt.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import redoubt.core.content.ContentException;
import redoubt.core.tuf.TargetFile;
import redoubt.core.tuf.policy.PublishedBundle;
import redoubt.core.wire.BundleManifest;

/// A bundle as a target of a repository: `VENDOR/ENGINE/NAME-VERSION.bundle`, with what its
/// manifest says of it, so that a host finds the newest one without fetching any.
///
/// @param vendor whose it is
/// @param path its target path
/// @param file what metadata says of it
record BundleTarget(String vendor, String path, TargetFile file) {
  /// Reads a bundle to its end.
  ///
  /// @param channels says for whom a target is meant, by its path
  /// @throws Problem if it is none
  static BundleTarget of(Path bundle, UnaryOperator<String> channels) {
    return ContentCommands.with(
        bundle,
        opened -> {
          opened.verify();
          BundleManifest manifest = opened.manifest();
          return of(bundle, manifest, channels.apply(manifest.target()));
        });
  }

  private static BundleTarget of(Path bundle, BundleManifest manifest, String channel)
      throws IOException, ContentException {
    TargetFile plain = TargetFile.of(Files.readAllBytes(bundle));
    PublishedBundle published =
        new PublishedBundle(
            manifest.engine().value(),
            manifest.name(),
            manifest.version(),
            manifest.schemaHash(),
            channel);
    return new BundleTarget(
        manifest.vendor(),
        manifest.target(),
        new TargetFile(plain.length(), plain.digests(), published.custom()));
  }
}
