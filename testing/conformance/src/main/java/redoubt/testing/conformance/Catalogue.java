package redoubt.testing.conformance;

import java.util.List;
import java.util.stream.Stream;

/// Every check, in the order in which a conversation goes.
final class Catalogue {
  private Catalogue() {}

  static List<Check> checks() {
    return Stream.of(
            HandshakeChecks.all(),
            ContentChecks.all(),
            EventChecks.all(),
            ActivityChecks.all(),
            EndingChecks.all(),
            MalformedChecks.all(),
            FuzzChecks.all())
        .flatMap(List::stream)
        .toList();
  }
}
