package redoubt.server.outputs;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import redoubt.server.store.OutputEntry;
import redoubt.server.store.OutputStore;
import redoubt.server.store.OutputStore.Outgoing;
import redoubt.server.store.RefusedException;

/// Sends what happens to other people's programs. Thread-safe.
///
/// Each output gets everything from when it was set up on, in order, at least once: what was sent
/// is remembered after it was taken, and what is not taken is sent again, first after a second, in
/// the end every five minutes.
public final class OutputDesk implements AutoCloseable {
  private static final int BATCH = 100;
  private static final int LOOK_MILLIS = 500;
  private static final int LEAST_PAUSE_MILLIS = 1_000;
  private static final int MOST_PAUSE_MILLIS = 300_000;
  private static final int SECRET_BYTES = 32;

  private final SecureRandom random = new SecureRandom();
  private final OutputStore store;
  private final InstantSource clock;
  private final Map<Integer, Running> running = new ConcurrentHashMap<>();

  /// How one is.
  ///
  /// @param waiting how much it has not got yet
  /// @param problem why it does not take it, if it does not
  public record State(OutputEntry output, long waiting, Optional<String> problem) {}

  /// Begins to send to those that are set up.
  public OutputDesk(OutputStore store, InstantSource clock) {
    this.store = store;
    this.clock = clock;
    store.list().forEach(this::begin);
  }

  private void begin(OutputEntry output) {
    Running one = new Running(output);
    running.put(output.id(), one);
    one.thread.start();
  }

  /// Sets one up. Its secret, if it has one, is told nobody again.
  ///
  /// @param by who does
  /// @throws IllegalArgumentException if the address is none
  /// @throws RefusedException if there are as many as there can be, or there is one with that
  ///   address
  public OutputEntry add(URI address, String by) {
    Sender.requireAddress(address);
    OutputEntry output =
        store.add(address, Sender.isWebhook(address) ? secret() : "", by, clock.instant());
    begin(output);
    return output;
  }

  private String secret() {
    byte[] bytes = new byte[SECRET_BYTES];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /// Ends one; what it has not got it never gets.
  ///
  /// @param by who does
  /// @throws RefusedException if there is none
  public void remove(int id, String by) {
    store.remove(id, by, clock.instant());
    Running one = running.remove(id);
    if (one != null) {
      one.thread.interrupt();
    }
  }

  /// All of them.
  public List<State> list() {
    return store.list().stream()
        .map(output ->
            new State(
                output,
                store.waiting(output),
                Optional.ofNullable(running.get(output.id())).flatMap(one -> one.problem)))
        .toList();
  }

  /// What sends to one of them.
  private final class Running {
    private final OutputEntry output;
    private final Thread thread;
    private volatile Optional<String> problem = Optional.empty();
    private long next;

    Running(OutputEntry output) {
      this.output = output;
      next = output.next();
      thread = Thread.ofVirtual().name("output-" + output.id()).unstarted(this::run);
    }

    private void run() {
      try (Sender sender = Sender.of(output)) {
        int pause = LEAST_PAUSE_MILLIS;
        while (running.get(output.id()) == this) {
          try {
            boolean isMore = send(sender);
            problem = Optional.empty();
            pause = LEAST_PAUSE_MILLIS;
            Thread.sleep(isMore ? 0 : LOOK_MILLIS);
          } catch (IOException | RuntimeException e) {
            problem = Optional.of(words(e));
            Thread.sleep(pause);
            pause = Math.min(2 * pause, MOST_PAUSE_MILLIS);
          }
        }
      } catch (InterruptedException _) {
        // It was ended.
      }
    }

    /// Sends what waits.
    ///
    /// @return whether more may wait
    private boolean send(Sender sender) throws IOException, InterruptedException {
      List<Outgoing> all = store.next(next, BATCH);
      if (all.isEmpty()) {
        return false;
      }
      sender.send(all);
      long lost = all.getFirst().sequence() - next;
      long before = all.getLast().sequence() + 1;
      store.sent(output.id(), before, lost);
      next = before;
      return all.size() == BATCH;
    }
  }

  private static String words(Exception problem) {
    if (problem instanceof ConnectException) {
      return "nobody is there"; // Java's client says no more.
    }
    return problem.getMessage() == null ? problem.getClass().getSimpleName() : problem.getMessage();
  }

  @Override
  public void close() {
    List<Running> all = List.copyOf(running.values());
    running.clear();
    for (Running one : all) {
      one.thread.interrupt();
    }
    for (Running one : all) {
      try {
        one.thread.join();
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
