package redoubt.core.tuf.mirror;

import java.io.OutputStream;

/// A mirror, and what ends it.
///
/// @param mirror who is asked
/// @param end what is done at the end
record OpenedMirror(Mirror mirror, Runnable end) implements MirrorAddress.Opened {
  @Override
  public boolean fetch(RepositoryPath path, long maxBytes, OutputStream sink)
      throws MirrorException {
    return mirror.fetch(path, maxBytes, sink);
  }

  @Override
  public void close() {
    end.run();
  }
}
