package redoubt.agent.process;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import redoubt.agent.bounded.BoundedMap;
import redoubt.core.model.ProcessInfo;

/// The processes of this host and who made them, also those that have ended while their children
/// live.
///
/// A number is used again for another process: one that was forked anew replaces what had its
/// number before, and whoever holds the process's unique id never gets another one's. Bounded in
/// processes, in bytes and in generations: the longest known is forgotten first. Thread-safe.
public final class ProcessTree {
  /// How many living processes are remembered.
  public static final int LIVING = 8_192;

  /// How many that have ended are remembered, for what is still to be said of them.
  public static final int ENDED = 1_024;

  /// How many threads are remembered that are not the first of their process.
  static final int THREADS = 4_096;

  /// How many generations above a process are told of.
  public static final int GENERATIONS = 16;

  /// How many generations above a process that makes another are kept. More than are told of, since
  /// what is cut above one may be nearer to another.
  static final int KEPT_GENERATIONS = 64;

  /// How many bytes the texts of all living processes may have together; those of a process that
  /// was forked and runs its parent's program are counted once more, though they are the same.
  static final int BYTES = 6 << 20;

  /// How many bytes of a process's arguments are remembered.
  static final int ARGUMENT_BYTES = 2_048;

  private static final class Node {
    ProcessInfo info;
    @Nullable Node parent;
    final int bytes;

    Node(ProcessInfo info, @Nullable Node parent) {
      this.info = info;
      this.parent = parent;
      this.bytes = bytesOf(info);
    }
  }

  private final Map<Integer, Node> living = new LinkedHashMap<>();
  private final Map<Integer, Node> ended = BoundedMap.forgettingEldest(ENDED);
  private final Map<Integer, Integer> threads = BoundedMap.forgettingEldest(THREADS);
  private int bytes;
  private long forgotten;

  /// A tree without processes.
  public ProcessTree() {}

  /// A process made another, which runs the same program.
  public synchronized void forked(int pid, int parentPid) {
    threads.remove(pid);
    Node parent = living.get(parentPid);
    ProcessInfo like = parent == null ? ProcessInfo.UNKNOWN : parent.info;
    put(new Node(like.forkedAs(pid, parentPid), parent));
    bound(parent);
  }

  /// A process made a thread of its own.
  public synchronized void threadMade(int thread, int pid) {
    threads.remove(thread);
    threads.put(thread, pid);
  }

  /// The process that a thread belongs to, also if it has ended; 0 if that is not remembered.
  public synchronized int processOf(int thread) {
    Integer process = threads.get(thread);
    if (process != null) {
      return process;
    }
    return living.containsKey(thread) || ended.containsKey(thread) ? thread : 0;
  }

  /// A process runs a new program.
  ///
  /// @param now the process; of what it does not say itself, its parent is known from the fork
  /// @return the process that made it, as far as it is known
  public synchronized ProcessInfo executed(ProcessInfo now) {
    Node before = living.get(now.pid());
    Node parent = before == null ? living.get(now.parentPid()) : before.parent;
    if (parent != null && parent.info.pid() == now.pid()) {
      parent = null; // A number that was used again, and of whose fork nothing is known.
    }
    put(new Node(kept(now), parent));
    bound(parent);
    return parent == null ? ProcessInfo.UNKNOWN : parent.info;
  }

  /// A process that was there before anybody looked; ignored if it is known.
  public synchronized void found(ProcessInfo process) {
    if (!living.containsKey(process.pid())) {
      put(new Node(kept(process), null));
    }
  }

  /// Finds the parents of those that were [#found].
  public synchronized void tie() {
    for (Node node : living.values()) {
      if (node.parent == null && node.info.parentPid() > 0) {
        Node parent = living.get(node.info.parentPid());
        node.parent = parent == node ? null : parent;
      }
    }
    living.values().forEach(ProcessTree::bound);
  }

  /// Something about a living process is otherwise now.
  public synchronized void changed(int pid, UnaryOperator<ProcessInfo> change) {
    Node node = living.get(pid);
    if (node != null) {
      node.info = change.apply(node.info);
    }
  }

  /// A process ended.
  ///
  /// @return the process as it was; one of which only the number is known if it was not remembered
  public synchronized ProcessInfo exited(int pid) {
    Node node = living.remove(pid);
    if (node == null) {
      return ProcessInfo.UNKNOWN.forkedAs(pid, -1);
    }
    bytes -= node.bytes;
    ended.remove(pid);
    ended.put(pid, node);
    return node.info;
  }

  /// Forgets all living processes but these: what was lost may have been their end.
  public synchronized void retain(Set<Integer> pids) {
    Iterator<Node> nodes = living.values().iterator();
    while (nodes.hasNext()) {
      Node node = nodes.next();
      if (!pids.contains(node.info.pid())) {
        nodes.remove();
        bytes -= node.bytes;
      }
    }
  }

  /// What is known of a living process.
  public synchronized ProcessInfo find(int pid) {
    Node node = living.get(pid);
    return node == null ? ProcessInfo.UNKNOWN : node.info;
  }

  /// What is known of a process that lives, or lived last under this number; only the number if
  /// nothing is.
  public synchronized ProcessInfo findLast(int pid) {
    Node node = living.get(pid);
    if (node == null) {
      node = ended.get(pid);
    }
    return node == null ? ProcessInfo.UNKNOWN.forkedAs(pid, -1) : node.info;
  }

  /// The process, the one that made it, and so on, at most [#GENERATIONS] above it. Begins with
  /// `process` itself as it is given; what is above it is empty if it is not remembered, or if its
  /// number is another process's by now.
  public synchronized List<ProcessInfo> lineage(ProcessInfo process) {
    List<ProcessInfo> lineage = new ArrayList<>();
    lineage.add(process);
    Node node = same(living.get(process.pid()), process);
    if (node == null) {
      node = same(ended.get(process.pid()), process);
    }
    if (node != null) {
      for (Node above = node.parent;
          above != null && lineage.size() <= GENERATIONS;
          above = above.parent) {
        lineage.add(above.info);
      }
    }
    return lineage;
  }

  /// Those living that a process started since it runs its program, and that these started, whoever
  /// is their parent now.
  ///
  /// @param process with its unique id; without one nobody is found
  public synchronized List<ProcessInfo> descendants(ProcessInfo process) {
    return process.uniqueId() == 0
        ? List.of()
        : living.values().stream()
            .filter(node -> descends(node, process.uniqueId()))
            .map(node -> node.info)
            .toList();
  }

  private static boolean descends(Node node, long uniqueId) {
    Node above = node.parent;
    for (int i = 0; above != null && i < KEPT_GENERATIONS; i++) {
      if (above.info.uniqueId() == uniqueId) {
        return node.info.uniqueId() != uniqueId;
      }
      above = above.parent;
    }
    return false;
  }

  private static @Nullable Node same(@Nullable Node node, ProcessInfo process) {
    boolean other =
        node == null
            || (process.uniqueId() != 0
                && node.info.uniqueId() != 0
                && process.uniqueId() != node.info.uniqueId());
    return other ? null : node;
  }

  /// How many living processes are remembered.
  public synchronized int size() {
    return living.size();
  }

  /// How many living processes were forgotten for want of room.
  public synchronized long forgotten() {
    return forgotten;
  }

  private void put(Node node) {
    Node before = living.remove(node.info.pid());
    bytes += node.bytes - (before == null ? 0 : before.bytes);
    living.put(node.info.pid(), node);
    Iterator<Node> eldest = living.values().iterator();
    while ((living.size() > LIVING || bytes > BYTES) && living.size() > 1) {
      bytes -= eldest.next().bytes;
      eldest.remove();
      forgotten++;
    }
  }

  /// Forgets who is too far above a process that has a child now, so that a chain of processes each
  /// of which makes the next and ends does not grow for ever.
  private static void bound(@Nullable Node parent) {
    Node node = parent;
    for (int above = 1; node != null && above < KEPT_GENERATIONS; above++) {
      node = node.parent;
    }
    if (node != null) {
      node.parent = null;
    }
  }

  /// Without what would take too much room.
  private static ProcessInfo kept(ProcessInfo process) {
    int room = ARGUMENT_BYTES;
    List<String> arguments = new ArrayList<>();
    for (String argument : process.arguments()) {
      if (argument.length() + 1 > room) {
        break;
      }
      arguments.add(argument);
      room -= argument.length() + 1;
    }
    return arguments.size() == process.arguments().size() ? process : process.withFirst(arguments);
  }

  private static int bytesOf(ProcessInfo info) {
    int length =
        info.image().length() + info.workingDirectory().length() + info.container().length();
    for (String argument : info.arguments()) {
      length += argument.length() + Long.BYTES;
    }
    return length;
  }
}
