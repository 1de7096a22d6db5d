package redoubt.agent.decision;

import org.jspecify.annotations.Nullable;
import redoubt.core.model.Provenance;

/// Finds out where the files of operations come from, for engines that judge by that. Thread-safe;
/// asked by examiners, and only where an engine is about to be asked for a verdict.
public interface ProvenanceSource {
  /// Where the file comes from, or null where that is not found out at all. May look at the disk;
  /// never waits for the asking process or for a file system of somebody else's.
  @Nullable Provenance find(Inquiry inquiry);

  /// Counts what may change the answers: what was judged by earlier ones no longer counts.
  long generation();

  /// Finds nothing out: for warming up, measuring and simulations.
  static ProvenanceSource none() {
    return new ProvenanceSource() {
      @Override
      public @Nullable Provenance find(Inquiry inquiry) {
        return null;
      }

      @Override
      public long generation() {
        return 0;
      }
    };
  }
}
