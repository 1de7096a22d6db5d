package redoubt.engine.kit;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import redoubt.core.wire.AgentMessage.Activity;
import redoubt.core.wire.EngineMessage;
import redoubt.core.wire.WireLimits;

/// The thread that hears what happens on the host, in order, beside those that judge. An engine
/// that fails on some events goes on with the next.
final class Observer implements AutoCloseable {
  private final Engine engine;
  private final Outbox outbox;
  private final BlockingQueue<Activity> queue =
      new ArrayBlockingQueue<>(WireLimits.HOST_EVENTS_UNHANDLED);
  private final Thread thread;

  Observer(Engine engine, Outbox outbox) {
    this.engine = engine;
    this.outbox = outbox;
    thread =
        Thread.ofPlatform()
            .name("redoubt-observer")
            .daemon()
            .uncaughtExceptionHandler(JudgePool::crash)
            .start(this::work);
  }

  /// Takes on events.
  ///
  /// @return false if there are more than the protocol allows
  boolean accept(Activity activity) {
    return queue.offer(activity);
  }

  private void work() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        handle(queue.take());
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void handle(Activity activity) {
    try {
      engine.observe(new HostEvents(activity, outbox));
    } catch (RuntimeException e) {
      Diagnostics.line("events not looked at: " + e + " first=" + activity.firstId());
    }
    outbox.send(new EngineMessage.Handled(activity.firstId() + activity.events().size() - 1));
  }

  @Override
  public void close() {
    thread.interrupt();
    queue.clear();
  }
}
