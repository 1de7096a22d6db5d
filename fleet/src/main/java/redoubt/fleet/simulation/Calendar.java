package redoubt.fleet.simulation;

import java.util.Arrays;

/// Which hosts have something to do in which second: a calendar queue in which each host has one
/// entry at most, so that it needs no memory but one number a host.
final class Calendar {
  private static final int NONE = -1;

  private final int[] first;
  private final int[] next;

  Calendar(int hosts, int seconds) {
    first = new int[seconds + 1];
    next = new int[hosts];
    Arrays.fill(first, NONE);
  }

  /// Enters a host that is not in it. What lies beyond the end never comes.
  void add(int host, long second) {
    if (second < first.length) {
      next[host] = first[(int) second];
      first[(int) second] = host;
    }
  }

  /// Takes out all hosts of one second: the first of them, or -1. Follow with [#after].
  int take(int second) {
    int host = first[second];
    first[second] = NONE;
    return host;
  }

  /// The host after this one, or -1. Ask before the host is entered again.
  int after(int host) {
    return next[host];
  }
}
