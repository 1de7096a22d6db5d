package redoubt.core.tuf.mirror;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;

/// Where a repository can be had: an `http` or `https` address, or an absolute path of a directory,
/// below which `metadata/` and `targets/` lie. Immutable.
///
/// @param text as its owner wrote it
public record MirrorAddress(String text) {
  private static final String METADATA = "metadata";
  private static final String TARGETS = "targets";

  /// Insists that it is one.
  ///
  /// @throws IllegalArgumentException if it is not
  public MirrorAddress {
    if (isHttp(text)) {
      open(text, METADATA).close();
    } else if (!text.startsWith("/")) {
      throw new IllegalArgumentException(
          "neither an address nor an absolute path of a mirror: mirror=" + text);
    }
  }

  /// A part of it, to be closed.
  public interface Opened extends Mirror, AutoCloseable {
    @Override
    void close();
  }

  /// Where its metadata is. Connects when it is asked.
  public Opened metadata() {
    return open(text, METADATA);
  }

  /// Where its targets are. Connects when it is asked.
  public Opened targets() {
    return open(text, TARGETS);
  }

  private static boolean isHttp(String text) {
    return text.startsWith("http:") || text.startsWith("https:");
  }

  private static Opened open(String text, String part) {
    if (!isHttp(text)) {
      return new OpenedMirror(new DirectoryMirror(Path.of(text, part)), () -> {});
    }
    try {
      HttpMirror mirror =
          new HttpMirror(new URI(text.replaceFirst("/+$", "") + "/" + part), HttpPatience.DEFAULT);
      return new OpenedMirror(mirror, mirror::close);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("not an address of a mirror: mirror=" + text, e);
    }
  }

  @Override
  public String toString() {
    return text;
  }
}
