package redoubt.core.wire;

import redoubt.core.model.EngineId;
import redoubt.core.model.Sha256;

/// A bundle, by its name and by its bytes. Immutable.
///
/// @param vendor who made it
/// @param engine the engine that it is for, or of [EngineId#releases] for the engine itself
/// @param name what it is
/// @param version from 1
/// @param sha256 of the whole bundle
public record BundleName(String vendor, EngineId engine, String name, long version, Sha256 sha256) {
  /// Whether another one is an earlier or later one of the same, or the same.
  public boolean isOfSameName(BundleName other) {
    return vendor.equals(other.vendor) && engine.equals(other.engine) && name.equals(other.name);
  }

  /// Its path in a repository, as of [BundleManifest#target].
  public String target() {
    return BundleManifest.target(vendor, engine, name, version);
  }
}
