package redoubt.core.content.life;

import java.util.regex.Pattern;
import redoubt.core.model.EngineId;
import redoubt.core.model.Sha256;
import redoubt.core.wire.BundleManifest;
import redoubt.core.wire.BundleName;

/// A bundle that lies on this host.
///
/// @param digest SHA-256 of the whole file
/// @param vendor who made it, as in its manifest
/// @param name what it is, as in its manifest
/// @param version from 1
public record Release(Sha256 digest, String vendor, String name, long version) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}");

  /// @throws IllegalArgumentException if vendor, name or version are none
  public Release {
    if (!NAME.matcher(vendor).matches() || !NAME.matcher(name).matches() || version < 1) {
      throw new IllegalArgumentException(
          "no release: vendor=" + vendor + " name=" + name + " version=" + version);
    }
  }

  /// The release that a manifest speaks of.
  public static Release of(Sha256 digest, BundleManifest manifest) {
    return new Release(digest, manifest.vendor(), manifest.name(), manifest.version());
  }

  /// The same as hosts and servers speak of it.
  ///
  /// @param engine what it is for: an engine, or that engine's releases
  public BundleName named(EngineId engine) {
    return new BundleName(vendor, engine, name, version, digest);
  }

  /// For people, such as `acme/rules version=7`.
  public String words() {
    return words(vendor, name, version);
  }

  /// As [#words()], of the release that a manifest speaks of.
  public static String words(BundleManifest manifest) {
    return words(manifest.vendor(), manifest.name(), manifest.version());
  }

  private static String words(String vendor, String name, long version) {
    return vendor + "/" + name + " version=" + version;
  }

  /// What rises with each version: versions of another vendor or name say nothing.
  String line() {
    return line(vendor, name);
  }

  static String line(String vendor, String name) {
    return vendor + " " + name;
  }
}
