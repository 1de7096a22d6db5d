package redoubt.agent.response;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import redoubt.agent.bounded.CountWindow;
import redoubt.agent.health.Counter;
import redoubt.agent.health.Counters;
import redoubt.agent.health.Notices;
import redoubt.agent.health.TimeSource;
import redoubt.agent.process.ProcessTree;
import redoubt.agent.process.SelfProcesses;
import redoubt.core.linux.LinuxException;
import redoubt.core.linux.Signals;
import redoubt.core.model.EngineId;
import redoubt.core.model.PlatformNotice;
import redoubt.core.model.ProcessInfo;
import redoubt.core.model.ResponseAction;
import redoubt.core.model.ResponseWish;

/// Does to processes what engines wish and their owner granted, one wish after the other, and says
/// of each what was done, or why not.
///
/// Every wish begins alike: the process is held by a pidfd and compared with the one that the
/// engine means, then stopped, where asked for with all that it started. What follows can be slow:
/// nothing it does can help it meanwhile, and nothing starts behind our back. An engine has
/// [#MOST_PER_MINUTE] responses a minute: one that has gone wrong must not empty the host.
///
/// Thread-safe.
public final class ResponseDesk implements AutoCloseable {
  /// How many responses an engine has in a minute.
  public static final int MOST_PER_MINUTE = 20;

  /// Where programs of processes are put away.
  @FunctionalInterface
  public interface Programs {
    /// Has the program of a stopped process put away, which may end at once; does not wait.
    void putAway(ResponseWish wish, int pid);
  }

  /// How many wishes may wait.
  private static final int WAITING = 256;

  private static final Set<ResponseAction> ENDING =
      Set.of(ResponseAction.KILL, ResponseAction.KILL_TREE);

  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final ProcessTree tree;
  private final SparedProcesses spared;
  private final FrozenList frozen;
  private final ProcessCollector collector;
  private final Programs programs;
  private final Counters counters;
  private final Notices notices;
  private final TimeSource time;
  private final BlockingQueue<ResponseWish> waiting = new ArrayBlockingQueue<>(WAITING);
  private final Map<EngineId, CountWindow> responses = new HashMap<>();
  private final Thread thread;

  private ResponseDesk(
      ProcessTree tree,
      SparedProcesses spared,
      FrozenList frozen,
      ProcessCollector collector,
      Programs programs,
      Counters counters,
      Notices notices,
      TimeSource time) {
    this.tree = tree;
    this.spared = spared;
    this.frozen = frozen;
    this.collector = collector;
    this.programs = programs;
    this.counters = counters;
    this.notices = notices;
    this.time = time;
    thread = Thread.ofPlatform().name("responses").daemon().unstarted(this::run);
  }

  /// Opens the desk, and undoes what an agent that was killed had begun.
  ///
  /// @param tree knows who started whom
  /// @param self who is never touched
  /// @param isProtected whether a file is in the protected set
  /// @param run where the list of frozen processes is
  /// @param collections where collections go
  /// @param programs where programs are put away
  /// @throws IOException if the list cannot be read or written
  public static ResponseDesk open(
      ProcessTree tree,
      SelfProcesses self,
      Predicate<Path> isProtected,
      Path run,
      Path collections,
      Programs programs,
      Counters counters,
      Notices notices,
      TimeSource time)
      throws IOException {
    ResponseDesk desk =
        new ResponseDesk(
            tree,
            new SparedProcesses(self, isProtected, Path.of("/etc/shells")),
            FrozenList.open(run),
            new ProcessCollector(collections),
            programs,
            counters,
            notices,
            time);
    desk.thread.start();
    return desk;
  }

  /// Takes a wish; does not wait for what comes of it.
  public void wish(ResponseWish wish) {
    if (!waiting.offer(wish)) {
      refuse(wish, "too many responses wait");
    }
  }

  private void run() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        ResponseWish wish = waiting.take();
        synchronized (this) {
          carryOut(wish);
        }
      }
    } catch (InterruptedException _) {
      // The desk is closed.
    }
  }

  private void carryOut(ResponseWish wished) {
    List<ProcessInfo> lineage = tree.lineage(wished.process());
    if (wished.generations() >= lineage.size()) {
      refuse(wished, "who made it is not known: generations=" + wished.generations());
      return;
    }
    carryOutOn(wished.meaning(lineage.get(wished.generations())));
  }

  private void carryOutOn(ResponseWish wish) {
    Optional<ProcessFamily> held;
    try {
      held = ProcessFamily.of(wish.process());
    } catch (LinuxException e) {
      refuse(wish, String.valueOf(e.getMessage()));
      return;
    }
    if (held.isEmpty()) {
      refuse(wish, "it has ended, or cannot be told from a later process");
      return;
    }
    try (ProcessFamily family = held.get()) {
      Optional<String> why = reason(family.root());
      if (why.isPresent()) {
        refuse(wish, why.get());
      } else if (!mayRespond(wish.engine())) {
        refuse(wish, "the engine has had " + MOST_PER_MINUTE + " responses this minute");
      } else {
        respond(wish, family);
      }
    }
  }

  private Optional<String> reason(ProcessFamily.Member member) {
    return spared.reason(member.pid(), member.process());
  }

  private boolean mayRespond(EngineId engine) {
    return responses.computeIfAbsent(engine, _ -> new CountWindow(MINUTE)).add(time.nanos())
        <= MOST_PER_MINUTE;
  }

  private void respond(ResponseWish wish, ProcessFamily family) {
    if (frozen.holds(family.root()) && Collections.disjoint(wish.actions(), ENDING)) {
      respondToFrozen(wish, family.root().pid());
      return;
    }
    boolean descendants =
        wish.actions().contains(ResponseAction.KILL_TREE)
            || wish.actions().contains(ResponseAction.FREEZE);
    try {
      stop(wish, family, descendants);
      finish(wish, family);
    } catch (IOException | LinuxException e) {
      // Want of descriptors or of room below /run: whoever is stopped by now goes on.
      family.resume();
      refuse(wish, String.valueOf(e.getMessage()));
    }
  }

  /// @throws IOException if the list of those that are stopped cannot be written
  private void stop(ResponseWish wish, ProcessFamily family, boolean descendants)
      throws IOException {
    AtomicReference<@Nullable IOException> unwritten = new AtomicReference<>();
    family.stop(
        descendants,
        tree.descendants(wish.process()).stream(),
        member -> unwritten.get() != null || reason(member).isPresent(),
        members -> {
          try {
            frozen.begin(members.stream().map(member -> entry(wish, member)).toList());
          } catch (IOException e) {
            unwritten.set(e);
          }
        });
    IOException problem = unwritten.get();
    if (problem != null) {
      throw problem;
    }
  }

  private void respondToFrozen(ResponseWish wish, int pid) {
    if (wish.actions().contains(ResponseAction.COLLECT)) {
      collect(wish, pid);
    }
    if (wish.actions().contains(ResponseAction.QUARANTINE)) {
      programs.putAway(wish, pid);
    }
    if (wish.actions().contains(ResponseAction.FREEZE)) {
      refuse(wish, "it is frozen already");
    }
  }

  private FrozenProcess entry(ResponseWish wish, ProcessFamily.Member member) {
    return new FrozenProcess(
        0,
        member.pid(),
        member.uniqueId(),
        wish.engine().value(),
        wish.rule(),
        tree.findLast(member.pid()).image());
  }

  private void finish(ResponseWish wish, ProcessFamily family) throws IOException {
    if (wish.actions().contains(ResponseAction.COLLECT)) {
      collect(wish, family.root().pid());
    }
    if (wish.actions().contains(ResponseAction.QUARANTINE)) {
      programs.putAway(wish, family.root().pid());
    }
    if (wish.actions().contains(ResponseAction.KILL_TREE)) {
      int ended = family.kill();
      done(
          wish,
          Counter.RESPONSES_KILLED,
          "ended a process and what it started: processes=" + ended);
    } else if (wish.actions().contains(ResponseAction.FREEZE)) {
      if (wish.actions().contains(ResponseAction.KILL)) {
        family.root().process().signal(Signals.SIGKILL);
      }
      long id = frozen.keep();
      done(
          wish,
          Counter.RESPONSES_FROZEN,
          "stopped a process and what it started until redoubt thaw "
              + id
              + ": processes="
              + family.size());
      return;
    } else if (wish.actions().contains(ResponseAction.KILL)) {
      family.kill();
      done(wish, Counter.RESPONSES_KILLED, "ended a process");
    } else {
      family.resume();
    }
    frozen.forget();
  }

  /// That something could not be collected does not keep anybody from being ended.
  private void collect(ResponseWish wish, int pid) {
    try {
      Path folder = collector.collect(pid, wish, time.wallMillis());
      done(wish, Counter.RESPONSES_COLLECTED, "collected what there is of a process: " + folder);
    } catch (IOException e) {
      refuse(wish, "nothing could be collected: " + e.getMessage());
    }
  }

  private void done(ResponseWish wish, Counter counter, String what) {
    counters.add(counter);
    notices.report(PlatformNotice.Kind.RESPONDED, wish.engine().value(), what + concerning(wish));
  }

  private void refuse(ResponseWish wish, String why) {
    counters.add(Counter.RESPONSES_REFUSED);
    notices.report(
        PlatformNotice.Kind.RESPONSE_REFUSED,
        wish.engine().value(),
        "nothing was done to a process: " + why + concerning(wish));
  }

  private static String concerning(ResponseWish wish) {
    return " pid="
        + wish.process().pid()
        + " image="
        + wish.process().image()
        + " rule="
        + wish.rule();
  }

  /// Lets frozen processes go on.
  ///
  /// @param id of the freeze; 0 for all
  /// @return those that went on
  /// @throws IOException if the list cannot be written; they went on all the same
  public synchronized List<FrozenProcess> thaw(long id) throws IOException {
    return frozen.thaw(entry -> entry.id() != 0 && (id == 0 || entry.id() == id));
  }

  /// What waits is not done any more; what is frozen stays so.
  @Override
  public void close() {
    thread.interrupt();
  }
}
