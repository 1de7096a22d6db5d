package redoubt.agent.admission;

import java.io.IOException;
import redoubt.core.content.BundleFile;
import redoubt.core.content.ContentException;
import redoubt.core.wire.TestVector;

/// Goes through the vectors of a bundle with somebody who may refuse it.
final class Vectors {
  private Vectors() {}

  /// Takes vectors.
  @FunctionalInterface
  interface Use {
    /// Takes the next one.
    void take(TestVector vector) throws IOException, RefusedException;
  }

  /// Hands them over, in their order, until they are refused.
  static void forEach(BundleFile bundle, Use use)
      throws IOException, ContentException, RefusedException {
    // What a user throws has to pass through whoever reads the bundle.
    RefusedException[] refusal = new RefusedException[1];
    bundle.forEachVector(vector -> {
      if (refusal[0] == null) {
        try {
          use.take(vector);
        } catch (RefusedException e) {
          refusal[0] = e;
        }
      }
    });
    if (refusal[0] != null) {
      throw refusal[0];
    }
  }
}
