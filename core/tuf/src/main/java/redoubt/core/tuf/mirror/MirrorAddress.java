package redoubt.core.tuf.mirror;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Where a repository can be had: an `http` or `https` address, or an absolute path of a directory,
/// below which `metadata/` and `targets/` lie. Immutable.
///
/// @param text as its owner wrote it
public record MirrorAddress(String text) {
  private static final Set<String> SCHEMES = Set.of("http", "https");

  /// Insists that it is one.
  ///
  /// @throws IllegalArgumentException if it is not
  public MirrorAddress {
    if (isHttp(text)) {
      requireHttp(uri(text));
    } else if (!text.startsWith("/")) {
      throw new IllegalArgumentException(
          "neither an address nor an absolute path of a mirror: mirror=" + text);
    }
  }

  /// What lies apart in a repository.
  public enum Part {
    /// Who may publish what, signed.
    METADATA,
    /// What is published.
    TARGETS;

    private String directory() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// Insists on an address from which files can be had by adding their names.
  ///
  /// @throws IllegalArgumentException if it is none
  public static void requireHttp(URI address) {
    if (!SCHEMES.contains(String.valueOf(address.getScheme()))
        || address.getHost() == null
        || address.getRawQuery() != null
        || address.getRawFragment() != null) {
      throw new IllegalArgumentException("not an address of a mirror: address=" + address);
    }
  }

  /// The address of a part, if it is behind one.
  public Optional<URI> address(Part part) {
    return isHttp(text)
        ? Optional.of(uri(text.replaceFirst("/+$", "") + "/" + part.directory()))
        : Optional.empty();
  }

  /// The directory of a part.
  ///
  /// @throws IllegalStateException if it is behind an address
  public Path directory(Part part) {
    if (isHttp(text)) {
      throw new IllegalStateException("no directory: mirror=" + text);
    }
    return Path.of(text, part.directory());
  }

  private static boolean isHttp(String text) {
    return text.startsWith("http:") || text.startsWith("https:");
  }

  private static URI uri(String text) {
    try {
      return new URI(text);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("not an address of a mirror: mirror=" + text, e);
    }
  }

  @Override
  public String toString() {
    return text;
  }
}
