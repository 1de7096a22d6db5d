package redoubt.core.http;

import java.io.OutputStream;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import redoubt.core.tuf.mirror.DirectoryMirror;
import redoubt.core.tuf.mirror.Mirror;
import redoubt.core.tuf.mirror.MirrorAddress;
import redoubt.core.tuf.mirror.MirrorException;
import redoubt.core.tuf.mirror.RepositoryPath;

/// A part of a repository, wherever it is. For one thread at a time; close it to end what it
/// needed.
public final class OpenMirror implements Mirror, AutoCloseable {
  private final Mirror mirror;
  private final @Nullable HttpMirror connected;

  private OpenMirror(Mirror mirror, @Nullable HttpMirror connected) {
    this.mirror = mirror;
    this.connected = connected;
  }

  /// Opens a part. Connects when it is asked.
  public static OpenMirror of(MirrorAddress address, MirrorAddress.Part part) {
    URI behind = address.address(part).orElse(null);
    if (behind == null) {
      return new OpenMirror(new DirectoryMirror(address.directory(part)), null);
    }
    HttpMirror http = new HttpMirror(behind, HttpPatience.DEFAULT);
    return new OpenMirror(http, http);
  }

  @Override
  public boolean fetch(RepositoryPath path, long maxBytes, OutputStream sink)
      throws MirrorException {
    return mirror.fetch(path, maxBytes, sink);
  }

  @Override
  public void close() {
    if (connected != null) {
      connected.close();
    }
  }
}
