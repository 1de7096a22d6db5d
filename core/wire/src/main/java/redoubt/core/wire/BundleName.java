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
  /// Its path in a repository, as of [BundleManifest#target].
  public String target() {
    return BundleManifest.target(vendor, engine, name, version);
  }
}
