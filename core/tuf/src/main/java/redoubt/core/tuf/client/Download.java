package redoubt.core.tuf.client;

import java.nio.file.Path;
import redoubt.core.tuf.TufException;

/// What came of fetching a target.
public sealed interface Download {
  /// It was fetched, checked, and lies there.
  record Stored(Path file) implements Download {}

  /// The same bytes lay there before; nothing was fetched.
  record Kept(Path file) implements Download {}

  /// What the mirror has is another thing, or nothing. What lay there before still does.
  record Refused(TufException why) implements Download {}
}
