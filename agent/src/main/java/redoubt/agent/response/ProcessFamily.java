package redoubt.agent.response;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import redoubt.core.linux.KernelFile;
import redoubt.core.linux.Pidfd;
import redoubt.core.linux.ProcessStatus;
import redoubt.core.linux.Signals;
import redoubt.core.model.ProcessInfo;

/// A process, and where asked for all that it started, each held by a pidfd: they can end, but no
/// other process is ever taken for one of them.
///
/// All that it started is found by stopping first and looking then: whoever is stopped starts
/// nothing more, so when no more are found there are none. Not thread-safe.
final class ProcessFamily implements AutoCloseable {
  /// More are neither stopped nor ended.
  static final int MOST = 4_096;

  private static final int ROUNDS = 64;

  /// A stopped process may be about to start another for as long as the kernel takes to stop it.
  private static final int ROUNDS_WITHOUT_MORE = 2;

  private static final int STOPPING_MILLIS = 5;

  /// One of them.
  record Member(int pid, long uniqueId, Pidfd process) {
    private boolean lives() {
      return process.signal(0) == 0;
    }
  }

  private final Map<Integer, Member> members = new LinkedHashMap<>();

  private ProcessFamily() {}

  /// Holds one process.
  ///
  /// @return empty if it has ended, or cannot be told from a later one with its number
  static Optional<ProcessFamily> of(ProcessInfo process) {
    int pid = process.pid();
    long uniqueId = process.uniqueId();
    return Pidfd.open(pid, uniqueId)
        .map(held -> {
          ProcessFamily family = new ProcessFamily();
          family.members.put(pid, new Member(pid, uniqueId, held));
          return family;
        });
  }

  /// The first.
  Member root() {
    return members.values().iterator().next();
  }

  /// How many are held.
  int size() {
    return members.size();
  }

  /// Stops the process.
  ///
  /// @param orphans gives processes that may have been started by it although they have another
  ///   parent now
  /// @param descendants whether all that it started are stopped too
  /// @param spared who is left alone, with all that it started
  /// @param before is told of some before they are stopped, until all were
  void stop(
      boolean descendants,
      Stream<ProcessInfo> orphans,
      Predicate<Member> spared,
      Consumer<List<Member>> before) {
    List<Member> next = new ArrayList<>(members.values());
    if (descendants) {
      orphans.forEach(orphan -> adopt(orphan, spared).ifPresent(next::add));
    }
    int without = 0;
    for (int round = 0; round < ROUNDS && without < ROUNDS_WITHOUT_MORE; round++) {
      if (!next.isEmpty()) {
        before.accept(List.copyOf(next));
      }
      next.forEach(member -> member.process().signal(Signals.SIGSTOP));
      if (!descendants) {
        return;
      }
      next.clear();
      pauseForStop();
      next.addAll(adoptChildren(spared));
      without = next.isEmpty() ? without + 1 : 0;
    }
  }

  private Optional<Member> adopt(ProcessInfo orphan, Predicate<Member> spared) {
    return members.containsKey(orphan.pid())
        ? Optional.empty()
        : of(orphan).map(ProcessFamily::root).filter(member -> join(member, spared));
  }

  /// Finds those whose parent is held.
  private List<Member> adoptChildren(Predicate<Member> spared) {
    List<Member> found = new ArrayList<>();
    try (ProcessStatus status = new ProcessStatus()) {
      for (int pid : KernelFile.numbers("/proc")) {
        Pidfd held = members.containsKey(pid) ? null : Pidfd.open(pid).orElse(null);
        if (held != null) {
          Member parent = status.load(held, pid) == 0 ? members.get(status.parentPid()) : null;
          Member member = new Member(pid, held.uniqueId(), held);
          if (parent == null || !parent.lives()) {
            held.close();
          } else if (join(member, spared)) {
            found.add(member);
          }
        }
      }
    } catch (IOException _) {
      // Without /proc nobody else is found.
    }
    return found;
  }

  private boolean join(Member member, Predicate<Member> spared) {
    boolean joins = members.size() < MOST && !spared.test(member);
    if (joins) {
      members.put(member.pid(), member);
    } else {
      member.process().close();
    }
    return joins;
  }

  private static void pauseForStop() {
    try {
      Thread.sleep(STOPPING_MILLIS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /// Ends them all.
  ///
  /// @return how many still ran
  int kill() {
    return signal(Signals.SIGKILL);
  }

  /// Lets them all go on.
  ///
  /// @return how many still ran
  int resume() {
    return signal(Signals.SIGCONT);
  }

  private int signal(int signal) {
    return (int)
        members.values().stream().filter(member -> member.process().signal(signal) == 0).count();
  }

  @Override
  public void close() {
    members.values().forEach(member -> member.process().close());
    members.clear();
  }
}
