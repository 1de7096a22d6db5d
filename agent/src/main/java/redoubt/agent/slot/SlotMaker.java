package redoubt.agent.slot;

import java.io.IOException;
import java.nio.file.Path;
import redoubt.core.model.Sha256;

/// Makes a release ready to run. Takes minutes, and nobody waits for it.
public interface SlotMaker {
  /// Unpacks it, looks at it, and writes its start-up caches.
  ///
  /// @param archive the release
  /// @param tree where it is to lie; what lies there goes
  /// @param digest that of its bundle, which is written into it
  /// @throws ReleaseRefusedException if it is no release that this host can run
  /// @throws IOException if it could not be made, whosever fault that is
  void make(Path archive, Path tree, Sha256 digest) throws IOException, ReleaseRefusedException;

  /// Has it protect a file system of its own, with engines of its own, beside what runs.
  ///
  /// @throws ReleaseRefusedException if it does not
  /// @throws IOException if that could not be tried
  void tryOut(Path tree) throws IOException, ReleaseRefusedException;
}
