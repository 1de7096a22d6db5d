package redoubt.agent.process;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntToLongFunction;
import redoubt.core.linux.Pidfd;

/// The processes whose operations are answered before anything else: the agent, its spawner, its
/// engines. If they had to wait for a verdict, they would wait for themselves (`linux-hooks`, F27).
/// And their helpers: programs of the owner's that an engine asks, of which only what they open
/// goes unjudged.
///
/// A process is named by its pid and its pidfd inode, so a reused pid is a stranger. Reading is
/// lock-free and does not allocate; changes copy.
public final class SelfProcesses {
  private record Member(int pid, long uniqueId) {}

  private final IntToLongFunction uniqueIdOf;
  private volatile Member[] members = {};
  private volatile Member[] helpers = {};
  private volatile long[] groups = {};

  /// @param uniqueIdOf gives the unique id of the process behind a pidfd, 0 if it has none
  public SelfProcesses(IntToLongFunction uniqueIdOf) {
    this.uniqueIdOf = uniqueIdOf;
  }

  /// Adds a process.
  ///
  /// @param uniqueId its pidfd inode, or 0 where the kernel has none: then the pid alone counts
  public synchronized void add(int pid, long uniqueId) {
    members = with(members, new Member(pid, uniqueId));
  }

  /// Adds a process that lives.
  public void add(int pid) {
    try (Pidfd process = Pidfd.open(pid).orElse(null)) {
      add(pid, process == null ? 0 : process.uniqueId());
    }
  }

  /// Removes a process that has ended.
  public synchronized void remove(int pid) {
    members = without(members, pid);
  }

  /// Adds a process that an engine asks; once for each engine that does.
  ///
  /// @param uniqueId its pidfd inode; where the kernel has none, it is not added: a later process
  ///   with its number would go unjudged
  public synchronized void addHelper(int pid, long uniqueId) {
    if (uniqueId != 0) {
      helpers = with(helpers, new Member(pid, uniqueId));
    }
  }

  /// Removes a process that one of the engines no longer asks.
  public synchronized void removeHelper(int pid) {
    List<Member> left = new ArrayList<>(Arrays.asList(helpers));
    left.stream().filter(member -> member.pid() == pid).findFirst().ifPresent(left::remove);
    helpers = left.toArray(Member[]::new);
  }

  private static Member[] with(Member[] some, Member another) {
    Member[] grown = Arrays.copyOf(some, some.length + 1);
    grown[some.length] = another;
    return grown;
  }

  private static Member[] without(Member[] some, int pid) {
    return Arrays.stream(some).filter(member -> member.pid() != pid).toArray(Member[]::new);
  }

  /// Adds every process of a control group, whenever it is started: an engine's, which only root
  /// could put another process into.
  ///
  /// @param cgroupId the group's id in the unified hierarchy; 0 adds nothing
  public synchronized void addGroup(long cgroupId) {
    if (cgroupId != 0 && !containsGroup(cgroupId)) {
      groups = Arrays.copyOf(groups, groups.length + 1);
      groups[groups.length - 1] = cgroupId;
    }
  }

  /// Removes a control group.
  public synchronized void removeGroup(long cgroupId) {
    groups = Arrays.stream(groups).filter(group -> group != cgroupId).toArray();
  }

  /// Whether the control group is one of ours.
  ///
  /// @param cgroupId 0 if it is not known, which is nobody's
  public boolean containsGroup(long cgroupId) {
    for (long group : groups) {
      if (group == cgroupId) {
        return true;
      }
    }
    return false;
  }

  /// Whether the process is one of ours.
  ///
  /// @param pidfd a pidfd of the process, or a negative number if there is none
  public boolean contains(int pid, int pidfd) {
    return contains(members, pid, pidfd);
  }

  /// Whether the process is one that engines ask.
  ///
  /// @param pidfd a pidfd of the process, or a negative number if there is none
  public boolean isHelper(int pid, int pidfd) {
    return contains(helpers, pid, pidfd);
  }

  private boolean contains(Member[] some, int pid, int pidfd) {
    for (Member member : some) {
      if (member.pid() == pid) {
        return member.uniqueId() == 0
            || pidfd < 0
            || uniqueIdOf.applyAsLong(pidfd) == member.uniqueId();
      }
    }
    return false;
  }
}
