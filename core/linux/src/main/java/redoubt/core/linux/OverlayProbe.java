package redoubt.core.linux;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// Asks this kernel whether an open through an overlay raises an event on the file system below it.
///
/// If so, marking the overlay as well would ask about every open twice; if not, leaving it out
/// would miss them all.
public final class OverlayProbe {
  private static final String FILE = "probe";
  private static final int MAX_EVENTS = 16;

  private OverlayProbe() {}

  /// Makes a private overlay over a private tmpfs that no other process can reach, opens a file
  /// through it and looks for the event. Nobody ever waits for us: the group only tells. Takes
  /// milliseconds.
  ///
  /// @return the answer; empty if such an overlay cannot be made here (before Linux 5.2, without
  ///   overlayfs, or without privilege)
  public static Optional<Boolean> lowerEventsReported() {
    Optional<Boolean> answer = probeDetached();
    return answer.isPresent() ? answer : probeInNamespace();
  }

  /// Since Linux 6.15 the layers need not be in any mount namespace.
  static Optional<Boolean> probeDetached() {
    try (DetachedMount layers = DetachedMount.tmpfs()) {
      return Optional.of(probe(layers));
    } catch (LinuxException _) {
      return Optional.empty();
    }
  }

  /// Before that they must be in the caller's, so a thread takes one of its own and ends.
  static Optional<Boolean> probeInNamespace() {
    CompletableFuture<Optional<Boolean>> answer = new CompletableFuture<>();
    Thread.ofPlatform()
        .name("overlay-probe")
        .daemon()
        .start(() -> answer.complete(attachAndProbe()));
    return answer.join();
  }

  private static Optional<Boolean> attachAndProbe() {
    try (DetachedMount layers = DetachedMount.tmpfs()) {
      layers.attachToOwnNamespace();
      return Optional.of(probe(layers));
    } catch (LinuxException _) {
      return Optional.empty();
    }
  }

  private static boolean probe(DetachedMount layers) {
    try (DetachedMount overlay = DetachedMount.overlay(layers);
        FanotifyGroup group = FanotifyGroup.openNotification();
        FanotifyReader reader = new FanotifyReader(group, MAX_EVENTS)) {
      layers.makeLowerFile(FILE);
      group.mark(MarkScope.FILESYSTEM, FanotifyGroup.FAN_OPEN, layers.descriptor(), ".");
      overlay.touch(FILE);
      return drain(reader) > 0;
    }
  }

  private static int drain(FanotifyReader reader) {
    int count = reader.read(MAX_EVENTS);
    for (int i = 0; i < count; i++) {
      Descriptors.close(reader.descriptor(i));
      Descriptors.close(reader.pidfd(i));
    }
    return count;
  }
}
