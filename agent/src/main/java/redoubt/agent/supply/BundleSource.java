package redoubt.agent.supply;

import java.io.IOException;
import java.util.List;
import redoubt.core.model.EngineId;

/// Where bundles come from that somebody vouches for. Whoever asks waits.
public interface BundleSource {
  /// Fetches a bundle.
  ///
  /// @param target its path, `VENDOR/ENGINE/NAME-VERSION.bundle`
  /// @throws SupplyException if it is not vouched for, or cannot be had
  /// @throws IOException if this host's disk fails
  Supply.Supplied fetch(String target) throws IOException, SupplyException;

  /// Says which versions of a vendor's content there are for an engine, in any order.
  ///
  /// @throws SupplyException if nobody vouches for the vendor's list now, or it cannot be had
  /// @throws IOException if this host's disk fails
  List<Published> published(String vendor, EngineId engine, String name)
      throws IOException, SupplyException;
}
