package redoubt.server.rollouts;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import redoubt.core.wire.HostMessage;
import redoubt.fleet.rollout.HostBatch;

/// What hosts have said since the last turn. Thread-safe.
final class Inbox {
  private static final int MOST_WAITING = 100_000;

  /// How many messages of one kind of one host are taken in a period: so that whoever says one
  /// thing again and again is still heard when it has another to say.
  private static final int MOST_OF_A_KIND = 60;

  private static final long PERIOD_NANOS = 60_000_000_000L;

  private final BlockingQueue<Incoming> waiting = new LinkedBlockingQueue<>(MOST_WAITING);
  private final Map<Said, Integer> said = new HashMap<>();
  private long periodBegan = System.nanoTime();
  private BitSet heard = new BitSet();

  /// Something that came, of which the desk's thread makes events.
  ///
  /// @param host whose
  /// @param work does it
  record Incoming(int host, Runnable work) {}

  private record Said(int host, Class<? extends HostMessage> kind) {}

  /// Hands something in; whoever does waits while too much does already. What a host says beyond
  /// its share is as if it had not been said.
  void add(int host, HostMessage message, Runnable work) {
    if (!isWithinShare(new Said(host, message.getClass()))) {
      return;
    }
    try {
      waiting.put(new Incoming(host, work));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized boolean isWithinShare(Said one) {
    long now = System.nanoTime();
    if (now - periodBegan > PERIOD_NANOS) {
      said.clear();
      periodBegan = now;
    }
    return said.merge(one, 1, Integer::sum) <= MOST_OF_A_KIND;
  }

  /// A host has shown a sign of life.
  synchronized void hear(int host) {
    heard.set(host);
  }

  /// They have.
  synchronized void hear(HostBatch hosts) {
    for (int i = 0; i < hosts.size(); i++) {
      heard.set(hosts.host(i));
    }
  }

  /// What waits longest; it waits on until it is [#done].
  Optional<Incoming> next() {
    return Optional.ofNullable(waiting.peek());
  }

  /// What waited longest is dealt with.
  void done() {
    waiting.poll();
  }

  /// Who was heard of since this was asked last.
  synchronized HostBatch takeHeard() {
    HostBatch batch = HostBatch.of(heard.stream().toArray());
    heard = new BitSet();
    return batch;
  }
}
