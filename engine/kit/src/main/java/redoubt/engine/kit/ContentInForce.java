package redoubt.engine.kit;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Content that events are judged with, and who still needs it: itself as long as it is in force,
/// each judgement that began meanwhile, and the content before it, because a judgement that began
/// with that one may have seen this one already. The last to let go closes its descriptor.
///
/// Thread-safe.
final class ContentInForce {
  private final String version;
  private final @Nullable FileContent bytes;
  private final AtomicInteger holders;
  private volatile @Nullable ContentInForce successor;

  private ContentInForce(String version, @Nullable FileContent bytes, int holders) {
    this.version = version;
    this.bytes = bytes;
    this.holders = new AtomicInteger(holders);
  }

  /// What an engine judges with before it has content, or if it takes none.
  static ContentInForce none() {
    return new ContentInForce("", null, 1);
  }

  /// The version that verdicts name.
  String version() {
    return version;
  }

  /// Content that takes the place of this one. Called once; [#leave] then ends being in force.
  ContentInForce followedBy(String nextVersion, @Nullable FileContent nextBytes) {
    ContentInForce following = new ContentInForce(nextVersion, nextBytes, 2);
    successor = following;
    return following;
  }

  /// Begins a judgement; [#leave] ends it.
  ///
  /// @return false if this content is gone already, and another is in force
  boolean enter() {
    return holders.getAndUpdate(count -> count == 0 ? 0 : count + 1) > 0;
  }

  /// Ends a judgement, or being in force.
  void leave() {
    if (holders.decrementAndGet() > 0) {
      return;
    }
    if (bytes != null) {
      bytes.close();
    }
    ContentInForce following = successor;
    if (following != null) {
      following.leave();
    }
  }
}
