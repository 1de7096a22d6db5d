package redoubt.core.tuf;

import java.nio.charset.StandardCharsets;
import java.util.List;

/// For which target paths a delegation speaks.
public sealed interface PathRule {
  /// Whether it speaks for a path.
  boolean match(String path);

  /// All paths that the delegating role is asked about.
  record Everything() implements PathRule {
    @Override
    public boolean match(String path) {
      return true;
    }
  }

  /// Those that one of the patterns matches.
  record Patterns(List<String> patterns) implements PathRule {
    /// Copies.
    public Patterns {
      patterns = List.copyOf(patterns);
    }

    @Override
    public boolean match(String path) {
      return patterns.stream().anyMatch(pattern -> PathPattern.matches(pattern, path));
    }
  }

  /// Those whose digest begins with one of the prefixes: bins with names of their own.
  record DigestPrefixes(List<String> prefixes) implements PathRule {
    /// Copies.
    public DigestPrefixes {
      prefixes = List.copyOf(prefixes);
    }

    @Override
    public boolean match(String path) {
      String digest = digestOf(path);
      return prefixes.stream().anyMatch(digest::startsWith);
    }
  }

  /// Reads either `paths` or `path_hash_prefixes`.
  ///
  /// @throws TufException if there are both or neither (TUF 4.5)
  static PathRule parse(Json.Members role) throws TufException {
    if (role.find("paths").isPresent() == role.find("path_hash_prefixes").isPresent()) {
      throw TufException.malformed("a delegation needs either paths or path_hash_prefixes");
    }
    return role.find("paths").isPresent()
        ? new Patterns(role.texts("paths"))
        : new DigestPrefixes(role.texts("path_hash_prefixes"));
  }

  /// The SHA-256 of a path, over which bins are made, in hexadecimal.
  static String digestOf(String path) {
    return Digests.sha256(path.getBytes(StandardCharsets.UTF_8));
  }
}
