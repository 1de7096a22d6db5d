package redoubt.agent.process;

import java.util.Arrays;
import java.util.function.IntToLongFunction;

/// The processes whose operations are answered before anything else: the agent, its spawner, its
/// engines. If they had to wait for a verdict, they would wait for themselves (`linux-hooks`, F27).
///
/// A process is named by its pid and its pidfd inode, so a reused pid is a stranger. Reading is
/// lock-free and does not allocate; changes copy.
public final class SelfProcesses {
  private record Member(int pid, long uniqueId) {}

  private final IntToLongFunction uniqueIdOf;
  private volatile Member[] members = {};
  private volatile long[] groups = {};

  /// @param uniqueIdOf gives the unique id of the process behind a pidfd, 0 if it has none
  public SelfProcesses(IntToLongFunction uniqueIdOf) {
    this.uniqueIdOf = uniqueIdOf;
  }

  /// Adds a process.
  ///
  /// @param uniqueId its pidfd inode, or 0 where the kernel has none: then the pid alone counts
  public synchronized void add(int pid, long uniqueId) {
    Member[] grown = Arrays.copyOf(members, members.length + 1);
    grown[members.length] = new Member(pid, uniqueId);
    members = grown;
  }

  /// Removes a process that has ended.
  public synchronized void remove(int pid) {
    members = Arrays.stream(members).filter(member -> member.pid() != pid).toArray(Member[]::new);
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
    for (Member member : members) {
      if (member.pid() == pid) {
        return member.uniqueId() == 0
            || pidfd < 0
            || uniqueIdOf.applyAsLong(pidfd) == member.uniqueId();
      }
    }
    return false;
  }
}
