package redoubt.agent.supply;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import redoubt.core.tuf.mirror.BoundedSink;
import redoubt.core.tuf.mirror.Mirror;
import redoubt.core.tuf.mirror.MirrorException;
import redoubt.core.tuf.mirror.RepositoryPath;

/// A part of a repository behind an address, of which a courier fetches.
///
/// @param base the address of the part, without a slash at its end
record CourierMirror(Courier courier, URI base) implements Mirror {
  private static final int PART_BYTES = 64 * 1024;

  @Override
  public boolean fetch(RepositoryPath path, long maxBytes, OutputStream sink)
      throws MirrorException {
    Optional<Path> fetched = courier.fetch(URI.create(base + "/" + path.encoded()), maxBytes);
    if (fetched.isEmpty()) {
      return false;
    }
    try (InputStream in = Files.newInputStream(fetched.get(), LinkOption.NOFOLLOW_LINKS)) {
      BoundedSink bounded = new BoundedSink(sink, maxBytes);
      byte[] part = new byte[PART_BYTES];
      for (int count = in.read(part); count >= 0; count = in.read(part)) {
        bounded.write(part, count);
      }
      return true;
    } catch (IOException e) {
      throw new MirrorException(
          "what was fetched cannot be read: path=" + path + " error=" + e.getMessage(), e);
    }
  }
}
