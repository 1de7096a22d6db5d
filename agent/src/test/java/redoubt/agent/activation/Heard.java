package redoubt.agent.activation;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import redoubt.agent.health.Notices;
import redoubt.core.model.PlatformNotice;

/// What a desk says, and the waiting for it. Thread-safe.
final class Heard implements Notices {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  final List<String> lines = new CopyOnWriteArrayList<>();

  /// What somebody waits for.
  interface Condition {
    boolean holds();
  }

  @Override
  public void report(PlatformNotice.Kind kind, String subject, String text) {
    lines.add(subject + ": " + text);
  }

  boolean has(String notice) {
    return lines.stream().anyMatch(each -> each.contains(notice));
  }

  void await(String notice) throws InterruptedException {
    awaitTrue(notice, () -> has(notice));
  }

  void awaitTrue(String what, Condition condition) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.holds()) {
      assertTrue(System.nanoTime() - end < 0, () -> what + " did not come: " + lines);
      Thread.sleep(5);
    }
  }
}
