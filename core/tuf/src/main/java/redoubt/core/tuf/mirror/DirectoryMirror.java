package redoubt.core.tuf.mirror;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/// A repository in a local directory, laid out as a web server would serve it. Files are read where
/// they are regular files; a link at the end of a path, a device or a pipe is as good as nothing.
///
/// @param directory the top
public record DirectoryMirror(Path directory) implements Mirror {
  private static final int PART_BYTES = 64 * 1024;

  @Override
  public boolean fetch(RepositoryPath path, long maxBytes, OutputStream sink)
      throws MirrorException {
    if (!path.isPlain()) {
      return false;
    }
    Path file = path.below(directory);
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      copy(in, new BoundedSink(sink, maxBytes));
      return true;
    } catch (IOException e) {
      throw new MirrorException("cannot be read: file=" + file + " error=" + e.getMessage(), e);
    }
  }

  private static void copy(InputStream in, BoundedSink out) throws IOException {
    byte[] part = new byte[PART_BYTES];
    for (int count = in.read(part); count >= 0; count = in.read(part)) {
      out.write(part, count);
    }
  }
}
