package redoubt.engine.scanner;

import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import redoubt.engine.scanner.yara.YaraRules;

/// What the scanner judges with. Immutable.
///
/// @param lists digests of files that are to be denied
/// @param rules what contents are held against, if there are any
/// @param entries how many digests and rules there are
record ScanContent(List<HashList> lists, Optional<YaraRules> rules, long entries) {
  ScanContent {
    lists = List.copyOf(lists);
  }

  /// By which digests files stand on a list.
  Set<Algorithm> algorithms() {
    Set<Algorithm> all = EnumSet.noneOf(Algorithm.class);
    lists.forEach(list -> all.addAll(list.algorithms()));
    return all;
  }

  /// Looks a digest up in every list.
  ///
  /// @param digest in lower-case hexadecimal
  /// @throws IOException if a list cannot be read
  Optional<HashList.Entry> find(Algorithm algorithm, String digest) throws IOException {
    for (HashList list : lists) {
      Optional<HashList.Entry> known = list.find(algorithm, digest);
      if (known.isPresent()) {
        return known;
      }
    }
    return Optional.empty();
  }
}
